package io.sallyport.creds.x509;

import java.security.cert.X509Certificate;
import java.util.List;

/// What is sent with a certificate of our own.
public final class Chain {
    private Chain() {}

    /// `end`, and those above it: up to a trusted anchor if there is a way, else as far as it goes.
    public static List<X509Certificate> of(
            X509Certificate end, List<X509Certificate> authorities, List<X509Certificate> others) {
        PathFinder finder = new PathFinder(authorities, others);
        List<PathFinder.Path> paths = finder.from(end);
        return paths.isEmpty() ? finder.longest() : paths.getFirst().certificates();
    }
}

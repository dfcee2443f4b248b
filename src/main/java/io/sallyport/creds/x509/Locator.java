package io.sallyport.creds.x509;

import io.sallyport.creds.pem.BadCredential;
import io.sallyport.model.trust.Evidence;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Gets certificates that a peer says the place of instead of sending them (RFC 7296, 3.6).
public interface Locator {
    /// Nothing is fetched.
    Locator NONE =
            (_, _) -> {
                throw new BadCredential("a certificate behind a URL, and none is fetched");
            };

    /// What lies there, if it is what the hash says; never empty. May wait for a server.
    ///
    /// @param began when the verdict did that this is for: it is not waited for without end
    List<X509Certificate> fetch(Evidence.Located place, Instant began) throws BadCredential;
}

package io.sallyport.creds.revocation;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/// What is at hand without asking anybody.
public interface Sources {
    /// Nothing at all.
    Sources NONE =
            new Sources() {
                @Override
                public List<X509Certificate> authorities() {
                    return List.of();
                }

                @Override
                public List<X509Certificate> responders() {
                    return List.of();
                }

                @Override
                public List<X509CRL> lists() {
                    return List.of();
                }

                @Override
                public Places places(X509Certificate authority) {
                    return Places.NONE;
                }
            };

    /// Certificates of trusted authorities.
    List<X509Certificate> authorities();

    /// Certificates that may sign answers of OCSP about anybody (`x509ocsp`).
    List<X509Certificate> responders();

    /// Lists that were configured.
    List<X509CRL> lists();

    /// Where to ask about what `authority` issued, beside what its certificates say.
    Places places(X509Certificate authority);

    /// @param lists URIs of revocation lists
    /// @param responders URIs of OCSP
    record Places(List<String> lists, List<String> responders) {
        public static final Places NONE = new Places(List.of(), List.of());

        public Places {
            lists = List.copyOf(lists);
            responders = List.copyOf(responders);
        }
    }
}

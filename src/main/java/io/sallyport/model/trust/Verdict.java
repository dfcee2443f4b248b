package io.sallyport.model.trust;

import io.sallyport.base.Octets;
import io.sallyport.model.spec.Identity;
import java.util.List;
import java.util.stream.Collectors;

/// What became of a [PeerProof].
public sealed interface Verdict {
    /// Every step for a person, in order, one line each.
    List<String> why();

    /// The peer is who it says: the signature is good, by a key that is its own.
    ///
    /// @param certificate DER; empty for a raw key
    /// @param publicKey SubjectPublicKeyInfo in DER
    /// @param subject of the certificate; the claimed identity for a raw key
    record Trusted(Octets certificate, Octets publicKey, Identity subject, List<String> why)
            implements Verdict {
        public Trusted {
            why = List.copyOf(why);
        }
    }

    /// It is not shown to be. The peer is told AUTHENTICATION_FAILED and no more.
    ///
    /// @param text one sentence that names the certificate it is about
    record Refused(Reason reason, String text, List<String> why) implements Verdict {
        public Refused {
            why = List.copyOf(why);
        }

        /// How far it came, without what `text` says already: `a; b`, or nothing.
        public String steps() {
            return why.stream().filter(s -> !s.equals(text)).collect(Collectors.joining("; "));
        }
    }

    /// Of several things that are wrong with several candidates: the one that came furthest.
    enum Reason {
        /// No certificate and no key for the claimed identity.
        NO_KEY,
        /// Octets that are no certificate.
        MALFORMED,
        /// The signature is not that of the key.
        BAD_SIGNATURE,
        /// No way to an authority that is trusted.
        UNTRUSTED,
        /// Before or after its time.
        EXPIRED,
        /// A rule of RFC 5280 or of the configuration is broken.
        CONSTRAINT,
        /// A key too short, or a signature by a hash that is broken.
        WEAK,
        REVOKED,
        /// It was demanded to know that it is not revoked, and nobody could say.
        REVOCATION_UNKNOWN
    }
}

package io.sallyport.creds.x509;

import io.sallyport.model.trust.Evidence;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Tells whether a certificate was revoked. Asked only about certificates on a path to a trusted
/// authority, whose holder has signed.
public interface RevocationCheck {
    /// Nobody knows.
    RevocationCheck NONE = (_, _, _, _) -> new Status(State.NOBODY_TO_ASK, "nobody is asked");

    /// May wait for a server.
    ///
    /// @param issuer whose key signed it
    /// @param sent lists and answers among it are looked at, and believed only for their signatures
    Status of(
            X509Certificate certificate, X509Certificate issuer, List<Evidence> sent, Instant now);

    /// What is known.
    enum State {
        GOOD,
        REVOKED,
        /// Neither certificate nor configuration names a place to ask.
        NOBODY_TO_ASK,
        /// There is a place to ask, and it gave no answer that can be believed.
        NO_ANSWER
    }

    /// @param line for a person
    record Status(State state, String line) {}
}

package io.sallyport.model.spec.child;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.EspSuite;
import java.util.Optional;

/// SAs whose numbers and keys a person gave both ends (RFC 4301, 4.5.1): nothing is negotiated, and
/// nothing is renewed.
///
/// @param suite without a group
/// @param in the ESP from the peer, or its AH where there is no ESP
/// @param ah round the ESP, where the suite is a bundle
/// @param udp ESP travels in UDP, between the ports 4500 of both ends (RFC 3948)
public record ManualKeys(EspSuite suite, Half in, Half out, Optional<Ah> ah, boolean udp) {
    public ManualKeys {
        if (suite.isBundle() != ah.isPresent()) {
            throw new IllegalArgumentException(suite + " without keys for each protocol");
        }
        if (udp && (suite.isAh() || suite.isBundle())) {
            throw new IllegalArgumentException("AH in UDP");
        }
    }

    /// One direction.
    ///
    /// @param encryptionKey with its salt; empty with NULL and AH
    /// @param sequence number of the last packet that was sent with these keys before
    public record Half(int spi, Secret encryptionKey, Secret integrityKey, long sequence) {}

    /// Both directions of an AH round ESP.
    public record Ah(Half in, Half out) {}
}

package io.sallyport.model.sa;

import io.sallyport.base.Secret;

/// One direction of a child SA (S4-27: an SA is unidirectional).
///
/// @param spi as in the packet's header, unsigned
/// @param encryptionKey key and salt
/// @param integrityKey empty with an AEAD
public record SaHalf(int spi, Secret encryptionKey, Secret integrityKey) {
    /// The SPI as people write it, e.g. `c3a80a1f`.
    public String spiText() {
        return String.format("%08x", spi);
    }
}

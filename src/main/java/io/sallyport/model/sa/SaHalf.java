package io.sallyport.model.sa;

import io.sallyport.base.Secret;

/// One direction of a child SA (S4-27: an SA is unidirectional).
///
/// @param spi as in the packet's header, unsigned
/// @param encryptionKey key and salt
/// @param integrityKey empty with an AEAD
/// @param sequence number of the last packet that was sent with these keys before; 0: a new SA
public record SaHalf(int spi, Secret encryptionKey, Secret integrityKey, long sequence) {
    public SaHalf {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence number " + sequence);
        }
    }

    /// Of a new SA.
    public SaHalf(int spi, Secret encryptionKey, Secret integrityKey) {
        this(spi, encryptionKey, integrityKey, 0);
    }

    /// The SPI as people write it, e.g. `c3a80a1f`.
    public String spiText() {
        return String.format("%08x", spi);
    }
}

package io.sallyport.crypto.engine;

import io.sallyport.base.packet.PacketBatch;

/// The transform of one SA over runs of a batch. One thread.
///
/// ```text
///  start(i)                                                    start(i) + length(i)
///  | SPI (4) | sequence (4) | IV | payload, padding, pad length, next header | ICV |
/// ```
///
/// All parts have their place before [#seal]: SPI, sequence number and the plain payload with its
/// trailer are written, IV and ICV are reserved, `length` counts them. With ESN the high half is
/// [PacketBatch#sequenceHigh(int)].
public interface PacketCipher extends AutoCloseable {
    /// Writes IV and ICV and encrypts in place, packets `from` (inclusive) to `to` (exclusive), all
    /// of this SA.
    void seal(PacketBatch batch, int from, int to);

    /// Verifies and decrypts in place. Bit `i - from` of the answer tells that packet `i` is
    /// authentic; others are never decrypted into place and must not be released. Every packet is
    /// at least 8 + IV + ICV octets long; one whose ciphertext is no multiple of the block is not
    /// authentic.
    long open(PacketBatch batch, int from, int to);

    /// Forgets the keys.
    @Override
    void close();
}

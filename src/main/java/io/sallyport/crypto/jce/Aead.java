package io.sallyport.crypto.jce;

/// An AEAD over one packet at a time, from `in` to the same place in `out`. One thread.
///
/// ```text
///  at: | payload (length) | tag |
/// ```
interface Aead {
    /// Writes ciphertext and tag.
    void seal(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out);

    /// Writes the plaintext and says whether it is authentic. If it is not, what `out` holds must
    /// not be released.
    boolean open(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out);

    /// Forgets the key.
    void close();
}

package io.sallyport.crypto.jce;

/// The encryption of an SA whose integrity is an HMAC: from `in` to the same place in `out`. One
/// thread.
interface PayloadCipher {
    /// @param at where the IV begins in both arrays
    /// @param length octets of the payload behind the IV, a multiple of the block
    void encrypt(byte[] in, int at, int length, byte[] out);

    /// As [#encrypt]. What `out` holds at the place of the IV is of no meaning afterwards.
    void decrypt(byte[] in, int at, int length, byte[] out);

    /// Forgets the key.
    void close();

    /// RFC 2410: NULL "does nothing to alter plaintext data".
    PayloadCipher NULL =
            new PayloadCipher() {
                @Override
                public void encrypt(byte[] in, int at, int length, byte[] out) {
                    System.arraycopy(in, at, out, at, length);
                }

                @Override
                public void decrypt(byte[] in, int at, int length, byte[] out) {
                    System.arraycopy(in, at, out, at, length);
                }

                @Override
                public void close() {}
            };
}

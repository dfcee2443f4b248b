package io.sallyport.crypto.jce;

/// Authentication tags inside larger arrays.
final class Tags {
    private Tags() {}

    /// Equality in a time that depends on `length` alone, so that nobody learns how much of a
    /// forged tag was right. `MessageDigest.isEqual` knows whole arrays only.
    static boolean equal(byte[] a, int atA, byte[] b, int atB, int length) {
        int different = 0;
        for (int i = 0; i < length; i++) {
            different |= a[atA + i] ^ b[atB + i];
        }
        return different == 0;
    }
}

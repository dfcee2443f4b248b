package io.sallyport.crypto.jce;

import java.math.BigInteger;

/// Numbers as octets of a given length.
final class FixedLength {
    private FixedLength() {}

    /// With leading zeros.
    static byte[] bigEndian(BigInteger value, int length) {
        byte[] octets = new byte[length];
        bigEndian(value, octets, 0, length);
        return octets;
    }

    /// Into `length` octets of `to`, beginning at `at`.
    static void bigEndian(BigInteger value, byte[] to, int at, int length) {
        byte[] shortest = value.toByteArray(); // may have a zero in front for the sign
        int from = shortest.length > length ? shortest.length - length : 0;
        int count = shortest.length - from;
        System.arraycopy(shortest, from, to, at + length - count, count);
    }

    /// Octets turned round: little endian to big endian and back.
    static byte[] reversed(byte[] octets) {
        byte[] turned = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            turned[i] = octets[octets.length - 1 - i];
        }
        return turned;
    }
}

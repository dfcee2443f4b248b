package io.sallyport.wire.ike;

import io.sallyport.base.Octets;
import java.util.Arrays;

/// Writes numbers in network order. A value that does not fit its field is a bug of the caller:
/// [IllegalArgumentException].
public final class Writer {
    private byte[] octets;
    private int length;

    public Writer() {
        this(64);
    }

    /// @param expected a guess at the final number of octets
    public Writer(int expected) {
        this.octets = new byte[expected];
    }

    public Writer u8(int value) {
        fits(value, 0xff);
        room(1);
        octets[length++] = (byte) value;
        return this;
    }

    public Writer u16(int value) {
        fits(value, 0xffff);
        room(2);
        octets[length++] = (byte) (value >> 8);
        octets[length++] = (byte) value;
        return this;
    }

    /// All 32 bits of `value`.
    public Writer u32(int value) {
        return u16(value >>> 16).u16(value & 0xffff);
    }

    /// All 64 bits of `value`.
    public Writer u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    public Writer octets(Octets value) {
        room(value.length());
        System.arraycopy(value.toArray(), 0, octets, length, value.length());
        length += value.length();
        return this;
    }

    public int length() {
        return length;
    }

    public Octets toOctets() {
        return Octets.owned(Arrays.copyOf(octets, length));
    }

    private void room(int more) {
        if (length + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
        }
    }

    private static void fits(int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " does not fit 0.." + max);
        }
    }
}

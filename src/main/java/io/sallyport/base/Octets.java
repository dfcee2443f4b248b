package io.sallyport.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable string of octets with value equality, for records. Key material goes into [Secret]
/// instead.
public final class Octets implements Comparable<Octets> {
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] octets;

    private Octets(byte[] octets) {
        this.octets = octets;
    }

    /// Copies `octets`.
    public static Octets of(byte... octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets.clone());
    }

    /// Takes `octets` over without a copy: the caller must never write to the array again.
    public static Octets owned(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets);
    }

    /// Everything that remains in `in`, which is consumed.
    public static Octets take(ByteBuffer in) {
        return take(in, in.remaining());
    }

    /// The next `length` octets of `in`.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static Octets take(ByteBuffer in, int length) {
        byte[] octets = new byte[length];
        in.get(octets);
        return owned(octets);
    }

    public static Octets ascii(String text) {
        return owned(text.getBytes(StandardCharsets.US_ASCII));
    }

    public static Octets utf8(String text) {
        return owned(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @throws IllegalArgumentException if `hex` is not an even number of hexadecimal digits
    ///   (blanks are skipped)
    public static Octets hex(String hex) {
        return owned(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    public static Octets ofInt(int value) {
        return owned(ByteBuffer.allocate(4).putInt(value).array());
    }

    public static Octets ofLong(long value) {
        return owned(ByteBuffer.allocate(8).putLong(value).array());
    }

    public static Octets concat(Octets... parts) {
        int length = 0;
        for (Octets part : parts) {
            length += part.length();
        }
        byte[] all = new byte[length];
        int at = 0;
        for (Octets part : parts) {
            System.arraycopy(part.octets, 0, all, at, part.length());
            at += part.length();
        }
        return owned(all);
    }

    public int length() {
        return octets.length;
    }

    public boolean isEmpty() {
        return octets.length == 0;
    }

    /// The octet at `index`, 0..255.
    public int at(int index) {
        return octets[index] & 0xff;
    }

    /// Octets `from` (inclusive) to `to` (exclusive).
    public Octets slice(int from, int to) {
        return owned(Arrays.copyOfRange(octets, from, to));
    }

    public byte[] toArray() {
        return octets.clone();
    }

    /// A read-only buffer over these octets.
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(octets).asReadOnlyBuffer();
    }

    public void emit(ByteBuffer out) {
        out.put(octets);
    }

    public String hex() {
        return HexFormat.of().formatHex(octets);
    }

    public String text() {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /// Equality in constant time, for hashes and tags.
    public boolean matches(Octets other) {
        return MessageDigest.isEqual(octets, other.octets);
    }

    /// Unsigned, lexicographic: the order of RFC 7296, 2.8.1 for nonces.
    @Override
    public int compareTo(Octets other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Octets other && Arrays.equals(octets, other.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /// Hexadecimal, cut after 32 octets.
    @Override
    public String toString() {
        return octets.length <= 32 ? hex() : slice(0, 32).hex() + "…(" + octets.length + ")";
    }
}

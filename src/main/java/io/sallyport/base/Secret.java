package io.sallyport.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// Key material: never printed, zeroed by [#close()]. Whoever installs a key last closes it.
public final class Secret implements AutoCloseable {
    public static final Secret EMPTY = new Secret(new byte[0]);

    private final byte[] octets;
    private volatile boolean closed;

    private Secret(byte[] octets) {
        this.octets = octets;
    }

    /// Copies `octets`.
    public static Secret of(byte[] octets) {
        return new Secret(octets.clone());
    }

    /// Takes `octets` over without a copy; they are zeroed when this secret is closed.
    public static Secret owned(byte[] octets) {
        return new Secret(octets);
    }

    public static Secret of(Octets octets) {
        return new Secret(octets.toArray());
    }

    public static Secret utf8(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return octets.length;
    }

    /// A copy of the key material, for an engine's key specification. The caller zeroes it where it
    /// can.
    ///
    /// @throws IllegalStateException after [#close()]
    public byte[] expose() {
        if (closed) {
            throw new IllegalStateException("secret used after it was closed");
        }
        return octets.clone();
    }

    /// Octets `from` (inclusive) to `to` (exclusive) as a secret of their own.
    public Secret slice(int from, int to) {
        if (closed) {
            throw new IllegalStateException("secret used after it was closed");
        }
        return new Secret(Arrays.copyOfRange(octets, from, to));
    }

    public Secret copy() {
        return slice(0, octets.length);
    }

    @Override
    public void close() {
        closed = octets.length > 0; // first, so that nobody takes zeros for a key
        Arrays.fill(octets, (byte) 0);
    }

    /// Equality in constant time.
    @Override
    public boolean equals(Object o) {
        return o instanceof Secret other && MessageDigest.isEqual(octets, other.octets);
    }

    @Override
    public int hashCode() {
        return octets.length; // says nothing about the content
    }

    @Override
    public String toString() {
        return "Secret[" + octets.length + " octets]";
    }
}

package io.sallyport.wire.ike;

import io.sallyport.base.Octets;

/// Reads numbers in network order from a bounded window of octets. Asking for more than is there is
/// a [MalformedException] that carries the offset within the whole, also in a [#window].
public final class Reader {
    private final Octets octets;
    private final int end;
    private int at;

    /// All of `octets`.
    public Reader(Octets octets) {
        this(octets, 0, octets.length());
    }

    private Reader(Octets octets, int from, int end) {
        this.octets = octets;
        this.at = from;
        this.end = end;
    }

    /// `octets` from offset `from` to the end.
    ///
    /// @throws MalformedException if `from` lies outside
    public static Reader from(Octets octets, int from) throws MalformedException {
        if (from < 0 || from > octets.length()) {
            throw new MalformedException("offset " + from + " of " + octets.length(), from);
        }
        return new Reader(octets, from, octets.length());
    }

    /// Offset of the next octet, from the beginning of the whole.
    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    public boolean atEnd() {
        return at == end;
    }

    /// The next octet, 0..255.
    public int u8(String what) throws MalformedException {
        need(1, what);
        return octets.at(at++);
    }

    /// 0..65535.
    public int u16(String what) throws MalformedException {
        need(2, what);
        int value = octets.at(at) << 8 | octets.at(at + 1);
        at += 2;
        return value;
    }

    /// 0..2^32-1.
    public long u32(String what) throws MalformedException {
        need(4, what);
        return (long) u16(what) << 16 | u16(what);
    }

    /// All 64 bits.
    public long u64(String what) throws MalformedException {
        need(8, what);
        return u32(what) << 32 | u32(what);
    }

    public Octets octets(int length, String what) throws MalformedException {
        need(length, what);
        Octets taken = octets.slice(at, at + length);
        at += length;
        return taken;
    }

    /// All that remains.
    public Octets rest() {
        Octets taken = octets.slice(at, end);
        at = end;
        return taken;
    }

    /// All that remains, without stepping over it.
    public Octets peek() {
        return octets.slice(at, end);
    }

    /// A reader over the next `length` octets, which this reader steps over.
    public Reader window(int length, String what) throws MalformedException {
        need(length, what);
        Reader window = new Reader(octets, at, at + length);
        at += length;
        return window;
    }

    /// A complaint about what stands at, or just before, the next octet.
    public MalformedException malformed(String what) {
        return new MalformedException(what, at);
    }

    private void need(int length, String what) throws MalformedException {
        if (length < 0 || length > end - at) {
            throw new MalformedException(
                    what + " needs " + length + " octets, " + (end - at) + " left", at);
        }
    }
}

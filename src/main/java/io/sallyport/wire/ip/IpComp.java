package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The IPComp header (RFC 3173, 3.3), in front of a compressed payload.
///
/// ```text
///  +---------------+---------------+-------------------------------+
///  |  Next Header  |     Flags     | Compression Parameter Index   |
///  +---------------+---------------+-------------------------------+
/// ```
public final class IpComp {
    public static final int HEADER = 4;

    private IpComp() {}

    /// What the payload is once it is expanded.
    public static int nextHeader(MemorySegment memory, long at) {
        return memory.get(U8, at) & 0xff;
    }

    public static int cpi(MemorySegment memory, long at) {
        return memory.get(BE16, at + 2) & 0xffff;
    }

    /// RFC 3173, 3.3: the flags are "set to zero", and "ignored by the receiving node".
    public static void write(MemorySegment memory, long at, int nextHeader, int cpi) {
        memory.set(U8, at, (byte) nextHeader);
        memory.set(U8, at + 1, (byte) 0);
        memory.set(BE16, at + 2, (short) cpi);
    }
}

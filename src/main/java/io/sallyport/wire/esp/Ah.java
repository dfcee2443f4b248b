package io.sallyport.wire.esp;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The AH header (RFC 4302, 2).
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |  Next Header  |  Payload Len  |           RESERVED            |
///  +---------------+---------------+-------------------------------+
///  |                 Security Parameters Index (SPI)               |
///  +---------------------------------------------------------------+
///  |                    Sequence Number Field                      |
///  +---------------------------------------------------------------+
///  |                Integrity Check Value (variable), padding      |
///  +---------------------------------------------------------------+
/// ```
///
/// `at` is the offset of Next Header.
public final class Ah {
    /// Octets in front of the ICV.
    public static final int FIXED = 12;

    private Ah() {}

    /// Octets of a header with an ICV of `icv` octets. RFC 4302, 2.6: padding makes it a multiple
    /// of 32 bits in IPv4, of 64 bits in IPv6.
    public static int octets(int icv, boolean v6) {
        int unit = v6 ? 8 : 4;
        return (FIXED + icv + unit - 1) / unit * unit;
    }

    public static int nextHeader(MemorySegment memory, long at) {
        return memory.get(U8, at) & 0xff;
    }

    /// Octets of the header by its own word. RFC 4302, 2.2: "the length of AH in 32-bit words
    /// (4-byte units), minus \"2\"".
    public static int length(MemorySegment memory, long at) {
        return (memory.get(U8, at + 1) & 0xff) + 2 << 2;
    }

    public static int spi(MemorySegment memory, long at) {
        return memory.get(BE32, at + 4);
    }

    /// The low 32 bits, unsigned.
    public static int sequence(MemorySegment memory, long at) {
        return memory.get(BE32, at + 8);
    }

    /// Writes a header of `octets` with ICV and padding zero.
    public static void write(
            MemorySegment memory, long at, int nextHeader, int octets, int spi, int sequence) {
        memory.set(U8, at, (byte) nextHeader);
        memory.set(U8, at + 1, (byte) ((octets >> 2) - 2));
        // RFC 4302, 2.3: "It MUST be set to \"zero\" by the sender"
        memory.set(BE16, at + 2, (short) 0);
        memory.set(BE32, at + 4, spi);
        memory.set(BE32, at + 8, sequence);
        blank(memory, at, octets - FIXED);
    }

    /// Zeroes the first `octets` octets of ICV and padding.
    public static void blank(MemorySegment memory, long at, int octets) {
        for (int k = 0; k < octets; k++) {
            memory.set(U8, at + FIXED + k, (byte) 0);
        }
    }
}

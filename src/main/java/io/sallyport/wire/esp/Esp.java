package io.sallyport.wire.esp;

import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The ESP packet (RFC 4303, 2).
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------------------------------------------------------+
///  |               Security Parameters Index (SPI)                 |
///  +---------------------------------------------------------------+
///  |                      Sequence Number                          |
///  +---------------------------------------------------------------+
///  |                IV, then payload data (variable)               |
///  ~               +-----------------------------------------------+
///  |               |     Padding (0-255 octets)                    |
///  +---------------+               +---------------+---------------+
///  |                               |  Pad Length   | Next Header   |
///  +---------------------------------------------------------------+
///  |         Integrity Check Value (ICV), a multiple of 4          |
///  +---------------------------------------------------------------+
/// ```
///
/// `at` is the offset of the SPI. The trailer is addressed by `end`, the offset of the first octet
/// after Next Header; it can be read only once the packet was decrypted.
public final class Esp {
    /// SPI and sequence number.
    public static final int HEADER = 8;

    /// Pad Length and Next Header.
    public static final int TRAILER = 2;

    /// RFC 4303, 2.1: "The set of SPI values in the range 1 through 255 are reserved by the
    /// Internet Assigned Numbers Authority (IANA) for future use"; 0 is for local use.
    public static final int LOWEST_SPI = 256;

    private Esp() {}

    /// Whether `available` octets hold the header.
    public static boolean fits(int available) {
        return available >= HEADER;
    }

    public static int spi(MemorySegment memory, long at) {
        return memory.get(BE32, at);
    }

    /// The low 32 bits, unsigned.
    public static int sequence(MemorySegment memory, long at) {
        return memory.get(BE32, at + 4);
    }

    /// Octets of padding, from the trailer that ends before `end`.
    public static int padLength(MemorySegment memory, long end) {
        return memory.get(U8, end - 2) & 0xff;
    }

    /// Protocol of the payload, from the trailer that ends before `end`.
    public static int nextHeader(MemorySegment memory, long end) {
        return memory.get(U8, end - 1) & 0xff;
    }

    /// Writes SPI and sequence number.
    public static void writeHeader(MemorySegment memory, long at, int spi, int sequence) {
        memory.set(BE32, at, spi);
        memory.set(BE32, at + 4, sequence);
    }

    /// Writes padding and trailer behind a payload that ends at `at`.
    public static void writeTrailer(MemorySegment memory, long at, int padLength, int nextHeader) {
        // RFC 4303, 2.4: "The first padding byte appended to the plaintext is numbered 1, with
        // subsequent padding bytes making up a monotonically increasing sequence: 1, 2, 3, ..."
        for (int i = 0; i < padLength; i++) {
            memory.set(U8, at + i, (byte) (i + 1));
        }
        memory.set(U8, at + padLength, (byte) padLength);
        memory.set(U8, at + padLength + 1, (byte) nextHeader);
    }

    /// Whether the `padLength` octets from `at` are 1, 2, 3, ...
    public static boolean paddingCorrect(MemorySegment memory, long at, int padLength) {
        for (int i = 0; i < padLength; i++) {
            if (memory.get(U8, at + i) != (byte) (i + 1)) {
                return false;
            }
        }
        return true;
    }
}

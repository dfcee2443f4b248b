package io.sallyport.drivers.tun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `struct virtio_net_hdr`, which stands in front of each packet of a TUN with IFF_VNET_HDR: which
/// work the sender left to be done. Numbers are in the order of the host.
///
/// ```text
///  0 flags  1 segmentation  2 header length (16)  4 segment size (16)
///  6 checksum start (16)    8 checksum offset from there (16)
/// ```
final class VirtioHeader {
    static final int OCTETS = 10;

    /// The checksum field holds the sum of the pseudo header only.
    static final int NEEDS_CHECKSUM = 1;

    static final int WHOLE = 0;
    static final int TCP4 = 1;
    static final int TCP6 = 4;
    static final int UDP = 5;

    /// May stand beside TCP4 and TCP6: the first segment carries CWR.
    static final int ECN = 0x80;

    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    private VirtioHeader() {}

    static boolean needsChecksum(MemorySegment memory, long at) {
        return (memory.get(U8, at) & NEEDS_CHECKSUM) != 0;
    }

    static int segmentation(MemorySegment memory, long at) {
        return memory.get(U8, at + 1) & 0xff & ~ECN;
    }

    static int segmentSize(MemorySegment memory, long at) {
        return memory.get(U16, at + 4) & 0xffff;
    }

    static int checksumStart(MemorySegment memory, long at) {
        return memory.get(U16, at + 6) & 0xffff;
    }

    static int checksumOffset(MemorySegment memory, long at) {
        return memory.get(U16, at + 8) & 0xffff;
    }

    /// No work left.
    static void writeWhole(MemorySegment memory, long at) {
        memory.asSlice(at, OCTETS).fill((byte) 0);
    }

    static void write(
            MemorySegment memory,
            long at,
            int segmentation,
            int headerLength,
            int segmentSize,
            int checksumStart,
            int checksumOffset) {
        memory.set(U8, at, (byte) NEEDS_CHECKSUM);
        memory.set(U8, at + 1, (byte) segmentation);
        memory.set(U16, at + 2, (short) headerLength);
        memory.set(U16, at + 4, (short) segmentSize);
        memory.set(U16, at + 6, (short) checksumStart);
        memory.set(U16, at + 8, (short) checksumOffset);
    }
}

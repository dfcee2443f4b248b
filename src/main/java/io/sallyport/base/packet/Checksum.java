package io.sallyport.base.packet;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The Internet checksum of RFC 1071, and its incremental update of RFC 1624.
public final class Checksum {
    private Checksum() {}

    /// Unfolded sum of `length` octets from `at`, to be added to others and folded.
    public static long sum(MemorySegment memory, long at, int length) {
        long sum = 0;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            sum += memory.get(BE32, at + i) & 0xffffffffL;
        }
        if (i + 2 <= length) {
            sum += memory.get(BE16, at + i) & 0xffff;
            i += 2;
        }
        if (i < length) {
            sum += (memory.get(U8, at + i) & 0xff) << 8;
        }
        return sum;
    }

    /// Folds a sum to 16 bits; not complemented.
    public static int fold(long sum) {
        long s = (sum >>> 32) + (sum & 0xffffffffL);
        s = (s >>> 32) + (s & 0xffffffffL);
        s = (s >>> 16) + (s & 0xffff);
        s = (s >>> 16) + (s & 0xffff);
        s = (s >>> 16) + (s & 0xffff);
        return (int) s;
    }

    /// The checksum field's value for octets whose checksum field is zero.
    public static int of(MemorySegment memory, long at, int length) {
        return ~fold(sum(memory, at, length)) & 0xffff;
    }

    /// RFC 1624, equation 3: `HC' = ~(~HC + ~m + m')` after a 16-bit word changed from `was` to
    /// `is`.
    public static int update(int checksum, int was, int is) {
        return ~fold((~checksum & 0xffff) + (~was & 0xffff) + (is & 0xffff)) & 0xffff;
    }
}

package io.sallyport.base.packet;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The Internet checksum of RFC 1071, and its incremental update of RFC 1624.
public final class Checksum {
    private static final ValueLayout.OfLong HOST64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW = 0xffffffffL;

    private Checksum() {}

    /// Sum of `length` octets from `at`, to be added to others and folded.
    ///
    /// RFC 1071, 2 (B): "The sum of 16-bit integers can be computed in either byte order", so it is
    /// taken in the order of the host, eight octets at a time, and turned at the end.
    ///
    /// The loop is as plain as it is so that the just-in-time compiler makes vectors of it, which
    /// it does not of one unrolled by hand: a third of the time.
    public static long sum(MemorySegment memory, long at, int length) {
        long even = 0;
        long odd = 0;
        int words = length >>> 3;
        for (int k = 0; k < words; k++) {
            long a = memory.get(HOST64, at + 8L * k);
            even += a & LOW;
            odd += a >>> 32;
        }
        int turned = fold(fold(even) + fold(odd));
        long sum = LITTLE ? (turned & 0xff) << 8 | turned >>> 8 : turned;
        int i = words << 3;
        for (; i + 2 <= length; i += 2) {
            sum += memory.get(BE16, at + i) & 0xffff;
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

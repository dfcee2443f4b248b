package io.sallyport.ffi.linux;

import io.sallyport.base.net.IpAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// `struct sockaddr_in` and `sockaddr_in6` in native memory, read and written in place.
///
/// ```text
/// in:   0 family(host) 2 port 4 address[4]  8 zero[8]
/// in6:  0 family(host) 2 port 4 flow info   8 address[16]  24 scope
/// ```
public final class SocketAddress {
    public static final int SIZE4 = 16;
    public static final int SIZE6 = 28;

    private static final ValueLayout.OfShort HOST16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt HOST32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort BE16 = HOST16.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 = HOST32.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddress() {}

    /// Writes an address of either family at `at`; 28 octets must fit there.
    ///
    /// @return its length
    public static int write(MemorySegment memory, long at, IpAddress address, int port) {
        memory.set(BE16, at + 2, (short) port);
        if (!address.v6()) {
            memory.set(HOST16, at, (short) Sockets.AF_INET);
            memory.set(BE32, at + 4, (int) address.low());
            memory.set(BE64, at + 8, 0);
            return SIZE4;
        }
        memory.set(HOST16, at, (short) Sockets.AF_INET6);
        memory.set(BE32, at + 4, 0);
        memory.set(BE64, at + 8, address.high());
        memory.set(BE64, at + 16, address.low());
        memory.set(HOST32, at + 24, 0);
        return SIZE6;
    }

    public static int family(MemorySegment memory, long at) {
        return memory.get(HOST16, at);
    }

    public static int port(MemorySegment memory, long at) {
        return memory.get(BE16, at + 2) & 0xffff;
    }

    /// The upper half of an IPv6 address, 0 for IPv4: the number [IpAddress] holds.
    public static long high(MemorySegment memory, long at) {
        return family(memory, at) == Sockets.AF_INET6 ? memory.get(BE64, at + 8) : 0;
    }

    public static long low(MemorySegment memory, long at) {
        return family(memory, at) == Sockets.AF_INET6
                ? memory.get(BE64, at + 16)
                : memory.get(BE32, at + 4) & 0xffffffffL;
    }

    public static IpAddress address(MemorySegment memory, long at) {
        return new IpAddress(
                family(memory, at) == Sockets.AF_INET6, high(memory, at), low(memory, at));
    }
}

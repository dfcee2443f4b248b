package io.sallyport.ipsec.fragment;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.Fragment6;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Udp;
import java.lang.foreign.MemorySegment;

/// Cuts a sealed packet for an IPv6 path that is narrower than the first link (RFC 2473, 7.2): no
/// router cuts in IPv6, and the kernel cuts for what *it* heard of the path, which is not what we
/// found out. The pieces are whole IPv6 packets in lane CLEAR, which are sent as they are; by their
/// path they are told from what a policy lets pass.
///
/// ```text
///  | IPv6 | fragment header | UDP, if it is in UDP | ESP ...   first piece, in its slot
///  | IPv6 | fragment header | ...                              others, appended
/// ```
public final class OuterFragmenter {
    private static final int BEFORE = Ipv6.HEADER + Fragment6.HEADER;
    private static final int HOPS = 64;

    private OuterFragmenter() {}

    /// Cuts packet `i`, which is ESP or AH without IP header. False, and the packet as it was, if
    /// there is no room for the pieces.
    ///
    /// @param protocol 50 or 51; in UDP it is not asked for
    /// @param mtu octets of the largest piece, 1280 or more
    /// @param identification of RFC 8200, 4.5: another one for each packet of this path
    public static boolean cut(
            PacketBatch batch,
            int i,
            Path path,
            boolean udp,
            int protocol,
            int mtu,
            int identification,
            PacketBatch spare) {
        MemorySegment memory = batch.memory();
        int front = BEFORE + (udp ? Udp.HEADER : 0);
        int length = batch.length(i) + (udp ? Udp.HEADER : 0);
        int each = mtu - BEFORE & ~7;
        int later = (length - 1) / each;
        int free =
                batch.capacity()
                        - batch.count()
                        + (spare == batch ? 0 : spare.capacity() - spare.count());
        if (later > free
                || length > 0xffff
                || mtu > batch.room()
                || mtu > spare.room()
                || batch.start(i) - batch.slotStart(i) < front) {
            return false;
        }
        int at = batch.start(i) - (udp ? Udp.HEADER : 0);
        int next = protocol;
        if (udp) {
            next = Protocol.UDP;
            Udp.write(memory, at, path.local().port(), path.remote().port(), length);
            Udp.sumOverIpv6(memory, at, length, path.local().address(), path.remote().address());
        }
        int traffic = batch.trafficClass(i);
        int hops = batch.hopLimit(i) > 0 ? batch.hopLimit(i) : HOPS;
        for (int from = each; from < length; from += each) {
            PacketBatch to = batch.isFull() ? spare : batch;
            int j = to.add();
            int piece = Math.min(each, length - from);
            int start = to.start(j);
            to.place(j, start, BEFORE + piece);
            MemorySegment.copy(memory, at + from, to.memory(), start + BEFORE, piece);
            header(to.memory(), start, path, traffic, hops, piece);
            Fragment6.write(
                    to.memory(),
                    start + Ipv6.HEADER,
                    next,
                    from,
                    from + piece < length,
                    identification);
            to.lane(j, Lane.CLEAR);
            to.path(j, path);
        }
        batch.place(i, at - BEFORE, BEFORE + each);
        header(memory, at - BEFORE, path, traffic, hops, each);
        Fragment6.write(memory, at - Fragment6.HEADER, next, 0, true, identification);
        batch.lane(i, Lane.CLEAR);
        return true;
    }

    private static void header(
            MemorySegment memory, int at, Path path, int trafficClass, int hops, int piece) {
        IpAddress from = path.local().address();
        IpAddress to = path.remote().address();
        Ipv6.write(
                memory,
                at,
                trafficClass,
                Fragment6.HEADER + piece,
                Protocol.FRAGMENT,
                hops,
                from.high(),
                from.low(),
                to.high(),
                to.low());
    }
}

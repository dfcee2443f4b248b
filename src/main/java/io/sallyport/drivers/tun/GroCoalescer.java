package io.sallyport.drivers.tun;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.BE64;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Tcp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Joins consecutive segments of one flow within a batch, so that the kernel takes them as one
/// packet of up to 64 KiB: the inverse of [GsoSplitter]. A kernel that forwards the super-packet
/// cuts it into the same segments again.
///
/// [#plan] sorts the packets of one link into items, each a chain of packets, in the order of their
/// first packets, so that no flow is reordered. Joined are, with TCP, segments of nothing but data
/// whose headers differ only in sequence number, length, IPv4 identification and PSH (which ends an
/// item, as a shorter segment does); with UDP, datagrams of one size. Both only with a correct
/// checksum: the kernel will not look at it again.
///
/// One thread; nothing is allocated.
final class GroCoalescer {
    static final int NONE = -1;

    private static final int MOST_OCTETS = 65535;
    private static final int MOST_OPEN = 16;
    private static final int UDP_HEADER = 8;
    private static final int PSH = 0x08;

    private final boolean joinUdp;
    private final MemorySegment headers;
    private final int[] first = new int[PacketBatch.MOST];
    private final int[] last = new int[PacketBatch.MOST];
    private final int[] packets = new int[PacketBatch.MOST];
    private final int[] octets = new int[PacketBatch.MOST];
    private final int[] segmentSize = new int[PacketBatch.MOST];
    private final boolean[] open = new boolean[PacketBatch.MOST];
    private final boolean[] verified = new boolean[PacketBatch.MOST];
    private final boolean[] pushed = new boolean[PacketBatch.MOST];
    private final long[] key = new long[PacketBatch.MOST];
    private final int[] next = new int[PacketBatch.MOST];
    private final int[] upper = new int[PacketBatch.MOST];
    private final int[] payload = new int[PacketBatch.MOST];
    private final boolean[] joinable = new boolean[PacketBatch.MOST];
    private int items;

    /// @param joinUdp whether the kernel takes UDP super-packets
    GroCoalescer(Arena arena, boolean joinUdp) {
        this.joinUdp = joinUdp;
        this.headers = arena.allocate((long) PacketBatch.MOST * VirtioHeader.OCTETS, 8);
    }

    /// @return how many items there are to be written
    int plan(PacketBatch batch, int link) {
        items = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.lane(i) == Lane.TUN && batch.link(i) == link) {
                place(batch, i);
            }
        }
        for (int item = 0; item < items; item++) {
            if (packets[item] == 1) {
                VirtioHeader.writeWhole(headers, header(item));
            } else {
                join(batch, item);
            }
        }
        return items;
    }

    /// The first packet of an item: all of it is written.
    int first(int item) {
        return first[item];
    }

    /// The packet behind `packet` in its chain, or [#NONE]: its [#payload] is written.
    int next(int packet) {
        return next[packet];
    }

    /// Octets of headers of `packet`, a packet of a chain.
    int payload(int packet) {
        return payload[packet];
    }

    int packets(int item) {
        return packets[item];
    }

    /// Offset in [#headers()] of the item's [VirtioHeader].
    int header(int item) {
        return item * VirtioHeader.OCTETS;
    }

    MemorySegment headers() {
        return headers;
    }

    private void place(PacketBatch batch, int i) {
        next[i] = NONE;
        long flow = read(batch, i);
        if (flow != 0) {
            for (int item = items - 1; item >= 0 && item >= items - MOST_OPEN; item--) {
                if (key[item] == flow && sameFlow(batch, first[item], i)) {
                    if (joinable[i]
                            && open[item]
                            && follows(batch, item, i)
                            && checked(batch, item, i)) {
                        append(batch, item, i);
                        return;
                    }
                    break; // a new item of the flow: nothing joins the old one behind its back
                }
            }
        }
        int item = items++;
        first[item] = i;
        last[item] = i;
        packets[item] = 1;
        octets[item] = batch.length(i);
        segmentSize[item] = batch.length(i) - payload[i];
        open[item] = joinable[i] && !isPushed(batch, i);
        verified[item] = false;
        pushed[item] = false;
        key[item] = flow;
    }

    /// A number that is the same for all packets of a flow, and 0 for a packet of no flow; notes
    /// where its parts begin, and whether it is of a kind that is joined.
    private long read(PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int length = batch.length(i);
        joinable[i] = false;
        payload[i] = length;
        int protocol;
        long addresses;
        if (Ipv4.fits(memory, at, length)) {
            if (Ipv4.headerLength(memory, at) != Ipv4.HEADER
                    || Ipv4.isFragment(memory, at)
                    || Ipv4.totalLength(memory, at) != length) {
                return 0;
            }
            upper[i] = Ipv4.HEADER;
            protocol = Ipv4.protocol(memory, at);
            addresses = memory.get(BE64, at + 12);
        } else if (Ipv6.fits(memory, at, length)) {
            if (Ipv6.totalLength(memory, at) != length) {
                return 0;
            }
            upper[i] = Ipv6.HEADER;
            protocol = memory.get(U8, at + 6) & 0xff; // an extension header is never joined
            addresses =
                    memory.get(BE64, at + 16)
                            + 31 * (memory.get(BE64, at + 24) + 31 * memory.get(BE64, at + 32));
        } else {
            return 0;
        }
        int behind = length - upper[i];
        if (protocol == Protocol.TCP && Tcp.fits(memory, at + upper[i], behind)) {
            readTcp(memory, i, at + upper[i], behind);
        } else if (protocol == Protocol.UDP && behind >= UDP_HEADER) {
            readUdp(memory, i, at + upper[i], behind);
        } else {
            return 0;
        }
        long mixed = (addresses * 31 + memory.get(BE32, at + upper[i])) * 31 + protocol;
        return mixed | 1;
    }

    private void readTcp(MemorySegment memory, int i, int tcp, int behind) {
        int header = Tcp.headerLength(memory, tcp);
        payload[i] = upper[i] + header;
        joinable[i] = (Tcp.flags(memory, tcp) & ~PSH) == Tcp.ACK && header < behind;
    }

    private void readUdp(MemorySegment memory, int i, int udp, int behind) {
        payload[i] = upper[i] + UDP_HEADER;
        // RFC 768: "An all zero transmitted checksum value means that the transmitter generated no
        // checksum"; the kernel would generate one
        joinable[i] =
                joinUdp
                        && behind > UDP_HEADER
                        && (memory.get(BE16, udp + 4) & 0xffff) == behind
                        && memory.get(BE16, udp + 6) != 0;
    }

    private static boolean isTcp(MemorySegment memory, int at) {
        return (memory.get(U8, at + (Ipv4.version(memory, at) == 4 ? 9 : 6)) & 0xff)
                == Protocol.TCP;
    }

    private boolean isPushed(PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        return isTcp(memory, at) && (Tcp.flags(memory, at + upper[i]) & PSH) != 0;
    }

    /// Addresses, protocol and ports.
    private boolean sameFlow(PacketBatch batch, int a, int b) {
        MemorySegment memory = batch.memory();
        int x = batch.start(a);
        int y = batch.start(b);
        if (upper[a] != upper[b]
                || memory.get(BE32, x + upper[a]) != memory.get(BE32, y + upper[b])
                || isTcp(memory, x) != isTcp(memory, y)) {
            return false;
        }
        if (upper[a] == Ipv4.HEADER) {
            return memory.get(BE64, x + 12) == memory.get(BE64, y + 12);
        }
        return memory.get(BE64, x + 8) == memory.get(BE64, y + 8)
                && memory.get(BE64, x + 16) == memory.get(BE64, y + 16)
                && memory.get(BE64, x + 24) == memory.get(BE64, y + 24)
                && memory.get(BE64, x + 32) == memory.get(BE64, y + 32);
    }

    private boolean follows(PacketBatch batch, int item, int i) {
        int more = batch.length(i) - payload[i];
        if (more > segmentSize[item] || octets[item] + more > MOST_OCTETS) {
            return false;
        }
        MemorySegment memory = batch.memory();
        int x = batch.start(first[item]);
        int y = batch.start(i);
        if (payload[first[item]] != payload[i]) {
            return false;
        }
        return upper[i] == Ipv4.HEADER
                ? follows4(memory, x, y, packets[item]) && followsUpper(memory, x, y, item, i)
                : memory.get(BE32, x) == memory.get(BE32, y)
                        && memory.get(U8, x + 7) == memory.get(U8, y + 7)
                        && followsUpper(memory, x, y, item, i);
    }

    /// Traffic class, flags, time to live; the identification matters only where a router may
    /// fragment (RFC 6864, 4.1: in an atomic datagram it "has no meaning").
    private static boolean follows4(MemorySegment memory, int x, int y, int distance) {
        return memory.get(BE16, x) == memory.get(BE16, y)
                && memory.get(BE32, x + 6) == memory.get(BE32, y + 6)
                && (Ipv4.dontFragment(memory, x)
                        || (Ipv4.identification(memory, x) + distance & 0xffff)
                                == Ipv4.identification(memory, y));
    }

    private boolean followsUpper(MemorySegment memory, int x, int y, int item, int i) {
        if (!isTcp(memory, x)) {
            return packets[item] < PacketBatch.MOST;
        }
        int a = x + upper[i];
        int b = y + upper[i];
        int options = payload[i] - upper[i] - Tcp.HEADER;
        return Tcp.sequence(memory, b)
                        == Tcp.sequence(memory, a) + packets[item] * segmentSize[item]
                && memory.get(BE32, a + 8) == memory.get(BE32, b + 8)
                && memory.get(U8, a + 12) == memory.get(U8, b + 12)
                && memory.get(BE16, a + 14) == memory.get(BE16, b + 14)
                && (options == 0
                        || MemorySegment.mismatch(
                                        memory,
                                        a + Tcp.HEADER,
                                        a + Tcp.HEADER + options,
                                        memory,
                                        b + Tcp.HEADER,
                                        b + Tcp.HEADER + options)
                                == -1);
    }

    private boolean checked(PacketBatch batch, int item, int i) {
        if (!verified[item]) {
            verified[item] = true;
            if (!correct(batch, first[item])) {
                open[item] = false;
                return false;
            }
        }
        return correct(batch, i);
    }

    private boolean correct(PacketBatch batch, int i) {
        int at = batch.start(i);
        MemorySegment memory = batch.memory();
        if (upper[i] == Ipv4.HEADER && !Ipv4.checksumCorrect(memory, at)) {
            return false;
        }
        return UpperChecksum.correct(
                memory,
                at,
                (long) at + upper[i],
                isTcp(memory, at) ? Protocol.TCP : Protocol.UDP,
                batch.length(i) - upper[i]);
    }

    private void append(PacketBatch batch, int item, int i) {
        int more = batch.length(i) - payload[i];
        next[last[item]] = i;
        last[item] = i;
        packets[item]++;
        octets[item] += more;
        pushed[item] = isPushed(batch, i);
        open[item] = more == segmentSize[item] && !pushed[item];
    }

    /// Makes the first packet's headers those of the whole.
    private void join(PacketBatch batch, int item) {
        MemorySegment memory = batch.memory();
        int i = first[item];
        int at = batch.start(i);
        boolean tcp = isTcp(memory, at);
        int length = octets[item] - upper[i];
        boolean v4 = upper[i] == Ipv4.HEADER;
        if (v4) {
            Ipv4.totalLength(memory, at, octets[item]);
            Ipv4.mendChecksum(memory, at);
        } else {
            memory.set(BE16, at + 4, (short) length);
        }
        int header = at + upper[i];
        int field = tcp ? 16 : 6;
        if (!tcp) {
            memory.set(BE16, header + 4, (short) length);
        } else if (pushed[item]) {
            memory.set(U8, header + 13, (byte) (Tcp.flags(memory, header) | PSH));
        }
        int protocol = tcp ? Protocol.TCP : Protocol.UDP;
        int sum = Checksum.fold(UpperChecksum.pseudoHeader(memory, at, protocol, length));
        memory.set(BE16, header + field, (short) sum);
        int kind = tcp ? v4 ? VirtioHeader.TCP4 : VirtioHeader.TCP6 : VirtioHeader.UDP;
        VirtioHeader.write(
                headers, header(item), kind, payload[i], segmentSize[item], upper[i], field);
    }
}

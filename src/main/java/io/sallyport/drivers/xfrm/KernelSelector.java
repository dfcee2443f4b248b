package io.sallyport.drivers.xfrm;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a policy of the kernel covers: one prefix and one masked port a side (`struct
/// xfrm_selector`). Of ICMP, `from` is the type and `to` the code.
///
/// ```text
///  0 destination(16)  16 source(16)  32 port and mask of the destination(4), of the source(4)
///  40 family(2)  42 prefix length of the destination, of the source  44 protocol
///  48 interface(4)  52 user(4)                                      ports in network order
/// ```
record KernelSelector(IpPrefix source, IpPrefix destination, int protocol, Port from, Port to) {
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int PORTS = 0x10000;

    /// Ports whose bits under `mask` are those of `value`.
    record Port(int value, int mask) {
        static final Port ANY = new Port(0, 0);

        static Port only(int value) {
            return new Port(value, 0xffff);
        }
    }

    /// All that two of our selectors cover together, as the kernel can say it; none if they are of
    /// two families or protocols. ICMP types that are no single type become all of them: the kernel
    /// covers more then, never less.
    static List<KernelSelector> of(TrafficSelector from, TrafficSelector to) {
        if (from.addresses().first().v6() != to.addresses().first().v6()
                || from.protocol() != to.protocol() && from.protocol() * to.protocol() != 0) {
            return List.of();
        }
        int protocol = Math.max(from.protocol(), to.protocol());
        List<KernelSelector> all = new ArrayList<>();
        for (IpPrefix source : from.addresses().prefixes()) {
            for (IpPrefix destination : to.addresses().prefixes()) {
                if (protocol == ICMP || protocol == ICMPV6) {
                    all.add(icmp(source, destination, protocol, from.ports(), to.ports()));
                    continue;
                }
                for (Port a : ports(from.ports())) {
                    for (Port b : ports(to.ports())) {
                        all.add(new KernelSelector(source, destination, protocol, a, b));
                    }
                }
            }
        }
        return all;
    }

    /// RFC 7296, 3.13.1: the type in the upper eight bits of the port, the code in the lower ones.
    private static KernelSelector icmp(
            IpPrefix source, IpPrefix destination, int protocol, PortRange one, PortRange other) {
        PortRange said = one.isAny() ? other : one;
        boolean oneType = !said.isAny() && said.first() >> 8 == said.last() >> 8;
        boolean oneCode = oneType && said.first() == said.last();
        return new KernelSelector(
                source,
                destination,
                protocol,
                oneType ? Port.only(said.first() >> 8) : Port.ANY,
                oneCode ? Port.only(said.first() & 0xff) : Port.ANY);
    }

    /// A range of ports as the fewest masked ones.
    static List<Port> ports(PortRange range) {
        List<Port> all = new ArrayList<>();
        int at = range.first();
        while (at <= range.last()) {
            int size = at == 0 ? PORTS : Integer.lowestOneBit(at);
            while (at + size - 1 > range.last()) {
                size >>= 1;
            }
            all.add(size == PORTS ? Port.ANY : new Port(at, PORTS - size));
            at += size;
        }
        return all;
    }

    /// How narrow it is: more of its bits count.
    int narrowness() {
        return 4 * (source.length() + destination.length())
                + (protocol == 0 ? 0 : 2)
                + (from.mask() == 0 && to.mask() == 0 ? 0 : 1);
    }

    void write(ByteBuffer out, int at) {
        write(out, at, destination.address());
        write(out, at + 16, source.address());
        bigEndian(out, at + 32, to.value());
        bigEndian(out, at + 34, to.mask());
        bigEndian(out, at + 36, from.value());
        bigEndian(out, at + 38, from.mask());
        out.putShort(at + 40, (short) StateMessages.family(source.address()));
        out.put(at + 42, (byte) destination.length());
        out.put(at + 43, (byte) source.length());
        out.put(at + 44, (byte) protocol);
    }

    private static void bigEndian(ByteBuffer out, int at, int value) {
        out.put(at, (byte) (value >> 8)).put(at + 1, (byte) value);
    }

    /// An address as the kernel's structures have it: 16 octets, IPv4 in the first four.
    static void write(ByteBuffer out, int at, IpAddress address) {
        out.put(at, address.octets().toArray());
    }
}

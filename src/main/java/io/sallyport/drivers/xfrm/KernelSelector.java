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
    /// two families or protocols.
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
                    from.ports()
                            .intersect(to.ports())
                            .ifPresent(both -> icmp(all, source, destination, protocol, both));
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
    /// The kernel has the type for the source port, and the code for the other.
    private static void icmp(
            List<KernelSelector> all,
            IpPrefix source,
            IpPrefix destination,
            int protocol,
            PortRange range) {
        for (Port p : ports(range)) {
            all.add(
                    new KernelSelector(
                            source,
                            destination,
                            protocol,
                            octet(p.value() >> 8, p.mask() >> 8),
                            octet(p.value() & 0xff, p.mask() & 0xff)));
        }
    }

    private static Port octet(int value, int mask) {
        return mask == 0 ? Port.ANY : new Port(value, 0xff00 | mask);
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

package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.Optional;

/// One traffic selector on the wire (RFC 7296, 3.13.1).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |    TS type    |  IP protocol  |   length, all of the selector |
/// +---------------+---------------+-------------------------------+
/// |          start port           |           end port            |
/// +-------------------------------+-------------------------------+
/// |                       starting address                        |
/// +---------------------------------------------------------------+
/// |                        ending address                         |
/// +---------------------------------------------------------------+
/// ```
public sealed interface Selector {
    /// TS_IPV4_ADDR_RANGE.
    int IPV4_RANGE = 7;

    /// TS_IPV6_ADDR_RANGE.
    int IPV6_RANGE = 8;

    /// Type, protocol and length.
    int HEADER = 4;

    /// The whole selector.
    Octets emit();

    static Selector parse(Reader in) throws MalformedException {
        int tsType = in.u8("TS type");
        int protocol = in.u8("IP protocol");
        int length = in.u16("selector length");
        Reader body = in.window(length - HEADER, "traffic selector");
        if (tsType == IPV4_RANGE || tsType == IPV6_RANGE) {
            return Range.parse(tsType, protocol, body);
        }
        return new Other(tsType, protocol, body.rest());
    }

    /// Addresses from `first` to `last` of one family.
    ///
    /// @param protocol of IP, 0 for any
    /// @param startPort 0..65535; for ICMP type and code, as [#icmp] packs them
    /// @param endPort not less than `startPort`, but 0 where that is 65535: the opaque ports of RFC
    ///   4301
    record Range(int protocol, int startPort, int endPort, IpRange addresses) implements Selector {
        public Range {
            if (protocol >>> 8 != 0 || !ports(startPort, endPort)) {
                throw new IllegalArgumentException(
                        "protocol " + protocol + ", ports " + startPort + " to " + endPort);
            }
        }

        public static Range of(TrafficSelector selector) {
            return new Range(
                    selector.protocol(),
                    selector.ports().first(),
                    selector.ports().last(),
                    selector.addresses());
        }

        /// RFC 7296, 3.13.1: the ICMP type is in the upper eight bits of a port, the code in the
        /// lower.
        public static int icmp(int type, int code) {
            return type << 8 | code;
        }

        private static boolean ports(int start, int end) {
            return start >>> 16 == 0 && end >>> 16 == 0 && (start <= end || opaque(start, end));
        }

        private static boolean opaque(int start, int end) {
            return start == 0xffff && end == 0;
        }

        private static Range parse(int tsType, int protocol, Reader in) throws MalformedException {
            int startPort = in.u16("start port");
            int endPort = in.u16("end port");
            if (!ports(startPort, endPort)) {
                throw in.malformed("ports " + startPort + " to " + endPort);
            }
            int size = tsType == IPV4_RANGE ? 4 : 16;
            IpAddress first = IpAddress.ofOctets(in.octets(size, "starting address"));
            IpAddress last = IpAddress.ofOctets(in.octets(size, "ending address"));
            if (first.compareTo(last) > 0) {
                throw in.malformed("addresses " + first + " to " + last);
            }
            if (!in.atEnd()) {
                throw in.malformed("octets behind a traffic selector");
            }
            return new Range(protocol, startPort, endPort, new IpRange(first, last));
        }

        /// Whether it speaks of packets whose ports cannot be seen.
        public boolean opaquePorts() {
            return opaque(startPort, endPort);
        }

        /// As the rest of the house knows it; empty with opaque ports.
        public Optional<TrafficSelector> selector() {
            return opaquePorts()
                    ? Optional.empty()
                    : Optional.of(
                            new TrafficSelector(
                                    addresses, protocol, new PortRange(startPort, endPort)));
        }

        @Override
        public Octets emit() {
            boolean v6 = addresses.first().v6();
            return new Writer(40)
                    .u8(v6 ? IPV6_RANGE : IPV4_RANGE)
                    .u8(protocol)
                    .u16(v6 ? 40 : 16)
                    .u16(startPort)
                    .u16(endPort)
                    .octets(addresses.first().octets())
                    .octets(addresses.last().octets())
                    .toOctets();
        }
    }

    /// A selector of a type that we do not know, kept as it is.
    ///
    /// @param tsType 0..255, none of the two of [Range]
    /// @param second the octet that is the protocol in the others
    /// @param value behind the length
    record Other(int tsType, int second, Octets value) implements Selector {
        public Other {
            if (tsType >>> 8 != 0
                    || tsType == IPV4_RANGE
                    || tsType == IPV6_RANGE
                    || second >>> 8 != 0
                    || value.length() > 0xffff - HEADER) {
                throw new IllegalArgumentException("traffic selector of type " + tsType);
            }
        }

        @Override
        public Octets emit() {
            return new Writer(HEADER + value.length())
                    .u8(tsType)
                    .u8(second)
                    .u16(HEADER + value.length())
                    .octets(value)
                    .toOctets();
        }
    }
}

package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.wire.ike.v1.Identification;
import java.math.BigInteger;
import java.util.Optional;

/// Traffic selectors as the client identities of quick mode, IDci and IDcr (RFC 2407, 4.6.2).
final class SelectorIds {
    private static final int IPV4_ADDR = 1;
    private static final int IPV4_SUBNET = 4;
    private static final int IPV6_ADDR = 5;
    private static final int IPV6_SUBNET = 6;
    private static final int IPV4_RANGE = 7;
    private static final int IPV6_RANGE = 8;

    private SelectorIds() {}

    static Identification of(TrafficSelector selector) {
        IpRange range = selector.addresses();
        boolean v6 = range.first().v6();
        int port = selector.ports().isAny() ? 0 : selector.ports().first();
        Optional<IpPrefix> prefix = range.prefix();
        if (prefix.isPresent() && prefix.get().length() == range.first().bits()) {
            return new Identification(
                    v6 ? IPV6_ADDR : IPV4_ADDR, selector.protocol(), port, range.first().octets());
        }
        if (prefix.isPresent()) {
            return new Identification(
                    v6 ? IPV6_SUBNET : IPV4_SUBNET,
                    selector.protocol(),
                    port,
                    Octets.concat(prefix.get().address().octets(), mask(prefix.get())));
        }
        return new Identification(
                v6 ? IPV6_RANGE : IPV4_RANGE,
                selector.protocol(),
                port,
                Octets.concat(range.first().octets(), range.last().octets()));
    }

    private static Octets mask(IpPrefix prefix) {
        int bits = prefix.address().bits();
        byte[] mask = new byte[bits / 8];
        for (int i = 0; i < prefix.length(); i++) {
            mask[i / 8] |= (byte) (0x80 >>> i % 8);
        }
        return Octets.owned(mask);
    }

    /// Empty if the identity is no selector: a name, an odd mask, a range the wrong way round.
    static Optional<TrafficSelector> parse(Identification id) {
        Octets data = id.data();
        int half = data.length() / 2;
        Optional<IpRange> range =
                switch (id.idType()) {
                    case IPV4_ADDR -> data.length() == 4 ? one(data) : Optional.empty();
                    case IPV6_ADDR -> data.length() == 16 ? one(data) : Optional.empty();
                    case IPV4_SUBNET -> data.length() == 8 ? subnet(data, half) : Optional.empty();
                    case IPV6_SUBNET -> data.length() == 32 ? subnet(data, half) : Optional.empty();
                    case IPV4_RANGE -> data.length() == 8 ? range(data, half) : Optional.empty();
                    case IPV6_RANGE -> data.length() == 32 ? range(data, half) : Optional.empty();
                    default -> Optional.empty();
                };
        if (id.protocolId() > 255 || id.port() > 65535) {
            return Optional.empty();
        }
        PortRange ports = id.port() == 0 ? PortRange.ANY : PortRange.of(id.port());
        return range.map(r -> new TrafficSelector(r, id.protocolId(), ports));
    }

    private static Optional<IpRange> one(Octets data) {
        IpAddress address = IpAddress.ofOctets(data);
        return Optional.of(new IpRange(address, address));
    }

    private static Optional<IpRange> subnet(Octets data, int half) {
        BigInteger mask = new BigInteger(1, data.slice(half, 2 * half).toArray());
        int length = mask.bitCount();
        BigInteger wanted =
                BigInteger.ONE
                        .shiftLeft(length)
                        .subtract(BigInteger.ONE)
                        .shiftLeft(half * 8 - length);
        if (!mask.equals(wanted)) {
            return Optional.empty(); // holes in the mask
        }
        return Optional.of(
                IpRange.of(IpPrefix.containing(IpAddress.ofOctets(data.slice(0, half)), length)));
    }

    private static Optional<IpRange> range(Octets data, int half) {
        IpAddress first = IpAddress.ofOctets(data.slice(0, half));
        IpAddress last = IpAddress.ofOctets(data.slice(half, 2 * half));
        return first.compareTo(last) <= 0
                ? Optional.of(new IpRange(first, last))
                : Optional.empty();
    }
}

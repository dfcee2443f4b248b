package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.model.spec.PoolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a pool of the section that a client sends for it.
final class PoolReading {
    private PoolReading() {}

    sealed interface Result {
        record Good(PoolSpec pool) implements Result {}

        record Bad(String why) implements Result {}
    }

    /// A configuration attribute (RFC 7296, 3.15.1; Unity's for IKEv1) by charon's word.
    ///
    /// @param six of IPv6 addresses
    private record Kind(String word, int four, int six) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("address", 1, 8),
                    new Kind("netmask", 2, 9),
                    new Kind("dns", 3, 10),
                    new Kind("nbns", 4, 11),
                    new Kind("dhcp", 6, 12),
                    new Kind("server", 23456, 23457),
                    new Kind("subnet", 13, 15),
                    new Kind("split_include", 28676, 28676),
                    new Kind("split_exclude", 28678, 28678));

    static Result read(Element.Section section) {
        Optional<IpRange> addresses = Optional.empty();
        List<PoolSpec.Attribute> attributes = new ArrayList<>();
        for (Element element : section.content().elements()) {
            if (element instanceof Element.Value(String name, Octets data)
                    && name.equals("addrs")) {
                addresses = range(data.text().strip());
                if (addresses.isEmpty()) {
                    return new Result.Bad("invalid addrs value: " + data.text());
                }
            } else if (!(element instanceof Element.Items(String name, List<Octets> items))
                    || !attributes(name, items, attributes)) {
                return new Result.Bad("invalid attribute: " + element.name());
            }
        }
        if (addresses.isEmpty()) {
            return new Result.Bad("missing addrs value for pool: " + section.name());
        }
        return new Result.Good(
                new PoolSpec(
                        section.name(), List.of(addresses.get()), attributes, ClientStore.ORIGIN));
    }

    private static Optional<IpRange> range(String text) {
        int dash = text.indexOf('-');
        if (dash >= 0) {
            Optional<IpAddress> first = IpAddress.parse(text.substring(0, dash).strip());
            Optional<IpAddress> last = IpAddress.parse(text.substring(dash + 1).strip());
            boolean good =
                    first.isPresent()
                            && last.isPresent()
                            && first.get().v6() == last.get().v6()
                            && first.get().octets().compareTo(last.get().octets()) <= 0;
            return good ? Optional.of(new IpRange(first.get(), last.get())) : Optional.empty();
        }
        return IpPrefix.parse(text)
                .or(() -> IpAddress.parse(text).map(a -> IpPrefix.containing(a, a.bits())))
                .map(IpRange::of);
    }

    private static boolean attributes(
            String word, List<Octets> items, List<PoolSpec.Attribute> to) {
        Optional<Kind> kind = KINDS.stream().filter(k -> k.word().equals(word)).findFirst();
        for (Octets item : items) {
            String text = item.text().strip();
            Optional<PoolSpec.Attribute> attribute =
                    kind.isPresent() ? known(kind.get(), text) : numbered(word, text);
            if (attribute.isEmpty()) {
                return false;
            }
            to.add(attribute.get());
        }
        return kind.isPresent() || word.matches("[0-9]{1,5}");
    }

    private static Optional<PoolSpec.Attribute> known(Kind kind, String text) {
        Optional<IpAddress> address = IpAddress.parse(text);
        if (address.isPresent()) {
            return Optional.of(attribute(kind, address.get(), address.get().octets()));
        }
        // RFC 7296, 3.15.1: a subnet is an address with a netmask (IPv4) or prefix length (IPv6)
        return IpPrefix.parse(text)
                .map(prefix ->
                        attribute(
                                kind,
                                prefix.address(),
                                Octets.concat(prefix.address().octets(), mask(prefix))));
    }

    private static PoolSpec.Attribute attribute(Kind kind, IpAddress address, Octets value) {
        return new PoolSpec.Attribute(address.v6() ? kind.six() : kind.four(), value);
    }

    private static Octets mask(IpPrefix prefix) {
        int bits = prefix.length();
        return prefix.address().v6()
                ? Octets.of((byte) bits)
                : Octets.ofInt(bits == 0 ? 0 : -1 << (32 - bits));
    }

    private static Optional<PoolSpec.Attribute> numbered(String word, String text) {
        if (!word.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        Octets value = IpAddress.parse(text).map(IpAddress::octets).orElse(Octets.utf8(text));
        return Optional.of(new PoolSpec.Attribute(Integer.parseInt(word), value));
    }
}

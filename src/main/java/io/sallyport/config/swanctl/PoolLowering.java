package io.sallyport.config.swanctl;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.config.lower.Addresses;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.PoolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Pools: addresses to lend and attributes to tell (RFC 7296, 3.15.1; the Unity ones are Cisco's).
final class PoolLowering {
    /// Numbers for IPv4 and IPv6; 0: there is none.
    private enum Attribute {
        DNS(3, 10),
        NBNS(4, 11),
        DHCP(6, 12),
        NETMASK(2, 9),
        SERVER(23456, 23457),
        SUBNET(13, 15),
        SPLIT_INCLUDE(28676, 0),
        SPLIT_EXCLUDE(28679, 0);

        private final int v4;
        private final int v6;

        Attribute(int v4, int v6) {
            this.v4 = v4;
            this.v6 = v6;
        }

        static Optional<Attribute> find(String key) {
            String word = key.toLowerCase(Locale.ROOT).replace('-', '_');
            for (Attribute a : values()) {
                if (a.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return Optional.of(a);
                }
            }
            return Optional.empty();
        }
    }

    private PoolLowering() {}

    static Optional<PoolSpec> pool(Tree tree, Findings findings) {
        List<IpRange> addresses = new ArrayList<>();
        List<PoolSpec.Attribute> attributes = new ArrayList<>();
        for (Setting s : tree.settings().values()) {
            Optional<Attribute> attribute = Attribute.find(s.key());
            if (s.key().equals("addrs")) {
                for (Setting item : items(s)) {
                    Optional<IpRange> range =
                            Addresses.range(item.value())
                                    .or(() ->
                                            IpAddress.parse(item.value())
                                                    .map(a -> IpRange.of(IpPrefix.host(a))));
                    if (range.isEmpty()) {
                        findings.error(
                                item.at(),
                                "addrs: '"
                                        + Values.shown(item.value())
                                        + "' is neither NETWORK/LENGTH nor FIRST-LAST");
                    }
                    range.ifPresent(addresses::add);
                }
            } else if (attribute.isPresent()) {
                items(s).forEach(item ->
                        value(attribute.get(), item, findings).ifPresent(attributes::add));
            } else if (s.key().matches("[0-9]{1,5}") && Integer.parseInt(s.key()) <= 0x7fff) {
                items(s).forEach(item ->
                        attributes.add(
                                new PoolSpec.Attribute(
                                        Integer.parseInt(s.key()), Octets.utf8(item.value()))));
            } else {
                findings.error(
                        s.keyAt(),
                        "unknown setting '"
                                + Values.shown(s.key())
                                + "' in "
                                + Place.POOL
                                + DidYouMean.hint(
                                        s.key(),
                                        Options.of(Place.POOL).stream()
                                                .map(Option::word)
                                                .toList()));
            }
        }
        if (addresses.isEmpty() && !findings.hasErrors()) {
            findings.error(tree.at(), "pool " + tree.name() + " has no addrs");
        }
        return Optional.of(new PoolSpec(tree.name(), addresses, attributes, tree.at().origin()));
    }

    private static List<Setting> items(Setting s) {
        Tree one = new Tree("", s.at(), Map.of(s.key(), s), Map.of(), Map.of());
        return new Fields(one, Place.POOL, new Findings()).list(s.key());
    }

    private static Optional<PoolSpec.Attribute> value(
            Attribute attribute, Setting s, Findings findings) {
        Optional<IpPrefix> prefix =
                IpPrefix.parse(s.value()).or(() -> IpAddress.parse(s.value()).map(IpPrefix::host));
        boolean network =
                switch (attribute) {
                    case SUBNET, SPLIT_INCLUDE, SPLIT_EXCLUDE -> true;
                    case DNS, NBNS, DHCP, NETMASK, SERVER -> false;
                };
        boolean bare = s.value().indexOf('/') < 0;
        boolean v6 = prefix.isPresent() && prefix.get().address().v6();
        int type = v6 ? attribute.v6 : attribute.v4;
        if (prefix.isEmpty() || type == 0 || !network && !bare) {
            findings.error(
                    s.at(),
                    s.key()
                            + ": '"
                            + Values.shown(s.value())
                            + "' is no "
                            + (network ? "network" : "address"));
            return Optional.empty();
        }
        IpPrefix p = prefix.get();
        Octets address = p.address().octets();
        if (!network) {
            return Optional.of(new PoolSpec.Attribute(type, address));
        }
        if (v6) {
            // RFC 7296, 3.15.1: "17 octets [...] 16-octet IPv6 address, followed by a one-octet
            // prefix-length"
            return Optional.of(
                    new PoolSpec.Attribute(
                            type, Octets.concat(address, Octets.of((byte) p.length()))));
        }
        Octets mask = Octets.ofInt(p.length() == 0 ? 0 : -1 << 32 - p.length());
        Octets both = Octets.concat(address, mask);
        boolean unity = attribute != Attribute.SUBNET;
        return Optional.of(
                new PoolSpec.Attribute(
                        type, unity ? Octets.concat(both, Octets.owned(new byte[6])) : both));
    }
}

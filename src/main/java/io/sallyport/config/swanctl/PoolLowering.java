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
import java.util.Map;
import java.util.Optional;

/// Pools: addresses to lend and attributes to tell.
final class PoolLowering {
    private PoolLowering() {}

    static Optional<PoolSpec> pool(Tree tree, Findings findings) {
        List<IpRange> addresses = new ArrayList<>();
        List<PoolSpec.Attribute> attributes = new ArrayList<>();
        for (Setting s : tree.settings().values()) {
            Optional<PoolAttribute> attribute = PoolAttribute.find(s.key());
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
                    range.ifPresent(r -> add(r, addresses, item, findings));
                }
            } else if (attribute.isPresent()) {
                items(s).forEach(item ->
                        value(attribute.get(), item, findings).ifPresent(attributes::add));
            } else if (s.key().matches("[0-9]{1,5}") && Integer.parseInt(s.key()) <= 0x7fff) {
                items(s).forEach(item ->
                        attributes.add(
                                new PoolSpec.Attribute(
                                        Integer.parseInt(s.key()),
                                        IpAddress.parse(item.value())
                                                .map(IpAddress::octets)
                                                .orElse(Octets.utf8(item.value())))));
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

    private static void add(
            IpRange range, List<IpRange> addresses, Setting item, Findings findings) {
        if (!addresses.isEmpty() && addresses.getFirst().first().v6() != range.first().v6()) {
            findings.error(
                    item.at(),
                    "addrs: a pool has addresses of one family; make a second one for "
                            + Values.shown(item.value()));
        } else if (addresses.stream().anyMatch(a -> a.intersect(range).isPresent())) {
            findings.error(
                    item.at(), "addrs: " + Values.shown(item.value()) + " is in the pool already");
        } else {
            addresses.add(range);
        }
    }

    private static List<Setting> items(Setting s) {
        Tree one = new Tree("", s.at(), Map.of(s.key(), s), Map.of(), Map.of());
        return new Fields(one, Place.POOL, new Findings()).list(s.key());
    }

    private static Optional<PoolSpec.Attribute> value(
            PoolAttribute attribute, Setting s, Findings findings) {
        Optional<IpPrefix> prefix =
                IpPrefix.parse(s.value()).or(() -> IpAddress.parse(s.value()).map(IpPrefix::host));
        boolean network = attribute.isNetwork();
        boolean bare = s.value().indexOf('/') < 0;
        boolean v6 = prefix.isPresent() && prefix.get().address().v6();
        int type = attribute.number(v6);
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
        boolean unity = attribute != PoolAttribute.SUBNET;
        return Optional.of(
                new PoolSpec.Attribute(
                        type, unity ? Octets.concat(both, Octets.owned(new byte[6])) : both));
    }
}

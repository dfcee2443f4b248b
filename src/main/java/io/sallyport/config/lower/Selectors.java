package io.sallyport.config.lower;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.SelectorPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `leftsubnet` and `leftprotoport` to traffic selectors.
public final class Selectors {
    /// The protocol and ports that a whole side is narrowed to.
    public record ProtoPort(int protocol, PortRange ports) {
        public static final ProtoPort ANY = new ProtoPort(0, PortRange.ANY);
    }

    private static final Map<String, Integer> PROTOCOLS =
            Map.of(
                    "icmp",
                    1,
                    "igmp",
                    2,
                    "ipip",
                    4,
                    "tcp",
                    6,
                    "udp",
                    17,
                    "gre",
                    47,
                    "ipv6-icmp",
                    58,
                    "ospf",
                    89,
                    "sctp",
                    132);
    private static final Map<String, Integer> SERVICES =
            Map.ofEntries(
                    Map.entry("ftp", 21),
                    Map.entry("ssh", 22),
                    Map.entry("smtp", 25),
                    Map.entry("domain", 53),
                    Map.entry("http", 80),
                    Map.entry("ntp", 123),
                    Map.entry("bgp", 179),
                    Map.entry("https", 443),
                    Map.entry("isakmp", 500),
                    Map.entry("l2f", 1701),
                    Map.entry("l2tp", 1701));

    private Selectors() {}

    /// RFC 2409, 5.5: quick mode has one IDci and one IDcr, so with IKEv1 each pair is a child of
    /// its own.
    public static List<SelectorPair> pairs(
            IkeVersion version, List<TrafficSelector> ours, List<TrafficSelector> theirs) {
        if (version != IkeVersion.IKEV1) {
            return List.of(new SelectorPair(ours, theirs));
        }
        List<SelectorPair> pairs = new ArrayList<>();
        for (List<TrafficSelector> l : singly(ours)) {
            for (List<TrafficSelector> r : singly(theirs)) {
                pairs.add(new SelectorPair(l, r));
            }
        }
        return pairs;
    }

    private static List<List<TrafficSelector>> singly(List<TrafficSelector> all) {
        return all.isEmpty() ? List.of(List.of()) : all.stream().map(List::of).toList();
    }

    /// As [#list(Setting, ProtoPort, Findings)] for swanctl.conf, where `dynamic` may have a
    /// protocol and a port if the end's address is known.
    ///
    /// @param named whether the end's own address is spelt out (transport mode)
    public static Optional<List<TrafficSelector>> list(
            Setting s, Optional<IpAddress> end, boolean named, Findings findings) {
        String host = end.map(a -> IpPrefix.host(a).toString()).orElse("%dynamic");
        boolean alone = s.value().strip().equals("dynamic");
        String replaced =
                alone && !named
                        ? "%dynamic"
                        : s.value().replaceAll("(?<=^|,|\\s)%?dynamic(?=\\s*(\\[|,|$))", host);
        return list(new Setting(s.key(), replaced, s.keyAt(), s.at()), ProtoPort.ANY, findings);
    }

    /// A comma-separated list of prefixes, addresses, ranges and `%dynamic`, each with an optional
    /// `[protocol/port]`. Empty in the result: dynamic, the end's own address.
    public static Optional<List<TrafficSelector>> list(
            Setting s, ProtoPort protoPort, Findings findings) {
        List<TrafficSelector> all = new ArrayList<>();
        boolean good = true;
        boolean dynamic = false;
        int at = 0;
        for (String raw : s.value().split(",", -1)) {
            String item = raw.strip();
            Position place = s.at().right(at + raw.indexOf(item));
            at += raw.length() + 1;
            if (item.isEmpty() && s.value().isBlank()) {
                continue;
            }
            Optional<List<TrafficSelector>> one = one(item, place, s.key(), protoPort, findings);
            one.ifPresent(all::addAll);
            good &= one.isPresent();
            dynamic |= one.isPresent() && one.get().isEmpty();
        }
        if (dynamic && !all.isEmpty()) {
            findings.error(s.at(), s.key() + ": %dynamic stands alone, without networks beside it");
            good = false;
        }
        return good ? Optional.of(List.copyOf(all)) : Optional.empty();
    }

    private static Optional<List<TrafficSelector>> one(
            String item, Position at, String key, ProtoPort sideWide, Findings findings) {
        String net = item;
        ProtoPort protoPort = sideWide;
        int bracket = item.indexOf('[');
        if (bracket >= 0 && item.endsWith("]")) {
            net = item.substring(0, bracket);
            Optional<ProtoPort> own =
                    protoPort(
                            new Setting(
                                    key,
                                    item.substring(bracket + 1, item.length() - 1),
                                    at,
                                    at.right(bracket + 1)),
                            findings);
            if (own.isEmpty()) {
                return Optional.empty();
            }
            protoPort = own.get();
        }
        if (net.equals("%dynamic") || net.isEmpty()) {
            if (!protoPort.equals(ProtoPort.ANY)) {
                findings.error(at, key + ": a protocol or port needs a network here, not %dynamic");
                return Optional.empty();
            }
            return Optional.of(List.of());
        }
        int protocol = protoPort.protocol();
        PortRange ports = protoPort.ports();
        return range(net, at, key, findings)
                .map(r -> List.of(new TrafficSelector(r, protocol, ports)));
    }

    private static Optional<IpRange> range(
            String text, Position at, String key, Findings findings) {
        int dash = text.indexOf('-');
        if (dash > 0) {
            Optional<IpAddress> first = IpAddress.parse(text.substring(0, dash).strip());
            Optional<IpAddress> last = IpAddress.parse(text.substring(dash + 1).strip());
            if (first.isPresent()
                    && last.isPresent()
                    && first.get().v6() == last.get().v6()
                    && first.get().compareTo(last.get()) <= 0) {
                return Optional.of(new IpRange(first.get(), last.get()));
            }
            findings.error(at, key + ": '" + Values.shown(text) + "' is no address range");
            return Optional.empty();
        }
        return prefix(text, at, key, findings).map(IpRange::of);
    }

    /// A network; host bits are cut off with a warning.
    public static Optional<IpPrefix> prefix(
            String text, Position at, String key, Findings findings) {
        Optional<IpPrefix> prefix = IpPrefix.parse(text);
        if (prefix.isPresent()) {
            return prefix;
        }
        Optional<InsideAddress> host = InsideAddress.parse(text);
        if (host.isPresent()) {
            IpPrefix network = host.get().network();
            findings.warning(at, key + ": " + text + " has host bits, the network is " + network);
            return Optional.of(network);
        }
        findings.error(
                at,
                key
                        + ": '"
                        + Values.shown(text)
                        + "' is no network; write ADDRESS/LENGTH, e.g. 10.0.0.0/8");
        return Optional.empty();
    }

    /// `tcp/http`, `17/1701`, `6/1000-2000`, `udp`, `tcp/%any`.
    public static Optional<ProtoPort> protoPort(Setting s, Findings findings) {
        String value = s.value().strip();
        if (value.equals("%any") || value.isEmpty()) {
            return Optional.of(ProtoPort.ANY);
        }
        int slash = value.indexOf('/');
        String protocolWord = slash < 0 ? value : value.substring(0, slash);
        String portWord = slash < 0 ? "%any" : value.substring(slash + 1);
        int protocol = number(protocolWord, PROTOCOLS, 255);
        if (protocolWord.equals("%any")) {
            protocol = 0;
        }
        if (protocol < 0) {
            findings.error(
                    s.at(),
                    s.key()
                            + ": protocol '"
                            + Values.shown(protocolWord)
                            + "' is not known; write its number, e.g. 6 or 17");
            return Optional.empty();
        }
        Optional<PortRange> ports = ports(portWord);
        if (ports.isEmpty()) {
            findings.error(
                    s.at().right(slash + 1),
                    s.key()
                            + ": port '"
                            + Values.shown(portWord)
                            + "' is not known; write its number, e.g. 1701, or %any");
            return Optional.empty();
        }
        return Optional.of(new ProtoPort(protocol, ports.get()));
    }

    private static Optional<PortRange> ports(String word) {
        if (word.equals("%any") || word.isEmpty() || word.equals("0")) {
            return Optional.of(PortRange.ANY);
        }
        int dash = word.indexOf('-');
        int first = number(dash < 0 ? word : word.substring(0, dash), SERVICES, 65535);
        int last = dash < 0 ? first : number(word.substring(dash + 1), SERVICES, 65535);
        return first < 0 || last < first
                ? Optional.empty()
                : Optional.of(new PortRange(first, last));
    }

    private static int number(String word, Map<String, Integer> names, int most) {
        if (word.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(word);
            return number <= most ? number : -1;
        }
        return names.getOrDefault(word, -1);
    }
}

package io.sallyport.ipsec.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// S1-05: the table against a list that is asked rule by rule.
class RuleTableTest {
    private static final IpPrefix NET = IpPrefix.of("10.1.0.0/16");

    /// One policy as people think of it.
    private record Wish(
            int name,
            List<TrafficSelector> from,
            List<TrafficSelector> to,
            int priority,
            long came) {}

    /// One pair of selectors of it, in the order it has to have.
    ///
    /// @param narrow how narrow the pair is; counted bit by bit, once
    private record Line(TrafficSelector from, TrafficSelector to, Wish wish, long narrow) {}

    /// The slow truth.
    private static final class SlowTable {
        private final List<Line> lines = new ArrayList<>();

        void add(Wish wish) {
            for (TrafficSelector f : wish.from()) {
                for (TrafficSelector t : wish.to()) {
                    lines.add(new Line(f, t, wish, narrow(f, t)));
                }
            }
            lines.sort(
                    Comparator.comparingInt((Line l) ->
                                    l.wish().priority() == 0
                                            ? Integer.MAX_VALUE
                                            : l.wish().priority())
                            .thenComparing(l -> l.wish().priority() == 0 ? -l.narrow() : 0L)
                            .thenComparingLong(l -> l.wish().came()));
        }

        void remove(Wish wish) {
            lines.removeIf(l -> l.wish().equals(wish));
        }

        /// Addresses before protocol before ports.
        private static long narrow(TrafficSelector from, TrafficSelector to) {
            boolean protocol = from.protocol() != 0 || to.protocol() != 0;
            return prefix(from.addresses()) * 128L
                    + prefix(to.addresses()) * 128L
                    + (protocol ? 64 : 0)
                    + port(from.ports())
                    + port(to.ports());
        }

        /// Bits that the first and the last address have in common, found one by one.
        private static long prefix(IpRange range) {
            int bits = range.first().bits();
            int same = 0;
            while (same < bits
                    && range.first().number().testBit(bits - 1 - same)
                            == range.last().number().testBit(bits - 1 - same)) {
                same++;
            }
            return same;
        }

        private static long port(PortRange range) {
            int same = 0;
            while (same < 16 && (range.first() >> 15 - same) == (range.last() >> 15 - same)) {
                same++;
            }
            return same;
        }

        int find(Flow flow) {
            for (Line l : lines) {
                if (covers(l, flow)) {
                    return l.wish().name();
                }
            }
            return -1;
        }

        boolean uncertain(Flow flow) {
            if (flow.hidesProtocol()) {
                return lines.stream()
                        .anyMatch(l ->
                                Rule.possible(l.from(), l.to())
                                        && l.from().addresses().first().v6()
                                        && (l.from().protocol() != 0
                                                || l.to().protocol() != 0
                                                || !l.from().ports().isAny()
                                                || !l.to().ports().isAny()));
            }
            for (Line l : lines) {
                if (addresses(l.from(), flow, source(flow))
                        && addresses(l.to(), flow, destination(flow))) {
                    // The first that may be the one decides; of equals, which are of one wish and
                    // lead one way, the one that asks for no ports
                    return lines.stream().noneMatch(o -> equal(l, o) && covers(o, flow));
                }
            }
            return false;
        }

        private static boolean equal(Line one, Line other) {
            return one.wish().name() == other.wish().name()
                    && (one.wish().priority() != 0 || one.narrow() == other.narrow());
        }

        private static boolean covers(Line line, Flow flow) {
            return side(line.from(), flow, source(flow), flow.sourcePort())
                    && side(line.to(), flow, destination(flow), flow.destinationPort());
        }

        private static IpAddress source(Flow flow) {
            return new IpAddress(flow.v6(), flow.sourceHigh(), flow.sourceLow());
        }

        private static IpAddress destination(Flow flow) {
            return new IpAddress(flow.v6(), flow.destinationHigh(), flow.destinationLow());
        }

        private static boolean addresses(TrafficSelector s, Flow flow, IpAddress a) {
            return s.addresses().contains(a)
                    && (s.protocol() == 0 || s.protocol() == flow.protocol());
        }

        private static boolean side(TrafficSelector s, Flow flow, IpAddress a, int port) {
            return addresses(s, flow, a)
                    && (s.ports().isAny()
                            || !flow.isFragment()
                                    && port >= 0
                                    && s.ports().first() <= port
                                    && port <= s.ports().last());
        }
    }

    private static void compare(int steps, long seed) {
        Random random = new Random(seed);
        RuleTable<Integer> table = new RuleTable<>();
        SlowTable slow = new SlowTable();
        List<Wish> wishes = new ArrayList<>();
        List<List<Rule<Integer>>> rules = new ArrayList<>();
        int found = 0;
        int uncertain = 0;
        for (int step = 0; step < steps; step++) {
            if (wishes.size() < 5 || random.nextInt(100) < (wishes.size() < 60 ? 60 : 40)) {
                Wish wish = wish(random, step);
                wishes.add(wish);
                slow.add(wish);
                rules.add(table.add(wish.from(), wish.to(), wish.priority(), wish.came(), step));
            } else {
                int which = random.nextInt(wishes.size());
                slow.remove(wishes.remove(which));
                table.remove(rules.remove(which));
            }
            for (int k = 0; k < 20; k++) {
                Flow flow = flow(random);
                Rule<Integer> rule = table.find(flow);
                int truth = slow.find(flow);
                assertEquals(truth, rule == null ? -1 : (int) rule.target());
                found += truth >= 0 ? 1 : 0;
                if (flow.isFragment()) {
                    assertEquals(slow.uncertain(flow), table.fragmentUncertain(flow, rule));
                    uncertain += slow.uncertain(flow) ? 1 : 0;
                }
            }
        }
        while (!rules.isEmpty()) {
            table.remove(rules.removeLast());
        }
        assertEquals(0, table.count());
        assertEquals(0, table.shapes());
        assertTrue(found > steps, "most questions must have an answer: " + found);
        assertTrue(uncertain > steps / 20, "fragments " + uncertain);
    }

    private static Wish wish(Random random, int name) {
        return new Wish(
                name,
                side(random, 1),
                side(random, 2),
                random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0,
                name);
    }

    private static List<TrafficSelector> side(Random random, int net) {
        List<TrafficSelector> side = new ArrayList<>();
        for (int n = 1 + random.nextInt(3) / 2; n > 0; n--) {
            side.add(new TrafficSelector(range(random, net), protocol(random), ports(random)));
        }
        return side;
    }

    /// A small world, so that rules meet: 256 addresses a side and family.
    private static IpRange range(Random random, int net) {
        boolean six = random.nextInt(3) == 0;
        String first = address(six, net, random.nextInt(256));
        return switch (random.nextInt(4)) {
            case 0 -> {
                int a = random.nextInt(256);
                int b = a + random.nextInt(256 - a);
                yield new IpRange(
                        IpAddress.of(address(six, net, a)), IpAddress.of(address(six, net, b)));
            }
            case 1 -> IpRange.of(IpPrefix.of(six ? "::/0" : "0.0.0.0/0"));
            default -> {
                int bits = (six ? 120 : 24) + random.nextInt(9);
                yield IpRange.of(prefix(IpAddress.of(first), bits));
            }
        };
    }

    private static IpPrefix prefix(IpAddress a, int bits) {
        int free = a.bits() - bits;
        return IpPrefix.of(new IpAddress(a.v6(), a.high(), a.low() >>> free << free) + "/" + bits);
    }

    private static String address(boolean six, int net, int host) {
        return six ? "fd0" + net + "::" + Integer.toHexString(host) : "10." + net + ".0." + host;
    }

    private static int protocol(Random random) {
        return new int[] {0, 0, 6, 17, 1, 58}[random.nextInt(6)];
    }

    private static PortRange ports(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> PortRange.of(random.nextInt(8));
            case 1 -> new PortRange(random.nextInt(4), 4 + random.nextInt(60_000));
            default -> PortRange.ANY;
        };
    }

    private static Flow flow(Random random) {
        boolean six = random.nextInt(3) == 0;
        String from = address(six, 1, random.nextInt(256));
        String to = address(six, 2, random.nextInt(256));
        byte[] packet =
                switch (random.nextInt(4)) {
                    case 0 -> InnerPackets.icmp(from, to, random.nextInt(2), random.nextInt(8), 8);
                    case 1 -> InnerPackets.ip(from, to, 47, new byte[8], -1);
                    default ->
                            InnerPackets.udp(
                                    from, random.nextInt(9), to, random.nextInt(9), 8, random);
                };
        if (random.nextInt(5) > 0) {
            return read(packet);
        }
        if (six) {
            boolean hides = random.nextBoolean();
            byte[] whole = hides ? InnerPackets.withOptions(packet) : packet;
            List<byte[]> parts = InnerPackets.fragments(whole, 8, 1);
            return read(parts.get(random.nextInt(parts.size())));
        }
        InnerPackets.fragment(packet, false, 8 * (1 + random.nextInt(9)));
        return read(packet);
    }

    private static Flow read(byte[] packet) {
        Flow flow = new Flow();
        assertTrue(flow.read(MemorySegment.ofArray(packet), 0, packet.length));
        return flow;
    }

    @Test
    void agreesWithTheSlowTruthThroughEveryChange() {
        compare(1_500, 11);
    }

    @Test
    @Tag("slow")
    void agreesWithTheSlowTruthForLong() {
        for (int seed = 100; seed < 130; seed++) {
            compare(10_000, seed);
        }
    }

    /// One shape however many: the next rule costs what the first one did.
    @Test
    void aHundredThousandRulesOfOneShapeAreOneQuestion() {
        RuleTable<Integer> table = new RuleTable<>();
        for (int i = 0; i < 100_000; i++) {
            table.add(
                    List.of(TrafficSelector.of(NET)),
                    List.of(TrafficSelector.of(IpPrefix.host(IpAddress.v4(0x0b000000 + i)))),
                    0,
                    i,
                    i);
        }
        assertEquals(1, table.shapes());
        Flow flow = read(InnerPackets.udp("10.1.0.9", 1, "11.1.134.159", 2, 8, new Random(1)));
        Rule<Integer> rule = table.find(flow);
        assertNotNull(rule);
        assertEquals(99_999, rule.target());
        assertNull(
                table.find(
                        read(
                                InnerPackets.udp(
                                        "10.1.0.9", 1, "11.1.134.160", 2, 8, new Random(1)))));
    }

    /// RFC 7296, 3.13.1: type and code of ICMP as one port.
    @Test
    void typeAndCodeOfIcmpSelect() {
        RuleTable<Integer> table = new RuleTable<>();
        TrafficSelector echo =
                new TrafficSelector(IpRange.of(NET), 1, new PortRange(8 << 8, 8 << 8 | 0xff));
        TrafficSelector any = TrafficSelector.of(IpPrefix.of("0.0.0.0/0"));
        table.add(List.of(echo), List.of(any), 0, 1, 7);
        table.add(List.of(any), List.of(any), 0, 2, 9);
        assertEquals(7, found(table, InnerPackets.icmp("10.1.0.9", "10.2.0.9", 8, 0, 8)));
        assertEquals(9, found(table, InnerPackets.icmp("10.1.0.9", "10.2.0.9", 0, 0, 8)));
    }

    private static int found(RuleTable<Integer> table, byte[] packet) {
        Rule<Integer> rule = table.find(read(packet));
        assertNotNull(rule);
        return rule.target();
    }
}

package io.sallyport.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.drivers.filter.PortPrefix;
import io.sallyport.drivers.filter.Term;
import io.sallyport.drivers.filter.Term.Answer;
import io.sallyport.drivers.filter.Wall;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WallPlannerTest {
    private static final List<LinkWish> LINKS =
            List.of(new LinkWish("sallyport0", List.of(), List.of(), 1400, false));
    private static final IpPrefix FAR = IpPrefix.of("10.98.0.0/16");
    private static final IpPrefix LAN = IpPrefix.of("10.99.0.0/24");

    private final WallPlanner planner = new WallPlanner();

    private static List<TrafficSelector> all(String... prefixes) {
        return List.of(prefixes).stream().map(p -> TrafficSelector.of(IpPrefix.of(p))).toList();
    }

    private List<Term> terms() {
        Wall wall = planner.wall(LINKS);
        assertEquals(java.util.Set.of("sallyport0"), wall.links());
        return wall.terms();
    }

    @Test
    void whatPolicyProtectsMustNotComeInClear() {
        planner.policy(Answer.DROP, all("10.98.0.0/16", "2001:db8::/32"), all("10.99.0.0/24"), 0);
        assertEquals(List.of(new Term(Answer.DROP, FAR, LAN)), terms());
    }

    @Test
    void theOrderIsThatOfTheSpd() {
        planner.policy(Answer.DROP, all("10.98.0.0/16"), all("10.99.0.0/24"), 0);
        planner.policy(Answer.PASS, all("10.98.7.0/24"), all("10.99.0.0/24"), 0);
        planner.policy(Answer.DROP, all("0.0.0.0/0"), all("10.99.0.9/32"), 5);
        assertEquals(
                List.of(Answer.DROP, Answer.PASS, Answer.DROP),
                terms().stream().map(Term::answer).toList());
        assertEquals(IpPrefix.of("10.99.0.9/32"), terms().get(0).destination());
        assertEquals(FAR, terms().get(2).source());
    }

    /// A range that is no prefix is as narrow as the SPD takes it to be, not as its pieces are.
    @Test
    void theOrderIsThatOfTheSpdForRangesToo() {
        IpRange ten = new IpRange(IpAddress.of("10.2.0.10"), IpAddress.of("10.2.0.20"));
        TrafficSelector some = new TrafficSelector(ten, 0, PortRange.ANY);
        planner.policy(Answer.PASS, List.of(some), all("10.99.0.0/24"), 0);
        planner.policy(Answer.DROP, all("10.2.0.16/28"), all("10.99.0.0/24"), 0);
        assertEquals(Answer.DROP, terms().getFirst().answer());
    }

    @Test
    void ourOwnNetworksSpeakInClearWhereTheTunnelTakesEverything() {
        planner.policy(Answer.DROP, all("0.0.0.0/0"), all("10.99.0.0/24"), 0);
        planner.pass(LAN, LAN);
        assertEquals(new Term(Answer.PASS, LAN, LAN), terms().get(0));
    }

    @Test
    void portsOfOneProtocolOnly() {
        TrafficSelector web = new TrafficSelector(IpRange.of(FAR), 6, PortRange.of(443));
        planner.policy(Answer.DROP, List.of(web), all("10.99.0.0/24"), 0);
        assertEquals(
                List.of(
                        new Term(
                                Answer.DROP, FAR, LAN, 6, new PortPrefix(443, 16), PortPrefix.ALL)),
                terms());
    }

    /// The slow truth: every port of 65,536 asked one by one.
    @Test
    void prefixesOfPortsAreTheRange() {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            int a = random.nextInt(65536);
            int b = random.nextInt(65536);
            PortRange range = new PortRange(Math.min(a, b), Math.max(a, b));
            List<PortPrefix> prefixes = PortPrefix.of(range);
            for (int port = 0; port < 65536; port++) {
                int asked = port;
                long covering =
                        prefixes.stream()
                                .filter(p ->
                                        asked >> 16 - p.length() == p.port() >> 16 - p.length())
                                .count();
                assertEquals(range.contains(port) ? 1 : 0, covering, range + " " + port);
            }
        }
        assertEquals(List.of(PortPrefix.ALL), PortPrefix.of(PortRange.ANY));
    }
}

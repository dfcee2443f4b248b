package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.pair;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.fragment.Reassembler;
import io.sallyport.ipsec.spd.Policy;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which packets pass, by policy: S1-05 (SPD and SAD), S4-03 (access control).
class PolicyRoadTest {
    private final Random random = new Random(5);

    private byte[] packet(String from, String to) {
        return InnerPackets.udp(from, 1111, to, 2222, 40, random);
    }

    /// S4-03: a packet in a good SA with foreign inner addresses is dropped after decryption.
    @Test
    void s4_03_foreignInnerSelectorIsDropped() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            // A believes in wider selectors than B agreed to: a peer that cheats
            Owner wide = new Owner("site", "wide", "tun1");
            SelectorPair any = pair(List.of("0.0.0.0/0"), List.of("0.0.0.0/0"));
            two.a.unprotect(OWNER);
            two.a.protect(new PolicyEntry(wide, any, false));
            two.a.install(TwoGateways.childSa(1, wide, GCM, any, udp4(), 64, true));
            two.a.activate(1);
            PacketBatch got =
                    two.bReceives(
                            two.aSends(
                                    packet("10.1.0.9", "10.2.0.9"),
                                    packet("10.9.0.9", "10.2.0.9"), // foreign source
                                    packet("10.1.0.9", "10.3.0.9"), // foreign destination
                                    packet("10.2.0.9", "10.1.0.9"))); // roles turned round
            assertEquals(Lane.TUN, got.lane(0));
            assertEquals(1, inLane(got, Lane.TUN));
            assertEquals(Map.of(Drop.SELECTOR_MISMATCH, 3L), two.bIn.drops().snapshot());
        }
    }

    /// `status` shows drops by tunnel: those of its SAs, of the SAs before them, and of its policy.
    @Test
    void dropsAreCountedByOwner() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] p = packet("10.1.0.9", "10.2.0.9");
            PacketBatch sent = two.aSends(p);
            two.bReceives(sent);
            two.bReceives(sent);
            two.bReceives(sent);
            assertEquals(Map.of(Drop.REPLAYED, 2L), two.b.drops(OWNER));
            two.b.remove(1);
            assertEquals(Map.of(Drop.REPLAYED, 2L), two.b.drops(OWNER));
            two.a.protect(new PolicyEntry(OWNER, sites(), false)); // no trap: nothing waits
            two.a.remove(1);
            two.aSends(p, p, p);
            assertEquals(Map.of(Drop.NO_SA, 3L), two.a.drops(OWNER));
        }
    }

    @Test
    void whatNoPolicyCoversIsDropped() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            PacketBatch sent =
                    two.aSends(
                            packet("10.1.0.9", "10.3.0.9"),
                            packet("fd01::9", "fd03::9"),
                            packet("10.2.0.9", "10.1.0.9"));
            assertEquals(3, inLane(sent, Lane.DROPPED));
            PacketBatch otherLink = two.read(7, packet("10.1.0.9", "10.2.0.9"));
            two.aOut.process(otherLink, 0);
            assertEquals(Lane.DROPPED, otherLink.lane(0));
            assertEquals(Map.of(Drop.NO_POLICY, 4L), two.aOut.drops().snapshot());
            // at the tunnel, which has this TUN alone; not what came by another TUN
            assertEquals(Map.of(Drop.NO_POLICY, 3L), two.a.drops(OWNER));
        }
    }

    @Test
    void whatNoPolicyOfASharedTunCoversIsNobodys() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            Owner second = new Owner("second", "net", OWNER.link());
            two.a.protect(new PolicyEntry(second, sites(), false));
            two.aSends(packet("10.1.0.9", "10.3.0.9"));
            assertEquals(Map.of(), two.a.drops(OWNER));
            assertEquals(Map.of(), two.a.drops(second));
            two.a.unprotect(second);
            assertEquals(Map.of(Drop.NO_POLICY, 1L), two.a.drops(OWNER));
            assertEquals(Map.of(), two.a.drops(second));
        }
    }

    @Test
    void withoutAnSaATrapAsksOnceASecond() {
        try (TwoGateways two = new TwoGateways(new ToyEngine())) {
            two.a.link("tun1", LINK);
            two.a.protect(new PolicyEntry(OWNER, sites(), true));
            byte[] p = packet("10.1.0.9", "10.2.0.9");
            assertEquals(2, inLane(two.aSends(p, p), Lane.WAITING));
            assertEquals(List.of(OWNER), two.acquired);
            two.now += 999_999_999L;
            two.aSends(p);
            assertEquals(1, two.acquired.size());
            two.now += 1;
            two.aSends(p);
            assertEquals(List.of(OWNER, OWNER), two.acquired);
            assertEquals(Map.of(), two.aOut.drops().snapshot());
            two.a.protect(new PolicyEntry(OWNER, sites(), false)); // no trap
            two.now += 10_000_000_000L;
            two.aSends(p);
            assertEquals(2, two.acquired.size());
            assertEquals(Map.of(Drop.NO_SA, 1L), two.aOut.drops().snapshot());
        }
    }

    /// S3-37: out by tunnel 1, back by tunnel 2: accepted, since each SA has its own link.
    @Test
    void s3_37_asymmetricReturnPathIsAccepted() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            Owner second = new Owner("site2", "net", "tun2");
            two.a.link("tun2", 2);
            two.b.link("tun2", 2);
            two.a.protect(new PolicyEntry(second, sites(), true));
            two.b.protect(new PolicyEntry(second, mirror(sites()), true));
            two.a.install(TwoGateways.childSa(2, second, GCM, sites(), udp4(), 64, true));
            two.b.install(
                    TwoGateways.childSa(
                            2, second, GCM, mirror(sites()), TwoGateways.turn(udp4()), 64, false));
            two.b.activate(2);
            PacketBatch there = two.bReceives(two.aSends(packet("10.1.0.9", "10.2.0.9")));
            assertEquals(Lane.TUN, there.lane(0));
            assertEquals(1, there.link(0));
            PacketBatch answer = two.read(2, packet("10.2.0.9", "10.1.0.9"));
            two.bOut.process(answer, 0);
            PacketBatch back = two.aReceives(answer);
            assertEquals(Lane.TUN, back.lane(0));
            assertEquals(2, back.link(0));
        }
    }

    /// Packets of two SAs in one burst, in every mixture: each run goes through its own cipher.
    @Test
    void mixedBurstsAreSealedAndOpenedBySa() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 1024)) {
            Owner other = new Owner("site", "other", "tun1");
            SelectorPair there = pair(List.of("10.5.0.0/16"), List.of("10.6.0.0/16"));
            two.a.protect(new PolicyEntry(other, there, true));
            two.a.install(TwoGateways.childSa(2, other, GCM, there, udp4(), 1024, true));
            two.a.activate(2);
            two.b.install(
                    TwoGateways.childSa(
                            2, other, GCM, mirror(there), TwoGateways.turn(udp4()), 1024, false));
            int[] sent = new int[3];
            for (int round = 0; round < 100; round++) {
                byte[][] packets = new byte[1 + random.nextInt(12)][];
                for (int i = 0; i < packets.length; i++) {
                    int which = random.nextInt(3); // the third has no policy
                    sent[which]++;
                    packets[i] =
                            which == 0
                                    ? packet("10.1.0.9", "10.2.0.9")
                                    : packet("10.5.0.9", which == 1 ? "10.6.0.9" : "10.7.0.9");
                }
                two.bReceives(two.aSends(packets));
            }
            assertEquals(sent[0], two.b.usage(1).packetsIn());
            assertEquals(sent[1], two.b.usage(2).packetsIn());
            assertEquals(Map.of(Drop.NO_POLICY, (long) sent[2]), two.aOut.drops().snapshot());
            assertEquals(Map.of(), two.bIn.drops().snapshot());
        }
    }

    /// Install, activate, remove: at no moment a packet without an SA, and what is on its way in
    /// the old SA still arrives.
    @Test
    void makeBeforeBreakLosesNothing() {
        ToyEngine engine = new ToyEngine();
        try (TwoGateways two = TwoGateways.up(engine, GCM, udp4(), 64)) {
            int sentPackets = 0;
            int arrived = 0;
            for (long id = 2; id < 52; id++) {
                PacketBatch inFlight = two.carry(two.aSends(packet("10.1.0.9", "10.2.0.9")));
                two.installBoth(id, GCM, udp4(), 64);
                two.a.activate(id);
                two.b.activate(id);
                PacketBatch fresh = two.aSends(packet("10.1.0.9", "10.2.0.9"));
                two.bIn.process(inFlight, 0);
                arrived += inLane(inFlight, Lane.TUN) + inLane(two.bReceives(fresh), Lane.TUN);
                two.a.remove(id - 1);
                two.b.remove(id - 1);
                arrived +=
                        inLane(two.bReceives(two.aSends(packet("10.1.0.9", "10.2.0.9"))), Lane.TUN);
                sentPackets += 3;
            }
            assertEquals(sentPackets, arrived);
            assertEquals(Map.of(), two.aOut.drops().snapshot());
            assertEquals(Map.of(), two.bIn.drops().snapshot());
            assertEquals(List.of(51L), two.a.installed());
            // A's sealers and B's openers are wiped by the workers that saw traffic; the other
            // halves never carried a packet, and no cipher was made for them
            assertEquals(100, engine.closed());
            two.aIn.process(two.batch(), 0);
            two.bOut.process(two.batch(), 0);
            assertEquals(100, engine.closed());
        }
    }

    @Test
    void removingTheActiveSaLeavesThePolicyWithoutOne() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] p = packet("10.1.0.9", "10.2.0.9");
            byte[] late = two.sealedByA(p);
            two.a.remove(1);
            two.b.unprotect(mirrorOwner());
            assertEquals(Lane.WAITING, two.aSends(p).lane(0));
            PacketBatch batch = two.batch();
            TwoGateways.deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), late);
            two.bIn.process(batch, 0);
            assertEquals(Map.of(Drop.UNKNOWN_SPI, 1L), two.bIn.drops().snapshot());
            assertEquals(SaUsage.NONE, two.a.usage(1));
        }
    }

    private static Owner mirrorOwner() {
        return OWNER;
    }

    @Test
    void aReplacedPolicyKeepsItsSa() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            SelectorPair narrower = pair(List.of("10.1.0.0/24"), List.of("10.2.0.0/24"));
            two.a.protect(new PolicyEntry(OWNER, narrower, true));
            PacketBatch sent =
                    two.aSends(packet("10.1.0.9", "10.2.0.9"), packet("10.1.1.9", "10.2.0.9"));
            assertEquals(Lane.UDP, sent.lane(0));
            assertEquals(Lane.DROPPED, sent.lane(1));
        }
    }

    /// A policy wider than what the SA was negotiated for: what the peer would drop is not sent.
    @Test
    void aNarrowedSaCarriesOnlyWhatWasNegotiated() {
        try (TwoGateways two = new TwoGateways(new ToyEngine())) {
            two.a.link("tun1", LINK);
            two.a.protect(new PolicyEntry(OWNER, sites(), true));
            SelectorPair narrowed = pair(List.of("10.1.7.0/24"), List.of("10.2.0.0/16"));
            two.a.install(TwoGateways.childSa(1, OWNER, GCM, narrowed, udp4(), 64, true));
            two.a.activate(1);
            PacketBatch sent =
                    two.aSends(packet("10.1.7.9", "10.2.0.9"), packet("10.1.8.9", "10.2.0.9"));
            assertEquals(Lane.UDP, sent.lane(0));
            assertEquals(Lane.DROPPED, sent.lane(1));
            assertEquals(Map.of(Drop.NO_SA, 1L), two.aOut.drops().snapshot());
            assertEquals(List.of(), two.acquired);
        }
    }

    @Test
    void policiesAreAskedInOrder() {
        try (TwoGateways two = new TwoGateways(new ToyEngine())) {
            two.a.link("tun1", LINK);
            Owner web = new Owner("site", "web", "tun1");
            SelectorPair toWeb =
                    new SelectorPair(
                            List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/16"))),
                            List.of(
                                    new TrafficSelector(
                                            IpRange.of(IpPrefix.of("10.2.0.0/16")),
                                            17,
                                            PortRange.of(80))));
            two.a.protect(new PolicyEntry(web, toWeb, false));
            two.a.protect(new PolicyEntry(OWNER, sites(), false));
            two.a.install(TwoGateways.childSa(1, web, GCM, toWeb, udp4(), 64, true));
            two.a.install(TwoGateways.childSa(2, OWNER, GCM, sites(), udp4(), 64, true));
            two.a.activate(1);
            two.a.activate(2);
            byte[] http = InnerPackets.udp("10.1.0.9", 9, "10.2.0.9", 80, 40, random);
            byte[] other = InnerPackets.udp("10.1.0.9", 9, "10.2.0.9", 81, 40, random);
            PacketBatch sent = two.aSends(http, other);
            assertEquals(2, inLane(sent, Lane.UDP));
            assertEquals(1002, java.nio.ByteBuffer.wrap(sent.copy(0)).getInt());
            assertEquals(1004, java.nio.ByteBuffer.wrap(sent.copy(1)).getInt());
            // a fragment may be of either: the whole packet, by its ports, takes one of them
            byte[] large = InnerPackets.udp("10.1.0.9", 9, "10.2.0.9", 80, 792, random);
            List<byte[]> parts = InnerPackets.fragments(large, 400, 7);
            assertEquals(Lane.WAITING, two.aSends(parts.get(1)).lane(0));
            PacketBatch whole = two.aSends(parts.get(0));
            assertEquals(Lane.UDP, whole.lane(0));
            assertEquals(1002, java.nio.ByteBuffer.wrap(whole.copy(0)).getInt());
            // where no policy comes first that asks for ports, fragments go as they are
            two.a.unprotect(web);
            PacketBatch again = two.aSends(parts.get(1));
            assertEquals(1004, java.nio.ByteBuffer.wrap(again.copy(0)).getInt());
        }
    }

    private static SelectorPair udpTo(String remote, PortRange ports) {
        return new SelectorPair(
                List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/16"))),
                List.of(new TrafficSelector(IpRange.of(IpPrefix.of(remote)), 17, ports)));
    }

    /// RFC 4301, 4.4.1: DISCARD, BYPASS and PROTECT, in order: by longest match where nobody says
    /// otherwise, and by priority where somebody does.
    @Test
    void s1_05_discardBypassProtect() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            Owner telnet = new Owner("telnet", "", "tun1");
            Owner clear = new Owner("clear", "", "tun1");
            two.a.protect(
                    new PolicyEntry(
                            telnet,
                            udpTo("10.2.0.0/16", PortRange.of(23)),
                            PolicyAction.DISCARD,
                            false,
                            0,
                            0));
            two.a.protect(
                    new PolicyEntry(
                            clear,
                            udpTo("10.2.7.0/24", PortRange.ANY),
                            PolicyAction.BYPASS,
                            false,
                            0,
                            0));
            byte[] dropped = InnerPackets.udp("10.1.0.9", 9, "10.2.0.9", 23, 40, random);
            byte[] passed = InnerPackets.udp("10.1.0.9", 9, "10.2.7.9", 23, 40, random);
            byte[] sealed = InnerPackets.udp("10.1.0.9", 9, "10.2.0.9", 24, 40, random);
            PacketBatch sent = two.aSends(dropped, passed, sealed);
            assertEquals(Lane.DROPPED, sent.lane(0));
            assertEquals(Lane.CLEAR, sent.lane(1));
            assertArrayEquals(passed, sent.copy(1));
            assertEquals(Lane.UDP, sent.lane(2));
            assertEquals(Map.of(Drop.POLICY_DISCARD, 1L), two.aOut.drops().snapshot());
            // First match: what somebody put in front goes before what is narrower
            two.a.protect(
                    new PolicyEntry(
                            telnet,
                            udpTo("10.2.0.0/16", PortRange.of(23)),
                            PolicyAction.DISCARD,
                            false,
                            1,
                            0));
            assertEquals(Lane.DROPPED, two.aSends(passed).lane(0));
            // What was counted stays counted
            List<Long> counted =
                    two.a.spd().policies().stream().map(Policy::packets).sorted().toList();
            assertEquals(List.of(1L, 1L, 2L), counted);
        }
    }

    /// Among equals the one that stands first in the configuration, whichever came first.
    @Test
    void theConfigurationOrdersEquals() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            two.a.protect(
                    new PolicyEntry(
                            new Owner("clear", "", "tun1"),
                            sites(),
                            PolicyAction.BYPASS,
                            false,
                            0,
                            2));
            two.a.protect(
                    new PolicyEntry(
                            new Owner("telnet", "", "tun1"),
                            sites(),
                            PolicyAction.DISCARD,
                            false,
                            0,
                            1));
            two.a.unprotect(OWNER);
            assertEquals(Lane.DROPPED, two.aSends(packet("10.1.0.9", "10.2.0.9")).lane(0));
        }
    }

    /// RFC 4301, 7: a later fragment has no ports, and must not pass in clear by a policy that is
    /// there for other ports than it may have.
    @Test
    void aFragmentThatMightHaveToBeProtectedDoesNotBypass() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            Owner clear = new Owner("clear", "", "tun1");
            Owner web = new Owner("web", "", "tun1");
            two.a.protect(
                    new PolicyEntry(
                            clear,
                            udpTo("10.2.7.0/24", PortRange.ANY),
                            PolicyAction.BYPASS,
                            false,
                            0,
                            0));
            byte[] tail = InnerPackets.udp("10.1.0.9", 9, "10.2.7.9", 80, 40, random);
            InnerPackets.fragment(tail, false, 800);
            assertEquals(Lane.CLEAR, two.aSends(tail).lane(0));
            two.a.protect(new PolicyEntry(web, udpTo("10.2.7.0/24", PortRange.of(80)), false));
            assertEquals(Lane.WAITING, two.aSends(tail).lane(0));
            assertEquals(Map.of(), two.aOut.drops().snapshot());
            two.now += Reassembler.PATIENCE_NANOS + 1;
            assertEquals(Lane.WAITING, two.aSends(tail).lane(0));
            assertEquals(Map.of(Drop.REASSEMBLY, 1L), two.aOut.drops().snapshot());
        }
    }

    /// One policy for many peers (RFC 4301, 4.4.1.2): each SA takes what it was negotiated for, and
    /// one that is renewed takes the place of the one before.
    @Test
    void onePolicyHasAnSaForEachPeer() {
        try (TwoGateways two = new TwoGateways(new ToyEngine())) {
            two.a.link("tun1", LINK);
            two.a.protect(new PolicyEntry(OWNER, sites(), true));
            for (int peer = 0; peer < 50; peer++) {
                SelectorPair one = pair(List.of("10.1.0.0/16"), List.of("10.2." + peer + ".0/24"));
                for (long id : new long[] {peer + 1, peer + 101}) { // and renewed
                    two.a.install(TwoGateways.childSa(id, OWNER, GCM, one, udp4(), 64, true));
                    two.a.activate(id);
                }
                two.a.remove(peer + 1);
            }
            for (int peer = 0; peer < 50; peer++) {
                two.aSends(packet("10.1.0.9", "10.2." + peer + ".9"));
                assertEquals(1, two.a.usage(peer + 101).packetsOut());
            }
            assertEquals(Lane.DROPPED, two.aSends(packet("10.1.0.9", "10.2.50.9")).lane(0));
            assertEquals(Map.of(Drop.NO_SA, 1L), two.aOut.drops().snapshot());
            assertEquals(List.of(), two.acquired);
            for (int peer = 0; peer < 50; peer++) {
                two.a.remove(peer + 101);
            }
            two.aSends(packet("10.1.0.9", "10.2.0.9"));
            assertEquals(List.of(OWNER), two.acquired);
        }
    }

    @Test
    void usageCountsInnerPacketsAndRemembersWhen() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            assertEquals(SaUsage.NONE, two.a.usage(1));
            two.now = 77;
            two.bReceives(
                    two.aSends(packet("10.1.0.9", "10.2.0.9"), packet("10.1.0.9", "10.2.0.9")));
            assertEquals(new SaUsage(0, 0, 2, 136, SaUsage.NEVER, 77), two.a.usage(1));
            assertEquals(new SaUsage(2, 136, 0, 0, 77, SaUsage.NEVER), two.b.usage(1));
        }
    }

    @Test
    void mistakesOfTheCallerAreRefused() {
        try (UserspaceBackend backend = new UserspaceBackend(List.of(new ToyEngine()))) {
            PolicyEntry entry = new PolicyEntry(OWNER, sites(), true);
            assertThrows(IllegalArgumentException.class, () -> backend.protect(entry));
            backend.link("tun1", LINK);
            ChildSa sa = TwoGateways.childSa(1, OWNER, GCM, sites(), udp4(), 64, true);
            backend.install(sa);
            assertThrows(IllegalArgumentException.class, () -> backend.install(sa));
            ChildSa sameSpi =
                    new ChildSa(
                            4,
                            OWNER,
                            GCM,
                            sa.inbound(),
                            sa.outbound(),
                            sites(),
                            udp4(),
                            sa.handling());
            assertThrows(IllegalArgumentException.class, () -> backend.install(sameSpi));
            assertEquals(List.of(1L), backend.installed());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new UserspaceBackend(List.of()).install(sa));
        }
    }
}

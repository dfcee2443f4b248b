package io.sallyport.drivers.xfrm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.drivers.xfrm.KernelPolicy.Direction;
import io.sallyport.drivers.xfrm.KernelSelector.Port;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.SelectorPair;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What our selectors are in the kernel's words: prefixes and masked ports, all of them and no
/// other.
class KernelSelectorTest {
    private static final Random RANDOM = new Random(20);
    private static final TrafficSelector HERE = TrafficSelector.of(IpPrefix.of("10.1.0.0/16"));

    /// No prefix: the kernel needs many.
    private static final TrafficSelector WIDE =
            new TrafficSelector(
                    new IpRange(IpAddress.of("10.2.0.1"), IpAddress.of("10.2.0.254")),
                    0,
                    PortRange.ANY);

    @Test
    void aRangeOfPortsIsCoveredWholeAndOnce() {
        for (int i = 0; i < 300; i++) {
            int a = RANDOM.nextInt(0x10000);
            int b = RANDOM.nextInt(0x10000);
            PortRange range = new PortRange(Math.min(a, b), Math.max(a, b));
            List<Port> ports = KernelSelector.ports(range);
            for (int port = 0; port < 0x10000; port += 1 + RANDOM.nextInt(40)) {
                int at = port;
                long covered = ports.stream().filter(p -> (at & p.mask()) == p.value()).count();
                assertEquals(range.contains(port) ? 1 : 0, covered, range + ": " + port);
            }
        }
        assertEquals(List.of(Port.ANY), KernelSelector.ports(PortRange.ANY));
        assertEquals(List.of(Port.only(1701)), KernelSelector.ports(PortRange.of(1701)));
    }

    /// S1-18: the selector of L2TP, octet for octet as `ip xfrm` writes it.
    @Test
    void theStructureIsTheKernels() {
        List<KernelSelector> all =
                KernelSelector.of(
                        selector("10.0.0.1/32", 17, PortRange.of(1701)),
                        selector("10.1.0.0/16", 17, PortRange.ANY));
        assertEquals(1, all.size());
        ByteBuffer out = ByteBuffer.allocate(Xfrm.SELECTOR).order(ByteOrder.LITTLE_ENDIAN);
        all.getFirst().write(out, 0);
        assertEquals(
                "0a010000000000000000000000000000"
                        + "0a000001000000000000000000000000"
                        + "0000000006a5ffff"
                        + (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "0200" : "0002")
                        + "1020110000000000000000000000",
                HexFormat.of().formatHex(out.array()));
    }

    @Test
    void theTypeOfIcmpIsTheSourceAndItsCodeTheDestination() {
        KernelSelector echo =
                KernelSelector.of(
                                selector("10.0.0.0/8", 1, new PortRange(0x0800, 0x08ff)),
                                selector("10.0.0.0/8", 1, PortRange.ANY))
                        .getFirst();
        assertEquals(Port.only(8), echo.from());
        assertEquals(Port.ANY, echo.to());
    }

    /// A PASS of some types lets nothing else pass: ranges of type and code as they are.
    @Test
    void aRangeOfIcmpTypesIsThatRange() {
        for (int i = 0; i < 100; i++) {
            int a = RANDOM.nextInt(0x10000);
            int b = RANDOM.nextInt(0x10000);
            PortRange range = new PortRange(Math.min(a, b), Math.max(a, b));
            List<KernelSelector> all =
                    KernelSelector.of(
                            selector("10.0.0.0/8", 1, range),
                            selector("10.0.0.0/8", 1, PortRange.ANY));
            for (int said = 0; said < 0x10000; said += 1 + RANDOM.nextInt(40)) {
                int type = said >> 8;
                int code = said & 0xff;
                long covered =
                        all.stream()
                                .filter(s -> (type & s.from().mask()) == s.from().value())
                                .filter(s -> (code & s.to().mask()) == s.to().value())
                                .count();
                assertEquals(range.contains(said) ? 1 : 0, covered, range + ": " + said);
            }
        }
    }

    /// A range that is no prefix is many narrow pieces for the kernel; what stands behind the whole
    /// of it in the SPD stands before none of them.
    @Test
    void thePiecesOfARangeHaveThePlaceOfTheWhole() {
        TrafficSelector narrow = TrafficSelector.of(IpPrefix.of("10.2.0.128/25"));
        for (Direction direction : Direction.values()) {
            int protect = places(HERE, narrow, PolicyAction.PROTECT, direction).getFirst();
            List<Integer> pass = places(HERE, WIDE, PolicyAction.BYPASS, direction);
            assertTrue(pass.size() > 10, "pieces: " + pass);
            pass.forEach(p -> assertTrue(protect < p, protect + " before " + p));
        }
    }

    /// 10.2.0.64/26 is a piece of the range that may pass, too: the kernel keeps one policy for it,
    /// and that is the one that stands first in the SPD, whichever was said first.
    @Test
    void ofOneSelectorTheForemostStands() {
        TrafficSelector narrow = TrafficSelector.of(IpPrefix.of("10.2.0.64/26"));
        List<KernelPolicy> pass = policies(HERE, WIDE, false);
        List<KernelPolicy> protect = policies(HERE, narrow, true);
        KernelPolicy.Key key = protect.getFirst().key();
        assertTrue(pass.stream().anyMatch(p -> p.key().equals(key)), "a piece of the range");
        for (boolean passFirst : new boolean[] {true, false}) {
            List<KernelPolicy> all = new ArrayList<>(passFirst ? pass : protect);
            all.addAll(passFirst ? protect : pass);
            KernelPolicy stands = XfrmBackend.foremost(all, List.of()).get(key);
            assertTrue(stands != null && stands.block(), "the PASS stands: " + stands);
        }
        // the SA of the PROTECT goes before its own base
        KernelPolicy base = protect.getFirst();
        KernelPolicy sa = new KernelPolicy(key, false, base.priority() - 1, List.of());
        assertEquals(sa, XfrmBackend.foremost(protect, List.of(sa)).get(key));
    }

    /// What a peer narrowed stands where the policy does: a DROP before that goes on to decide.
    @Test
    void anSaThatWasNarrowedStandsWhereItsPolicyStands() {
        SelectorPair said =
                new SelectorPair(
                        List.of(HERE), List.of(TrafficSelector.of(IpPrefix.of("10.2.0.0/16"))));
        SelectorPair agreed =
                new SelectorPair(
                        List.of(HERE), List.of(TrafficSelector.of(IpPrefix.of("10.2.3.0/25"))));
        PolicyEntry entry = new PolicyEntry(new Owner("gw", "net", ""), said, false);
        int sa = XfrmBackend.placed(entry, agreed, Direction.OUT).getFirst().priority();
        assertEquals(XfrmBackend.placed(entry, said, Direction.OUT).getFirst().priority(), sa);
        int drop =
                places(
                                HERE,
                                TrafficSelector.of(IpPrefix.of("10.2.3.0/24")),
                                PolicyAction.DISCARD,
                                Direction.OUT)
                        .getFirst();
        assertTrue(drop < sa - 1, drop + " before " + sa);
    }

    private static List<KernelPolicy> policies(
            TrafficSelector ours, TrafficSelector theirs, boolean block) {
        SelectorPair pair = new SelectorPair(List.of(ours), List.of(theirs));
        PolicyEntry entry =
                new PolicyEntry(
                        new Owner("gw", "net", ""),
                        pair,
                        block ? PolicyAction.PROTECT : PolicyAction.BYPASS,
                        false,
                        0,
                        0);
        return XfrmBackend.placed(entry, pair, Direction.OUT).stream()
                .map(p ->
                        new KernelPolicy(
                                new KernelPolicy.Key(Direction.OUT, p.selector(), 0, 0),
                                block,
                                p.priority(),
                                List.of()))
                .toList();
    }

    private static List<Integer> places(
            TrafficSelector ours, TrafficSelector theirs, PolicyAction action, Direction way) {
        SelectorPair pair = new SelectorPair(List.of(ours), List.of(theirs));
        PolicyEntry entry = new PolicyEntry(new Owner("gw", "net", ""), pair, action, false, 0, 0);
        return XfrmBackend.placed(entry, pair, way).stream()
                .map(XfrmBackend.Placed::priority)
                .toList();
    }

    @Test
    void twoFamiliesHaveNothingInCommon() {
        assertTrue(
                KernelSelector.of(
                                TrafficSelector.of(IpPrefix.ALL4),
                                TrafficSelector.of(IpPrefix.ALL6))
                        .isEmpty());
    }

    private static TrafficSelector selector(String prefix, int protocol, PortRange ports) {
        return new TrafficSelector(IpRange.of(IpPrefix.of(prefix)), protocol, ports);
    }
}

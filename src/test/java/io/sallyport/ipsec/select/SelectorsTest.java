package io.sallyport.ipsec.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectorsTest {
    private static final String[] ADDRESSES = {
        "0.0.0.0",
        "10.0.0.0",
        "10.0.0.255",
        "10.0.1.0",
        "127.255.255.255",
        "128.0.0.0",
        "255.255.255.255",
        "::",
        "fd00::",
        "fd00::ffff:ffff:ffff:ffff",
        "fd00:0:0:1::",
        "7fff:ffff::",
        "8000::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    };
    private static final int[] PROTOCOLS = {0, 1, 6, 17, 47, 58};
    private static final int[] PORTS = {0, 1, 80, 0x0800, 443, 65534, 65535};

    private static Flow flow(byte[] packet) {
        Flow flow = new Flow();
        assertTrue(flow.read(MemorySegment.ofArray(packet), 0, packet.length));
        return flow;
    }

    /// Against the model's own ranges, at the ends of the number space.
    @Test
    void agreeWithTheModelOnRandomPairs() {
        Random random = new Random(4);
        int covered = 0;
        for (int round = 0; round < 4_000; round++) {
            SelectorPair pair = new SelectorPair(side(random), side(random));
            Selectors selectors = new Selectors(pair);
            for (int k = 0; k < 10; k++) {
                boolean v6 = random.nextBoolean();
                String from = address(random, v6).toString();
                String to = address(random, v6).toString();
                int protocol = PROTOCOLS[1 + random.nextInt(5)];
                byte[] upper = new byte[8];
                int sourcePort = PORTS[random.nextInt(PORTS.length)];
                int destinationPort = PORTS[random.nextInt(PORTS.length)];
                upper[0] = (byte) (sourcePort >>> 8);
                upper[1] = (byte) sourcePort;
                upper[2] = (byte) (destinationPort >>> 8);
                upper[3] = (byte) destinationPort;
                if (protocol == 1 || protocol == 58) {
                    destinationPort = sourcePort;
                } else if (protocol == 47) {
                    sourcePort = -1;
                    destinationPort = -1;
                }
                Flow flow = flow(InnerPackets.ip(from, to, protocol, upper, -1));
                boolean out =
                        naive(pair.local(), from, protocol, sourcePort)
                                && naive(pair.remote(), to, protocol, destinationPort);
                boolean in =
                        naive(pair.remote(), from, protocol, sourcePort)
                                && naive(pair.local(), to, protocol, destinationPort);
                assertEquals(out ? Match.YES : Match.NO, selectors.coversOutbound(flow));
                assertEquals(in ? Match.YES : Match.NO, selectors.coversInbound(flow));
                covered += out ? 1 : 0;
            }
        }
        assertTrue(covered > 500, "only " + covered + " were covered");
    }

    private static IpAddress address(Random random, boolean v6) {
        IpAddress a;
        do {
            a = IpAddress.of(ADDRESSES[random.nextInt(ADDRESSES.length)]);
        } while (a.v6() != v6);
        return a;
    }

    private static List<TrafficSelector> side(Random random) {
        List<TrafficSelector> side = new ArrayList<>();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            boolean v6 = random.nextBoolean();
            IpAddress a = address(random, v6);
            IpAddress b = address(random, v6);
            int p = PORTS[random.nextInt(PORTS.length)];
            int q = PORTS[random.nextInt(PORTS.length)];
            PortRange ports =
                    random.nextBoolean()
                            ? PortRange.ANY
                            : new PortRange(Math.min(p, q), Math.max(p, q));
            side.add(
                    new TrafficSelector(
                            a.compareTo(b) <= 0 ? new IpRange(a, b) : new IpRange(b, a),
                            random.nextBoolean() ? 0 : PROTOCOLS[random.nextInt(6)],
                            ports));
        }
        return side;
    }

    private static boolean naive(
            List<TrafficSelector> side, String address, int protocol, int port) {
        return side.stream()
                .anyMatch(s ->
                        s.addresses().contains(IpAddress.of(address))
                                && (s.protocol() == 0 || s.protocol() == protocol)
                                && (s.ports().isAny() || port >= 0 && s.ports().contains(port)));
    }

    @Test
    void aFragmentHasNoPorts() {
        byte[] head = InnerPackets.udp("10.1.0.1", 53, "10.2.0.1", 80, 64, new Random(1));
        byte[] tail = head.clone();
        InnerPackets.fragment(head, true, 0);
        InnerPackets.fragment(tail, false, 72);
        Selectors web = new Selectors(pair(PortRange.of(80)));
        Selectors any = new Selectors(pair(PortRange.ANY));
        assertEquals(Match.UNCERTAIN, web.coversOutbound(flow(head)));
        assertEquals(Match.UNCERTAIN, web.coversOutbound(flow(tail)));
        assertEquals(Match.YES, any.coversOutbound(flow(tail)));
        assertEquals(Match.NO, web.coversInbound(flow(tail)));
    }

    /// RFC 8200, 4.5: extension headers behind the fragment header are part of what is cut, so that
    /// only the first fragment has them.
    @Test
    void aFragmentMayHideItsProtocol() {
        byte[] packet = InnerPackets.udp("fd01::1", 53, "fd02::1", 80, 64, new Random(1));
        for (byte[] part : InnerPackets.fragments(InnerPackets.withOptions(packet), 32, 5)) {
            assertEquals(Match.UNCERTAIN, six(17).coversOutbound(flow(part)));
            // ... nor is it one of the options' own number, as a peer might have agreed on
            assertEquals(Match.UNCERTAIN, six(60).coversOutbound(flow(part)));
            assertEquals(Match.YES, six(0).coversOutbound(flow(part)));
            assertEquals(Match.NO, six(17).coversInbound(flow(part)));
        }
    }

    private static Selectors six(int protocol) {
        return new Selectors(
                new SelectorPair(
                        List.of(TrafficSelector.of(IpPrefix.of("fd01::/16"))),
                        List.of(
                                new TrafficSelector(
                                        IpRange.of(IpPrefix.of("fd02::/16")),
                                        protocol,
                                        PortRange.ANY))));
    }

    private static SelectorPair pair(PortRange remotePorts) {
        return new SelectorPair(
                List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/16"))),
                List.of(
                        new TrafficSelector(
                                IpRange.of(IpPrefix.of("10.2.0.0/16")), 17, remotePorts)));
    }

    @Test
    void aPacketShorterThanItsPortsHasNone() {
        byte[] stub = InnerPackets.ip("10.1.0.1", "10.2.0.1", 17, new byte[3], -1);
        assertEquals(Flow.NO_PORT, flow(stub).destinationPort());
        assertEquals(Match.NO, new Selectors(pair(PortRange.of(80))).coversOutbound(flow(stub)));
    }

    @Test
    void whatIsNoPacketIsNotRead() {
        Flow flow = new Flow();
        assertFalse(flow.read(MemorySegment.ofArray(new byte[0]), 0, 0));
        assertFalse(flow.read(MemorySegment.ofArray(new byte[60]), 0, 60));
    }

    @Test
    void dynamicMustBeResolvedBefore() {
        SelectorPair dynamic = new SelectorPair(List.of(), List.of());
        assertThrows(IllegalArgumentException.class, () -> new Selectors(dynamic));
    }
}

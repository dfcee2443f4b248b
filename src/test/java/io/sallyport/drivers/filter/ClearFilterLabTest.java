package io.sallyport.drivers.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Against the kernel's nf_tables: the filter stands on the right, whose own address is protected
/// towards the left.
@Tag("lab")
class ClearFilterLabTest {
    private static final IpPrefix LEFT = IpPrefix.of("10.1.0.1/32");
    private static final IpPrefix RIGHT = IpPrefix.of("10.1.0.2/32");
    private static final Wall WALL =
            new Wall(Set.of("Tunnel1"), List.of(new Term(Term.Answer.DROP, LEFT, RIGHT)));
    private static final int MARK = 7;
    private static final int SOME = 7000;
    private static final int IKE = 500;

    private TwoHosts hosts;

    @BeforeEach
    void plug() throws IOException {
        hosts = TwoHosts.connected();
    }

    @AfterEach
    void unplug() {
        if (hosts != null) {
            hosts.close();
        }
    }

    private static DatagramSocket socket(NetworkNamespace host, String address, int port)
            throws IOException {
        return host.call(() ->
                new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), port)));
    }

    private ClearFilter filter() throws IOException {
        return hosts.right().call(() -> ClearFilter.open(MARK));
    }

    private String nft(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(arguments));
        Process process =
                hosts.right().start(new ProcessBuilder(command).redirectErrorStream(true));
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    private static void send(DatagramSocket from, DatagramSocket to) {
        try {
            from.send(new DatagramPacket(new byte[] {1}, 1, to.getLocalSocketAddress()));
        } catch (IOException _) {
            // the kernel says so when its own host's packet is refused
        }
    }

    private static boolean heard(DatagramSocket socket, int patienceMillis) throws IOException {
        socket.setSoTimeout(patienceMillis);
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    /// Whether it gets from `from` to `to`; what comes after it on the same cable, and is let
    /// through, says when it would have been there.
    private static boolean passes(
            DatagramSocket from, DatagramSocket to, DatagramSocket other, DatagramSocket after)
            throws IOException {
        send(from, to);
        send(other, after);
        assertTrue(heard(after, 5000), "what always passes");
        return heard(to, 1);
    }

    @Test
    void whatIsProtectedPassesInClearInNeitherDirection() throws IOException {
        try (ClearFilter filter = filter();
                DatagramSocket left = socket(hosts.left(), "10.1.0.1", SOME);
                DatagramSocket right = socket(hosts.right(), "10.1.0.2", SOME);
                DatagramSocket leftIke = socket(hosts.left(), "10.1.0.1", IKE);
                DatagramSocket rightIke = socket(hosts.right(), "10.1.0.2", IKE);
                DatagramSocket left6 = socket(hosts.left(), "fd01::1", SOME);
                DatagramSocket right6 = socket(hosts.right(), "fd01::2", SOME)) {
            assertTrue(passes(left, right, leftIke, rightIke));
            assertTrue(passes(right, left, right6, left6));
            filter.replace(WALL);
            assertFalse(passes(left, right, leftIke, rightIke), "in");
            assertFalse(passes(right, left, right6, left6), "out");
            filter.replace(Wall.NONE);
            assertTrue(passes(left, right, leftIke, rightIke));
            assertTrue(passes(right, left, right6, left6));
            assertEquals("", nft("list", "ruleset"));
        }
    }

    @Test
    void itOutlivesUsAndIsKnownAgain() throws IOException {
        try (ClearFilter filter = filter()) {
            assertFalse(filter.isThere());
            filter.replace(WALL);
        }
        try (ClearFilter filter = filter()) {
            assertTrue(filter.isThere());
            assertTrue(nft("list", "ruleset").contains("by Sallyport"), nft("list", "ruleset"));
            filter.replace(Wall.NONE);
            assertFalse(filter.isThere());
        }
    }

    @Test
    void aTableOfSomebodyElseIsLeftAlone() throws IOException {
        nft("add", "table", "inet", "sallyport");
        String before = nft("list", "ruleset");
        assertTrue(before.contains("sallyport"), before);
        NoFilterException e = assertThrows(NoFilterException.class, this::filter);
        assertEquals(
                "packets in clear that policy protects cannot be refused: table inet sallyport of"
                        + " nf_tables is somebody else's, and is left alone: we need that name",
                e.getMessage());
        try (ClearFilter other = hosts.right().call(() -> ClearFilter.ifPossible().orElseThrow())) {
            other.replace(Wall.NONE);
        }
        assertEquals(before, nft("list", "ruleset"));
    }

    @Test
    void aWallOfManyTermsStandsInOneStep() throws IOException {
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            IpAddress far =
                    IpAddress.of("10." + (100 + i / 65536) + "." + (i / 256 % 256) + "." + i % 256);
            terms.add(new Term(Term.Answer.DROP, IpPrefix.host(far), RIGHT));
        }
        terms.add(new Term(Term.Answer.DROP, LEFT, RIGHT));
        try (ClearFilter filter = filter();
                DatagramSocket left = socket(hosts.left(), "10.1.0.1", SOME);
                DatagramSocket right = socket(hosts.right(), "10.1.0.2", SOME);
                DatagramSocket leftIke = socket(hosts.left(), "10.1.0.1", IKE);
                DatagramSocket rightIke = socket(hosts.right(), "10.1.0.2", IKE)) {
            filter.replace(new Wall(Set.of("Tunnel1"), terms));
            assertFalse(passes(left, right, leftIke, rightIke));
            filter.replace(WALL);
            assertFalse(passes(left, right, leftIke, rightIke));
        }
    }

    /// One kind of packet is protected and the rest may pass. Fragments that do not show the kind,
    /// or not even the protocol because options come first, are not "the rest".
    @Test
    void fragmentsThatMayBeOfWhatIsProtectedDoNotPass() throws IOException {
        IpPrefix left6 = IpPrefix.of("fd01::1/128");
        IpPrefix right6 = IpPrefix.of("fd01::2/128");
        PortPrefix echo = new PortPrefix(8 << 8, 16);
        PortPrefix echo6 = new PortPrefix(128 << 8, 16);
        PortPrefix some = new PortPrefix(SOME, 16);
        Wall wall =
                new Wall(
                        Set.of("Tunnel1"),
                        List.of(
                                new Term(Term.Answer.DROP, LEFT, RIGHT, 1, echo, echo),
                                new Term(Term.Answer.DROP, left6, right6, 58, echo6, echo6),
                                new Term(Term.Answer.DROP, left6, right6, 17, PortPrefix.ALL, some),
                                new Term(Term.Answer.PASS, LEFT, RIGHT),
                                new Term(Term.Answer.PASS, left6, right6)));
        try (ClearFilter filter = filter();
                DatagramSocket leftIke = socket(hosts.left(), "10.1.0.1", IKE);
                DatagramSocket rightIke = socket(hosts.right(), "10.1.0.2", IKE)) {
            filter.replace(wall);
            byte[] ping = InnerPackets.icmp("10.1.0.1", "10.1.0.2", 8, 0, 900);
            byte[] ping6 = InnerPackets.icmp("fd01::1", "fd01::2", 128, 0, 900);
            byte[] udp = InnerPackets.udp("fd01::1", 9, "fd01::2", SOME, 900, new Random(3));
            int before = 0;
            List<List<byte[]>> all =
                    List.of(
                            InnerPackets.fragments(ping, 400, 5),
                            InnerPackets.fragments(ping6, 400, 5),
                            InnerPackets.fragments(InnerPackets.withOptions(udp), 400, 5));
            for (List<byte[]> fragments : all) {
                sendRaw(fragments);
                send(leftIke, rightIke);
                assertTrue(heard(rightIke, 5000), "what always passes");
                int now = refused();
                assertEquals(3, now - before, nft("list", "ruleset"));
                before = now;
            }
            // The first has eight octets of options only, so that not even it shows what follows
            List<byte[]> split =
                    InnerPackets.fragments(
                            InnerPackets.withOptions(InnerPackets.withOptions(udp)), 8, 6);
            sendRaw(split.subList(0, 1));
            send(leftIke, rightIke);
            assertTrue(heard(rightIke, 5000), "what always passes");
            assertEquals(1, refused() - before, nft("list", "ruleset"));
        }
    }

    /// IP packets as they are, from the left to the right.
    private void sendRaw(List<byte[]> packets) throws IOException {
        String script =
                """
                import socket, sys
                for packet in map(bytes.fromhex, sys.argv[1:]):
                    six = packet[0] >> 4 == 6
                    family = socket.AF_INET6 if six else socket.AF_INET
                    s = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
                    s.sendto(packet, ("fd01::2" if six else "10.1.0.2", 0))
                """;
        List<String> command = new ArrayList<>(List.of("python3", "-c", script));
        packets.forEach(p -> command.add(HexFormat.of().formatHex(p)));
        Process process = hosts.left().start(new ProcessBuilder(command).redirectErrorStream(true));
        assertEquals("", new String(process.getInputStream().readAllBytes(), UTF_8));
    }

    /// Packets that all rules together have refused.
    private int refused() throws IOException {
        return Pattern.compile("counter packets (\\d+)")
                .matcher(nft("list", "ruleset"))
                .results()
                .mapToInt(m -> Integer.parseInt(m.group(1)))
                .sum();
    }
}

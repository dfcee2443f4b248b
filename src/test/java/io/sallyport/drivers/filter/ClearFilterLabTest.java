package io.sallyport.drivers.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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
}

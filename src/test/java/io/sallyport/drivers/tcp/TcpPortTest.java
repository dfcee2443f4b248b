package io.sallyport.drivers.tcp;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.time.Clock;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.Allocation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections on loopback; the test drives the ports' threads by hand.
class TcpPortTest {
    private static final long PATIENCE = 10_000_000_000L;
    private static final Octets HELLO = Octets.ascii("an IKE message");
    private static final TcpLimits SHORT =
            new TcpLimits(8, 6, 4, 3, Duration.ofMillis(150), Duration.ofMillis(300));

    private final Clock clock =
            new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public Instant now() {
                    return Instant.now();
                }
            };
    private final List<TcpPort> ports = new ArrayList<>();
    private final List<Path> up = new ArrayList<>();
    private final List<String> down = new ArrayList<>();
    private final List<Came> came = new ArrayList<>();

    private record Came(Path path, Octets message) {}

    private TcpPort open(int listening, TcpLimits limits) throws LinuxException {
        TcpPort port =
                TcpPort.open(
                        0,
                        listening,
                        limits,
                        clock,
                        new TcpPort.News() {
                            @Override
                            public void up(Path path) {
                                up.add(path);
                            }

                            @Override
                            public void down(Path path, String why) {
                                down.add(why);
                            }
                        },
                        _ -> {});
        ports.add(port);
        return port;
    }

    @AfterEach
    void close() {
        ports.forEach(TcpPort::close);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }

    private static Path path(int localPort, int remotePort) {
        return new Path(
                new Endpoint(IpAddress.of("127.0.0.5"), localPort),
                new Endpoint(IpAddress.of("127.0.0.1"), remotePort),
                true);
    }

    private void turns(String what, BooleanSupplier holds) throws LinuxException {
        long begin = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - begin < PATIENCE, "still not: " + what);
            for (TcpPort port : ports) {
                port.turn(2_000_000, this::took);
            }
        }
    }

    private void took(PacketBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            assertEquals(Lane.TCP, batch.lane(i));
            came.add(new Came(requireNonNull(batch.path(i)), Octets.owned(batch.copy(i))));
        }
    }

    private static Octets marked(Octets ike) {
        return Octets.concat(Octets.ofInt(0), ike);
    }

    private static PacketBatch packets(Path path, int count, int octets) {
        PacketBatch batch = new PacketBatch(Arena.ofAuto(), 64, 2048, 128);
        for (int k = 0; k < count; k++) {
            int i = batch.add();
            byte[] packet = new byte[octets];
            packet[3] = (byte) (k + 1);
            batch.fill(i, packet, 0, octets);
            batch.lane(i, Lane.TCP);
            batch.path(i, path);
        }
        return batch;
    }

    @Test
    void whatIsSentThereComesThereAndAnswersComeBackByThePathThatWasDialled() throws Exception {
        int at = freePort();
        TcpPort gateway = open(at, TcpLimits.USUAL);
        TcpPort client = open(0, TcpLimits.USUAL);
        Path ours = path(freePort(), at);
        client.dial(ours);
        turns("connected", () -> !up.isEmpty());
        assertEquals(List.of(ours), up);
        client.send(ours, HELLO);
        client.writer().write(packets(ours, 3, 100));
        turns("came", () -> came.size() == 4);
        assertEquals(marked(HELLO), came.getFirst().message());
        assertEquals(100, came.get(3).message().length());
        Path theirs = came.getFirst().path();
        assertEquals(ours.local(), theirs.remote());
        assertEquals(ours.remote(), theirs.local());
        came.clear();
        gateway.send(theirs, HELLO);
        turns("answered", () -> came.size() == 1);
        assertEquals(List.of(new Came(ours, marked(HELLO))), came);
    }

    /// RFC 9329, 6.1: "The TCP Originator is responsible for re-establishing the TCP connection".
    @Test
    void aConnectionOfOursThatBreaksIsOpenedAnewAndBeginsWithThePrefix() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            TcpPort client = open(0, TcpLimits.USUAL);
            Path ours = path(freePort(), server.getLocalPort());
            client.dial(ours);
            turns("connected", () -> up.size() == 1);
            try (Socket first = server.accept()) {
                assertEquals("IKETCP", prefix(first));
                first.setSoLinger(true, 0); // a reset
            }
            turns("again", () -> up.size() == 2);
            assertEquals(1, down.size());
            try (Socket second = server.accept()) {
                assertEquals("IKETCP", prefix(second));
                client.send(ours, HELLO);
                byte[] frame = second.getInputStream().readNBytes(2 + 4 + HELLO.length());
                assertEquals(2 + 4 + HELLO.length(), frame[1]);
                client.hangUp(ours);
                client.turn(1_000_000, this::took);
                assertEquals(-1, second.getInputStream().read(), "it is closed");
            }
        }
    }

    private static String prefix(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(6), StandardCharsets.US_ASCII);
    }

    @Test
    void whatHasNoConnectionGoesNoFurther() throws Exception {
        TcpPort client = open(0, TcpLimits.USUAL);
        Path ours = path(freePort(), freePort());
        TcpWriter writer = client.writer();
        writer.write(packets(ours, 3, 100));
        assertEquals(3, writer.drops().get(Drop.UNREACHABLE));
        client.dial(ours);
        turns("refused", () -> !down.isEmpty());
        assertTrue(down.getFirst().contains("ECONNREFUSED"), down.getFirst());
        writer.write(packets(ours, 2, 100));
        assertEquals(5, writer.drops().get(Drop.UNREACHABLE));
    }

    /// The peer does not read: the kernel takes what it has room for, and no message is torn.
    @Test
    void whatTheLineDoesNotTakeIsDroppedAndTheStreamStaysWhole() throws Exception {
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(16_384);
            server.bind(new java.net.InetSocketAddress("127.0.0.1", 0));
            TcpPort client = open(0, TcpLimits.USUAL);
            Path ours = path(freePort(), server.getLocalPort());
            client.dial(ours);
            turns("connected", () -> up.size() == 1);
            try (Socket peer = server.accept()) {
                TcpWriter writer = client.writer();
                int sent = 0;
                while (writer.drops().get(Drop.SOCKET_FULL) < 1000) {
                    writer.write(packets(ours, 64, 1400));
                    sent += 64;
                }
                client.send(ours, HELLO); // IKE waits behind what was begun
                long whole = sent - writer.drops().get(Drop.SOCKET_FULL);
                Thread turning = Thread.ofPlatform().start(() -> turnFor(client));
                assertEquals("IKETCP", prefix(peer));
                InputStream in = peer.getInputStream();
                for (long k = 0; k < whole; k++) {
                    byte[] head = in.readNBytes(2);
                    assertEquals(1402, (head[0] & 0xff) << 8 | head[1] & 0xff, "message " + k);
                    in.readNBytes(1400);
                }
                byte[] last = in.readNBytes(2 + 4 + HELLO.length());
                assertEquals(2 + 4 + HELLO.length(), last[1]);
                turning.interrupt();
                turning.join();
            }
        }
    }

    private void turnFor(TcpPort port) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                port.turn(1_000_000, this::took);
            }
        } catch (LinuxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void whoSaysNothingOrSomethingElseIsClosed() throws Exception {
        int at = freePort();
        open(at, SHORT);
        try (Socket silent = new Socket("127.0.0.1", at);
                Socket other = new Socket("127.0.0.1", at)) {
            other.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            turns("the stranger is closed", () -> isClosed(other));
            turns("the silent one is closed", () -> isClosed(silent));
        }
        assertEquals(List.of(), came);
    }

    @Test
    void whoIsProvenStaysAndWhoIsNotHasADeadline() throws Exception {
        int at = freePort();
        TcpPort gateway = open(at, SHORT);
        TcpPort client = open(0, TcpLimits.USUAL);
        Path proven = path(freePort(), at);
        Path idle = path(freePort(), at);
        client.dial(proven);
        client.dial(idle);
        turns("connected", () -> up.size() == 2);
        client.send(proven, HELLO);
        turns("came", () -> came.size() == 1);
        gateway.keep(came.getFirst().path());
        turns("the idle one is closed", () -> down.size() == 1);
        came.clear();
        client.send(proven, HELLO);
        turns("the other one goes on", () -> came.size() == 1);
        gateway.hangUp(came.getFirst().path());
        turns("it has its time again", () -> down.size() >= 2);
    }

    /// Of one address 3 unproven ones, of all addresses 4.
    @Test
    void tooManyAreRefused() throws Exception {
        int at = freePort();
        open(at, new TcpLimits(8, 6, 4, 3, Duration.ofSeconds(9), Duration.ofSeconds(9)));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                sockets.add(new Socket("127.0.0.1", at));
            }
            turns("the fourth is closed", () -> isClosed(sockets.get(3)));
            assertEquals(3, sockets.stream().filter(s -> !isClosed(s)).count());
            for (int i = 6; i < 8; i++) {
                sockets.add(
                        new Socket(
                                InetAddress.getByName("127.0.0.1"),
                                at,
                                InetAddress.getByName("127.0.0." + i),
                                0));
            }
            turns("the oldest makes room", () -> isClosed(sockets.getFirst()));
            assertEquals(4, sockets.stream().filter(s -> !isClosed(s)).count());
        } finally {
            for (Socket s : sockets) {
                s.close();
            }
        }
    }

    @Test
    void writingAllocatesNothing() throws Exception {
        int at = freePort();
        open(at, TcpLimits.USUAL);
        TcpPort client = open(0, TcpLimits.USUAL);
        Path ours = path(freePort(), at);
        client.dial(ours);
        turns("connected", () -> up.size() == 1);
        TcpWriter writer = client.writer();
        PacketBatch batch = packets(ours, 8, 40);
        Thread reading = Thread.ofPlatform().start(() -> read(ports.getFirst()));
        assertEquals(0, Allocation.octetsWhenWarm(() -> writer.write(batch)));
        reading.interrupt();
        reading.join();
    }

    private static void read(TcpPort port) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                port.turn(1_000_000, _ -> {});
            }
        } catch (LinuxException e) {
            throw new IllegalStateException(e);
        }
    }
}

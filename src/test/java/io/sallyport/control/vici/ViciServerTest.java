package io.sallyport.control.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.Trouble;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server on a real socket with an operator that says what the test wants.
@Timeout(30)
final class ViciServerTest implements ViciOperator {
    @TempDir Path folder;

    private final List<Sink> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private Path socket = Path.of("/");
    private ViciServer server;

    @BeforeEach
    void start() throws Trouble {
        socket = folder.resolve("vici");
        server = ViciServer.bind(socket, this);
        server.serve();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    public ViciMessage answer(ViciCommand command, ViciMessage request, Sink stream) {
        if (command == ViciCommand.STATS) {
            throw new IllegalStateException("planted");
        }
        if (command == ViciCommand.INITIATE) {
            return waiting(stream);
        }
        for (int i = 0; i < request.number("events", 0); i++) {
            stream.tell(ViciEvent.LIST_SA, ViciMessage.with().put("number", i).done());
        }
        return ViciMessage.with().put("command", command.toString()).done();
    }

    /// Something that never comes to an end by itself.
    private ViciMessage waiting(Sink stream) {
        try {
            stream.tell(ViciEvent.CONTROL_LOG, ViciMessage.EMPTY);
            hungUp.await();
            stream.tell(ViciEvent.CONTROL_LOG, ViciMessage.EMPTY);
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            interrupted.countDown();
        }
        return ViciMessage.EMPTY;
    }

    @Override
    public Listening listen(Sink sink) {
        listeners.add(sink);
        return new Listening() {
            @Override
            public void more() {}

            @Override
            public void close() {
                listeners.remove(sink);
            }
        };
    }

    private SocketChannel open() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static ViciPacket ask(ViciChannel channel, ViciPacket packet)
            throws IOException, ViciException {
        channel.write(packet);
        return channel.read().orElseThrow();
    }

    private static ViciPacket.Request request(ViciCommand command, long events) {
        return new ViciPacket.Request(
                command.toString(), ViciMessage.with().put("events", events).done());
    }

    @Test
    void onlyTheOwnerMayCall() throws IOException {
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void aCommandIsAnsweredAndAnUnknownOneIsCalledSo() throws IOException, ViciException {
        try (ViciChannel channel = new ViciChannel(open())) {
            ViciPacket.Response version =
                    assertInstanceOf(
                            ViciPacket.Response.class,
                            ask(channel, request(ViciCommand.VERSION, 0)));
            assertEquals("version", version.message().text("command").orElseThrow());
            assertInstanceOf(
                    ViciPacket.UnknownCommand.class,
                    ask(channel, new ViciPacket.Request("nonsense", ViciMessage.EMPTY)));
            assertInstanceOf(
                    ViciPacket.UnknownEvent.class,
                    ask(channel, new ViciPacket.Register("nonsense")));
        }
    }

    /// charon: events of a request go to who registered them, before the answer.
    @Test
    void eventsOfARequestComeBeforeItsAnswerToWhoRegistered() throws IOException, ViciException {
        try (ViciChannel channel = new ViciChannel(open())) {
            assertInstanceOf(
                    ViciPacket.Response.class, ask(channel, request(ViciCommand.LIST_SAS, 3)));
            assertInstanceOf(
                    ViciPacket.Confirmed.class, ask(channel, new ViciPacket.Register("list-sa")));
            ViciPacket packet = ask(channel, request(ViciCommand.LIST_SAS, 5000));
            for (int i = 0; i < 5000; i++) {
                ViciPacket.Event event = assertInstanceOf(ViciPacket.Event.class, packet);
                assertEquals("list-sa", event.event());
                assertEquals(i, event.message().number("number", -1));
                packet = channel.read().orElseThrow();
            }
            assertInstanceOf(ViciPacket.Response.class, packet);
            assertInstanceOf(
                    ViciPacket.Confirmed.class, ask(channel, new ViciPacket.Unregister("list-sa")));
            assertInstanceOf(
                    ViciPacket.UnknownEvent.class,
                    ask(channel, new ViciPacket.Unregister("list-sa")));
        }
    }

    @Test
    void whatHappensIsToldToWhoListensAndToNobodyAfterwards() throws IOException, ViciException {
        try (ViciChannel channel = new ViciChannel(open())) {
            ask(channel, new ViciPacket.Register("ike-updown"));
            assertTrue(listeners.getFirst().wants(ViciEvent.IKE_UPDOWN));
            assertFalse(listeners.getFirst().wants(ViciEvent.LOG));
            listeners.getFirst().tell(ViciEvent.LOG, ViciMessage.EMPTY);
            listeners.getFirst().tell(ViciEvent.IKE_UPDOWN, ViciMessage.EMPTY);
            ViciPacket.Event event =
                    assertInstanceOf(ViciPacket.Event.class, channel.read().orElseThrow());
            assertEquals("ike-updown", event.event());
            ask(channel, new ViciPacket.Unregister("ike-updown"));
            assertEquals(List.of(), listeners);
        }
    }

    @Test
    void aCallerThatDoesNotReadIsSentAwayAndHoldsNobodyUp() throws IOException, ViciException {
        try (ViciChannel channel = new ViciChannel(open())) {
            ask(channel, new ViciPacket.Register("log"));
            Sink sink = listeners.getFirst();
            ViciMessage line = ViciMessage.with().put("msg", "x".repeat(10_000)).done();
            for (int i = 0; i < 5000; i++) {
                sink.tell(ViciEvent.LOG, line); // would block for ever if it waited
            }
            Optional<ViciPacket> packet = Optional.of(new ViciPacket.Confirmed());
            while (packet.isPresent()) {
                packet = next(channel);
            }
        }
    }

    /// What remained in the socket, then the end.
    private static Optional<ViciPacket> next(ViciChannel channel) throws ViciException {
        try {
            return channel.read();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// `swanctl --initiate`, and Ctrl-C: nobody waits for the answer any more.
    @Test
    void aCallerThatHangsUpEndsTheCommandItWaitedFor()
            throws IOException, ViciException, InterruptedException {
        try (ViciChannel channel = new ViciChannel(open())) {
            ask(channel, new ViciPacket.Register("control-log"));
            assertInstanceOf(
                    ViciPacket.Event.class, ask(channel, request(ViciCommand.INITIATE, 0)));
        }
        hungUp.countDown();
        assertTrue(interrupted.await(10, TimeUnit.SECONDS), "it waits for ever");
    }

    @Test
    void aBugEndsTheSessionAndNotTheServer() throws IOException, ViciException {
        try (ViciChannel channel = new ViciChannel(open())) {
            ViciPacket.Response sorry =
                    assertInstanceOf(
                            ViciPacket.Response.class, ask(channel, request(ViciCommand.STATS, 0)));
            assertEquals("no", sorry.message().text("success").orElseThrow());
            assertEquals(Optional.empty(), channel.read());
        }
        aCommandIsAnsweredAndAnUnknownOneIsCalledSo();
    }

    @Test
    void aFrameThatIsTooLongOrNoViciEndsTheSession() throws IOException, ViciException {
        for (ByteBuffer wrong :
                List.of(
                        ByteBuffer.allocate(4).putInt(ViciChannel.FRAME_LIMIT + 1).flip(),
                        ByteBuffer.allocate(4).putInt(-1).flip(),
                        ByteBuffer.allocate(4).putInt(0).flip(),
                        ByteBuffer.allocate(5).putInt(1).put((byte) 9).flip(),
                        ByteBuffer.allocate(5).putInt(1).put((byte) 5).flip())) {
            try (SocketChannel caller = open()) {
                caller.write(wrong);
                assertEquals(-1, caller.read(ByteBuffer.allocate(1)));
            }
        }
        aCommandIsAnsweredAndAnUnknownOneIsCalledSo();
    }

    @Test
    void afterTheEndThereIsNoSocket() throws IOException, ViciException {
        try (ViciChannel channel = new ViciChannel(open())) {
            ask(channel, request(ViciCommand.VERSION, 0));
            server.close();
            assertEquals(Optional.empty(), next(channel));
        }
        assertFalse(Files.exists(socket));
    }
}

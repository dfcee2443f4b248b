package io.sallyport.control.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.Site;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.Answer;
import io.sallyport.testkit.Await;
import io.sallyport.testkit.MemoryOperator;
import io.sallyport.testkit.Views;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both ends over a real unix socket.
class ControlSocketTest {
    @TempDir Path folder;

    private final MemoryOperator operator = new MemoryOperator();

    private Path socket() {
        return folder.resolve("control.sock");
    }

    @Test
    void everyQuestionIsAnswered() throws Trouble {
        try (ControlServer _ = ControlServer.start(socket(), operator);
                ControlClient client = ControlClient.connect(socket())) {
            assertEquals(operator.version(), client.version());
            assertEquals(Views.status(), client.status());
            assertEquals(Views.verify(), client.verify(List.of("10.0.1.20")));
            assertEquals(operator.answer, client.up(List.of("Tunnel1", "Tunnel2")));
            assertEquals(operator.answer, client.down(List.of()));
            assertEquals(operator.answer, client.rekey("Tunnel1", "net"));
            operator.answer = Answer.refused("no connection 'x'", "see `sallyport status`");
            assertEquals(operator.answer, client.up(List.of("x")));
            operator.log.addAll(List.of("one", "two \"quoted\" \u00e9", "three"));
            assertEquals(List.of("two \"quoted\" \u00e9", "three"), client.log(2));
            assertTrue(client.stop().done());
            assertEquals(0, operator.stopped.getCount());
        }
        assertEquals(
                List.of(
                        "verify [10.0.1.20]",
                        "up [Tunnel1, Tunnel2]",
                        "down []",
                        "rekey Tunnel1 net",
                        "up [x]"),
                operator.asked);
    }

    @Test
    void aLoadRequestArrivesAsItWasSent() throws Trouble {
        LoadRequest full =
                new LoadRequest(
                        List.of(Path.of("/etc/a b.txt"), Path.of("/etc/\u00fc.conf")),
                        new Site(
                                List.of(IpPrefix.of("10.0.0.0/16"), IpPrefix.of("2001:db8::/32")),
                                IpAddress.of("10.9.0.4"),
                                true));
        LoadRequest bare = new LoadRequest(List.of(Path.of("/x")), Site.UNSAID);
        try (ControlServer _ = ControlServer.start(socket(), operator);
                ControlClient client = ControlClient.connect(socket())) {
            client.load(full);
            client.load(bare);
        }
        assertEquals(List.of("load " + full, "load " + bare), operator.asked);
    }

    @Test
    void atNoMomentMayAnotherUserConnect() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Set<String> modes = java.util.concurrent.ConcurrentHashMap.newKeySet();
        AtomicInteger looks = new AtomicInteger();
        Thread watcher = Thread.ofPlatform().start(() -> watch(over, modes, looks));
        for (int i = 0; i < 100; i++) {
            ControlServer.start(socket(), operator).close();
        }
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            int seen = looks.get();
            Await.until("one more look", () -> looks.get() > seen + 1);
        }
        over.set(true);
        watcher.join();
        assertEquals(Set.of("rw-------"), modes);
    }

    private void watch(AtomicBoolean over, Set<String> modes, AtomicInteger looks) {
        while (!over.get()) {
            try {
                modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
            } catch (IOException _) {
                // not there at this moment
            }
            looks.incrementAndGet();
        }
    }

    @Test
    void aFolderMadeForTheSocketIsClosedToOthers() throws Exception {
        Path deep = folder.resolve("run/sallyport/control.sock");
        try (ControlServer _ = ControlServer.start(deep, operator)) {
            for (Path made : List.of(folder.resolve("run"), folder.resolve("run/sallyport"))) {
                assertEquals(
                        "rwx------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
            }
        }
    }

    @Test
    void nothingIsLeftAfterClose() throws Exception {
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            assertTrue(Files.exists(socket()));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
        Trouble trouble =
                assertThrows(Trouble.class, () -> ControlClient.connect(socket()).close());
        assertEquals(Exit.UNAVAILABLE, trouble.exit());
        assertEquals(
                "no daemon answers on " + socket() + ": is `sallyport run` running?",
                trouble.what());
    }

    @Test
    void aSocketWhereNobodyAnswersIsReplaced() throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertTrue(Files.exists(socket()), "Java leaves the file, as a killed daemon does");
        Trouble trouble =
                assertThrows(Trouble.class, () -> ControlClient.connect(socket()).close());
        assertEquals(
                "no daemon answers on " + socket() + ": it was left by one that was killed",
                trouble.what());
        try (ControlServer _ = ControlServer.start(socket(), operator);
                ControlClient client = ControlClient.connect(socket())) {
            assertEquals(MemoryOperator.NOBODY, client.version().pid());
        }
    }

    @Test
    void aSecondDaemonIsTurnedAway() throws Trouble {
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            Trouble trouble =
                    assertThrows(
                            Trouble.class, () -> ControlServer.start(socket(), operator).close());
            assertEquals(Exit.UNAVAILABLE, trouble.exit());
            assertEquals("a daemon already runs on " + socket(), trouble.what());
            try (ControlClient client = ControlClient.connect(socket())) {
                assertEquals(
                        MemoryOperator.NOBODY, client.version().pid(), "the first one goes on");
            }
        }
    }

    @Test
    void aForeignServerIsLeftAlone() throws Exception {
        try (ServerSocketChannel foreign = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            foreign.bind(UnixDomainSocketAddress.of(socket()));
            Trouble trouble =
                    assertThrows(
                            Trouble.class, () -> ControlServer.start(socket(), operator).close());
            assertEquals("a daemon already runs on " + socket(), trouble.what());
            assertTrue(Files.exists(socket()));
        }
    }

    @Test
    void aFileThatIsNoSocketIsNeverRemoved() throws Exception {
        Files.writeString(socket(), "precious");
        Trouble trouble =
                assertThrows(Trouble.class, () -> ControlServer.start(socket(), operator).close());
        assertEquals(Exit.CANNOT_CREATE, trouble.exit());
        assertEquals(socket() + " exists and is no socket", trouble.what());
        assertEquals("precious", Files.readString(socket()));
    }

    @Test
    void ofManyThatStartAtOnceOneListens() throws Exception {
        List<ControlServer> started = new CopyOnWriteArrayList<>();
        List<Thread> starters = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            starters.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    started.add(ControlServer.start(socket(), operator));
                                } catch (Trouble _) {
                                    // turned away
                                }
                            }));
        }
        for (Thread starter : starters) {
            starter.join();
        }
        assertEquals(1, started.size());
        started.getFirst().close();
    }

    @Test
    void theAnswerToStopGoesOutThoughTheServerCloses() throws Trouble {
        for (int i = 0; i < 50; i++) {
            ControlServer server = ControlServer.start(socket(), operator);
            operator.onStop = server::close;
            try (ControlClient client = ControlClient.connect(socket())) {
                assertEquals("the daemon stops", client.stop().text());
            }
        }
    }

    @Test
    void aPathTooLongForTheKernelIsSaidSo() {
        Path deep = folder.resolve("x".repeat(120)).resolve("control.sock");
        Trouble trouble =
                assertThrows(Trouble.class, () -> ControlServer.start(deep, operator).close());
        assertEquals("the socket path is longer than 107 octets: " + deep, trouble.what());
    }

    @Test
    void aFollowerGetsTheLastLinesAndEveryNewOneWithoutAGap() throws Exception {
        operator.log.addAll(List.of("old 1", "old 2"));
        List<String> got = new CopyOnWriteArrayList<>();
        ControlServer server = ControlServer.start(socket(), operator);
        Thread reader =
                Thread.ofVirtual()
                        .start(() -> {
                            try (ControlClient client = ControlClient.connect(socket())) {
                                client.follow(1, got::add);
                                got.add("(end)");
                            } catch (Trouble trouble) {
                                got.add(trouble.what());
                            }
                        });
        Await.until("the follower is there", () -> operator.followers.get() == 1);
        for (int i = 0; i < 1000; i++) {
            operator.tell("new " + i);
        }
        Await.until("all lines", () -> got.size() == 1001);
        assertEquals("old 2", got.getFirst());
        assertEquals("new 0", got.get(1));
        assertEquals("new 999", got.getLast());
        server.close();
        reader.join();
        assertEquals("(end)", got.getLast());
        Await.until("the follower is forgotten", () -> operator.followers.get() == 0);
    }

    @Test
    void aFollowerThatGoesAwayIsForgotten() throws Exception {
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                caller.write(java.nio.ByteBuffer.wrap("{\"verb\":\"follow\"}\n".getBytes("ASCII")));
                Await.until("the follower is there", () -> operator.followers.get() == 1);
            }
            Await.until("the follower is forgotten", () -> operator.followers.get() == 0);
        }
    }

    @Test
    void aSlowFollowerIsToldHowMuchItLost() throws Exception {
        AtomicBoolean read = new AtomicBoolean();
        List<String> got = new CopyOnWriteArrayList<>();
        String wide = "x".repeat(1000);
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (ControlClient client = ControlClient.connect(socket())) {
                            client.follow(
                                    0,
                                    line -> {
                                        Await.until("may read", read::get);
                                        return got.add(line);
                                    });
                        } catch (Trouble _) {
                            // at the end
                        }
                    });
            Await.until("the follower is there", () -> operator.followers.get() == 1);
            for (int i = 0; i < 3 * Session.FOLLOW_QUEUE; i++) {
                operator.tell(wide);
            }
            read.set(true);
            Await.until(
                    "the loss is told",
                    () -> got.stream().anyMatch(l -> l.endsWith("the reader is too slow)")));
        }
        long lost =
                got.stream()
                        .filter(l -> l.startsWith("("))
                        .mapToLong(l -> Long.parseLong(l.substring(1, l.indexOf(' '))))
                        .sum();
        assertTrue(lost > 0 && lost < 3 * Session.FOLLOW_QUEUE, "lost " + lost);
    }

    @Test
    void oneCallerTooManyIsSentAwayAndRoomComesBack() throws Exception {
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            List<ControlClient> callers = new ArrayList<>();
            for (int i = 0; i < ControlServer.SESSION_LIMIT; i++) {
                ControlClient caller = ControlClient.connect(socket());
                caller.version();
                callers.add(caller);
            }
            try (ControlClient late = ControlClient.connect(socket())) {
                Trouble trouble = assertThrows(Trouble.class, late::version);
                assertTrue(trouble.what().contains("too many callers"), trouble.what());
            }
            callers.forEach(ControlClient::close);
            Await.until("room again", this::answers);
        }
    }

    private boolean answers() {
        try (ControlClient client = ControlClient.connect(socket())) {
            return client.version().pid() == MemoryOperator.NOBODY;
        } catch (Trouble _) {
            return false;
        }
    }

    @Test
    void aBugInTheOperatorEndsTheSessionAndNotTheServer() throws Exception {
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            try (ControlClient client = ControlClient.connect(socket())) {
                Trouble trouble = assertThrows(Trouble.class, () -> client.rekey("bug", ""));
                assertTrue(trouble.what().contains("a bug in sallyport"), trouble.what());
            }
            assertTrue(answers());
        }
    }

    @Test
    void theLockOutlivesNoDaemonAndAStaleLockFileHindersNobody() throws Exception {
        Files.writeString(folder.resolve("control.sock.lock"), "99999\n");
        try (ControlServer _ = ControlServer.start(socket(), operator)) {
            assertTrue(answers());
        }
        assertFalse(Files.exists(folder.resolve("control.sock.lock")));
        assertThrows(NoSuchFileException.class, () -> Files.size(folder.resolve("control.sock")));
    }
}

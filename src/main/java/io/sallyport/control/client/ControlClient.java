package io.sallyport.control.client;

import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.TraceRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Arguments;
import io.sallyport.control.protocol.BadMessageException;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.protocol.LineChannel;
import io.sallyport.control.protocol.Reply;
import io.sallyport.control.protocol.Request;
import io.sallyport.control.protocol.Verb;
import io.sallyport.control.view.Answer;
import io.sallyport.control.view.CaptureView;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TraceView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VersionView;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Asks a running daemon. One thread uses it; every question waits for its answer.
public final class ControlClient implements AutoCloseable {
    /// Where a daemon listens unless told otherwise.
    public static final Path DEFAULT_SOCKET = Path.of("/run/sallyport/control.sock");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path socket;
    private final LineChannel lines;
    private final Duration patience;

    private ControlClient(Path socket, LineChannel lines, Duration patience) {
        this.socket = socket;
        this.lines = lines;
        this.patience = patience;
    }

    /// @throws Trouble if no daemon answers on `socket`
    public static ControlClient connect(Path socket) throws Trouble {
        return connect(socket, PATIENCE);
    }

    /// @param patience how long to wait for each answer
    static ControlClient connect(Path socket, Duration patience) throws Trouble {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw noDaemon(socket, e);
        }
        return new ControlClient(
                socket, new LineChannel(channel, LineChannel.REPLY_LIMIT), patience);
    }

    private static Trouble noDaemon(Path socket, IOException e) {
        boolean forbidden = String.valueOf(e.getMessage()).contains("ermission denied");
        if (forbidden) {
            return new Trouble(
                    Exit.NOT_PERMITTED,
                    "no permission to ask the daemon on " + socket,
                    "run this as root, or as the user the daemon runs as");
        }
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return new Trouble(
                    Exit.UNAVAILABLE,
                    "no daemon answers on " + socket + ": it was left by one that was killed",
                    "`sallyport down` cleans up after it, `sallyport up FILE` starts a new one");
        }
        return new Trouble(
                Exit.UNAVAILABLE,
                "no daemon answers on " + socket + ": is `sallyport run` running?",
                "start one with `sallyport up FILE`, or name its socket with --socket");
    }

    public VersionView version() throws Trouble {
        return ask(Verb.VERSION, Arguments.none(), VersionView.class);
    }

    public StatusView status() throws Trouble {
        return ask(Verb.STATUS, Arguments.none(), StatusView.class);
    }

    public VerifyView verify(List<String> hosts) throws Trouble {
        return ask(Verb.VERIFY, Arguments.none().with("hosts", hosts), VerifyView.class);
    }

    public Answer load(LoadRequest request) throws Trouble {
        return ask(Verb.LOAD, Arguments.of(request), Answer.class);
    }

    public Answer up(List<String> connections) throws Trouble {
        return ask(Verb.UP, Arguments.none().with("connections", connections), Answer.class);
    }

    public Answer down(List<String> connections) throws Trouble {
        return ask(Verb.DOWN, Arguments.none().with("connections", connections), Answer.class);
    }

    public Answer rekey(String connection, String child) throws Trouble {
        Arguments which = Arguments.none().with("connection", connection).with("child", child);
        return ask(Verb.REKEY, which, Answer.class);
    }

    public List<SadView> sad() throws Trouble {
        return List.of(ask(Verb.SAD, Arguments.none(), SadView[].class));
    }

    public List<SpdView> spd() throws Trouble {
        return List.of(ask(Verb.SPD, Arguments.none(), SpdView[].class));
    }

    /// @param peer a connection, an address or an identity; empty: all
    public List<FailureView> why(String peer) throws Trouble {
        return List.of(ask(Verb.WHY, Arguments.none().with("peer", peer), FailureView[].class));
    }

    public TraceView trace(TraceRequest request) throws Trouble {
        return ask(Verb.TRACE, Arguments.of(request), TraceView.class);
    }

    public Answer stop() throws Trouble {
        return ask(Verb.STOP, Arguments.none(), Answer.class);
    }

    public List<String> log(int count) throws Trouble {
        String[] found = ask(Verb.LOG, Arguments.none().with("lines", count), String[].class);
        return List.of(found);
    }

    /// Hands every line of the log to `taker` until the daemon ends or `taker` says false. Nothing
    /// else can be asked on this connection after that.
    public void follow(int backlog, Predicate<String> taker) throws Trouble {
        try {
            lines.write(new Request(Verb.FOLLOW, Arguments.none().with("lines", backlog)).emit());
            while (true) {
                Optional<String> line = lines.read();
                if (line.isEmpty()) {
                    return;
                }
                switch (Reply.parse(line.get())) {
                    case Reply.Line(String text) -> {
                        if (!taker.test(text)) {
                            return;
                        }
                    }
                    case Reply.Done _ -> {
                        return;
                    }
                    case Reply.Failed(String what) -> throw refused(what);
                }
            }
        } catch (IOException e) {
            throw gone(e);
        } catch (BadMessageException e) {
            throw strange(e);
        }
    }

    /// Hands every piece of a capture to `taker` until it ends or `taker` says false. Nothing else
    /// can be asked on this connection after that.
    ///
    /// @return what the daemon says at the end; empty if it did not get to it
    public Optional<CaptureView> capture(CaptureRequest request, Predicate<CapturePiece> taker)
            throws Trouble {
        try {
            lines.write(new Request(Verb.CAPTURE, Arguments.of(request)).emit());
            while (true) {
                Optional<String> line = lines.read();
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                switch (Reply.parse(line.get())) {
                    case Reply.Line(String text) -> {
                        if (!taker.test(CapturePiece.parse(text))) {
                            return Optional.empty();
                        }
                    }
                    case Reply.Done done -> {
                        return Optional.of(done.as(CaptureView.class));
                    }
                    case Reply.Failed(String what) -> throw refused(what);
                }
            }
        } catch (IOException e) {
            throw gone(e);
        } catch (BadMessageException e) {
            throw strange(e);
        }
    }

    private <T> T ask(Verb verb, Arguments arguments, Class<T> answer) throws Trouble {
        CountDownLatch answered = new CountDownLatch(1);
        Thread.ofVirtual().name("control-patience").start(() -> closeUnless(answered));
        try {
            Optional<String> line = exchange(new Request(verb, arguments).emit());
            if (line.isEmpty()) {
                throw gone(new IOException("it closed the connection"));
            }
            return switch (Reply.parse(line.get())) {
                case Reply.Done done -> done.as(answer);
                case Reply.Failed(String what) -> throw refused(what);
                case Reply.Line _ -> throw new BadMessageException("a line that nobody asked for");
            };
        } catch (IOException e) {
            throw gone(e);
        } catch (BadMessageException e) {
            throw strange(e);
        } finally {
            answered.countDown();
        }
    }

    /// A daemon that sends us away says why before it closes, perhaps before it has read.
    private Optional<String> exchange(String request) throws IOException, BadMessageException {
        try {
            lines.write(request);
        } catch (IOException e) {
            Optional<String> reason = lines.read();
            if (reason.isEmpty()) {
                throw e;
            }
            return reason;
        }
        return lines.read();
    }

    private void closeUnless(CountDownLatch answered) {
        try {
            if (!answered.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                lines.close();
            }
        } catch (InterruptedException | IOException _) {
            // The question fails by itself.
        }
    }

    private Trouble gone(IOException e) {
        return new Trouble(
                Exit.UNAVAILABLE,
                "the daemon on "
                        + socket
                        + " did not answer"
                        + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                "see what it says with `sallyport log`");
    }

    private Trouble refused(String what) {
        return new Trouble(
                Exit.PROTOCOL,
                "the daemon on " + socket + " did not understand: " + what,
                "compare `sallyport version`: program and daemon may differ");
    }

    private Trouble strange(BadMessageException e) {
        return new Trouble(
                Exit.PROTOCOL,
                "the daemon on "
                        + socket
                        + " sent what this program does not understand: "
                        + e.what(),
                "compare `sallyport version`: program and daemon may differ");
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException _) {
            // the daemon sees the end either way
        }
    }
}

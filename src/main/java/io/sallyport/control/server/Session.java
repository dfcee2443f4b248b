package io.sallyport.control.server;

import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.protocol.Arguments;
import io.sallyport.control.protocol.BadMessageException;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.protocol.LineChannel;
import io.sallyport.control.protocol.Reply;
import io.sallyport.control.protocol.Request;
import io.sallyport.control.protocol.Verb;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// One caller: requests are answered in order; a bad one is answered and the next is read.
final class Session {
    private static final int LOG_LINES = 1000;
    private static final int LOG_LINES_LIMIT = 100_000;

    /// Lines that wait for a slow follower; what comes above is counted and told as lost.
    static final int FOLLOW_QUEUE = 4096;

    private final LineChannel lines;
    private final Operator operator;
    private final boolean room;
    private final Consumer<Session> ended;
    private boolean answering;
    private boolean ending;

    Session(SocketChannel caller, Operator operator, boolean room, Consumer<Session> ended) {
        this.lines = new LineChannel(caller, LineChannel.REQUEST_LIMIT);
        this.operator = operator;
        this.room = room;
        this.ended = ended;
    }

    void serve() {
        try (lines) {
            if (!room) {
                lines.write(new Reply.Failed("too many callers at once").emit());
                return;
            }
            boolean more = true;
            while (more) {
                more = exchange();
            }
        } catch (IOException _) {
            // The caller went away.
        } finally {
            ended.accept(this);
        }
    }

    /// False at the end of the session.
    private boolean exchange() throws IOException {
        Request request;
        try {
            Optional<String> line = lines.read();
            if (line.isEmpty()) {
                return false;
            }
            request = Request.parse(line.get());
        } catch (BadMessageException e) {
            lines.write(new Reply.Failed(e.what()).emit());
            return !e.fatal();
        }
        if (!begin()) {
            return false;
        }
        try {
            if (request.verb() == Verb.FOLLOW) {
                finish();
                follow(request.arguments().number("lines", 10, LOG_LINES_LIMIT));
                return false;
            }
            if (request.verb() == Verb.CAPTURE) {
                CaptureRequest wanted = request.arguments().capture();
                finish();
                capture(wanted);
                return false;
            }
            lines.write(answer(request).emit());
        } catch (BadMessageException e) {
            lines.write(new Reply.Failed(e.what()).emit());
        } catch (RuntimeException e) {
            // House rule: "a bug ends the session, never the daemon".
            lines.write(new Reply.Failed("a bug in sallyport: " + e).emit());
            return false;
        } finally {
            finish();
        }
        return true;
    }

    private synchronized boolean begin() {
        answering = !ending;
        return answering;
    }

    private synchronized void finish() {
        answering = false;
        if (ending) {
            hangUp();
        }
    }

    private Reply answer(Request request) throws BadMessageException {
        Arguments with = request.arguments();
        return switch (request.verb()) {
            case VERSION -> Reply.Done.of(operator.version());
            case STATUS -> Reply.Done.of(operator.status());
            case VERIFY -> Reply.Done.of(operator.verify(with.texts("hosts")));
            case LOAD -> Reply.Done.of(operator.load(with.load()));
            case UP -> Reply.Done.of(operator.up(with.texts("connections")));
            case DOWN -> Reply.Done.of(operator.down(with.texts("connections")));
            case REKEY ->
                    Reply.Done.of(operator.rekey(with.text("connection"), with.text("child")));
            case SAD -> Reply.Done.of(operator.sad().toArray(SadView[]::new));
            case SPD -> Reply.Done.of(operator.spd().toArray(SpdView[]::new));
            case WHY -> Reply.Done.of(operator.why(with.text("peer")).toArray(FailureView[]::new));
            case TRACE -> Reply.Done.of(operator.trace(with.trace()));
            case STOP -> Reply.Done.of(operator.stop());
            case LOG ->
                    Reply.Done.of(
                            operator.recent(with.number("lines", LOG_LINES, LOG_LINES_LIMIT)));
            case FOLLOW, CAPTURE -> throw new IllegalStateException("a stream has no one answer");
        };
    }

    /// Writes lines as they come until the caller closes or the server does.
    private void follow(int backlog) throws IOException {
        BlockingQueue<Optional<String>> waiting = new ArrayBlockingQueue<>(FOLLOW_QUEUE);
        AtomicLong lost = new AtomicLong();
        Thread watcher = Thread.ofVirtual().start(() -> awaitEnd(waiting));
        AutoCloseable subscription =
                operator.follow(
                        backlog,
                        line -> {
                            if (!waiting.offer(Optional.of(line))) {
                                lost.incrementAndGet();
                            }
                        });
        try (lines) {
            while (true) {
                Optional<String> line = waiting.take();
                if (line.isEmpty()) {
                    return;
                }
                lines.write(new Reply.Line(line.get()).emit());
                long gone = lost.getAndSet(0);
                if (gone > 0) {
                    lines.write(
                            new Reply.Line("(" + gone + " lines lost: the reader is too slow)")
                                    .emit());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            unsubscribe(subscription);
            watcher.interrupt();
        }
    }

    /// Writes pieces of a capture as they come until it ends, the caller closes or the server does.
    private void capture(CaptureRequest wanted) throws IOException {
        try (lines;
                CaptureStream stream = operator.capture(wanted)) {
            Thread watcher = Thread.ofVirtual().start(() -> awaitEnd(stream));
            try {
                Optional<CapturePiece> piece = stream.next();
                while (piece.isPresent()) {
                    lines.write(new Reply.Line(piece.get().emit()).emit());
                    piece = stream.next();
                }
                lines.write(Reply.Done.of(stream.end()).emit());
            } finally {
                watcher.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whatever a reader of a capture says, and its end, ends the capture.
    private void awaitEnd(CaptureStream stream) {
        try {
            lines.read();
        } catch (IOException | BadMessageException _) {
            // the end as well
        }
        stream.close();
    }

    /// A follower says nothing more: whatever it sends, and its end, ends the stream.
    private void awaitEnd(BlockingQueue<Optional<String>> waiting) {
        try {
            lines.read();
        } catch (IOException | BadMessageException _) {
            // the end as well
        }
        while (!waiting.offer(Optional.empty())) {
            waiting.poll();
        }
    }

    private static void unsubscribe(AutoCloseable subscription) {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("the log cannot let go of a reader", e);
        }
    }

    /// Ends the session; an answer that is on its way still goes out, that to `stop` above all.
    synchronized void close() {
        ending = true;
        if (!answering) {
            hangUp();
        }
    }

    private void hangUp() {
        try {
            lines.close();
        } catch (IOException _) {
            // closed enough
        }
    }
}

package io.sallyport.testkit;

import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.TraceRequest;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.control.server.Operator;
import io.sallyport.control.view.Answer;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TraceView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VersionView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A daemon in memory: remembers what it was asked, answers what it was given.
public final class MemoryOperator implements Operator {
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public final List<String> log = new CopyOnWriteArrayList<>();
    public final List<CapturePiece> pieces = new CopyOnWriteArrayList<>();
    public final AtomicInteger followers = new AtomicInteger();
    public final CountDownLatch stopped = new CountDownLatch(1);

    /// More than Linux gives (`PID_MAX_LIMIT`, 4194304): nobody's, nor any thread's.
    public static final long NOBODY = 5_000_000;

    public volatile long pid = NOBODY;
    public volatile Runnable onStop = () -> {};
    public volatile StatusView status = Views.status();
    public volatile VerifyView verify = Views.verify();
    public volatile Answer answer = Answer.done("as you say", List.of("Tunnel1"));

    private final List<Consumer<String>> listeners = new ArrayList<>();

    @Override
    public VersionView version() {
        return new VersionView("0.1.0", "25.0.1", pid);
    }

    @Override
    public StatusView status() {
        return status;
    }

    @Override
    public VerifyView verify(List<String> hosts) {
        asked.add("verify " + hosts);
        return verify;
    }

    @Override
    public Answer load(LoadRequest request) {
        asked.add("load " + request);
        return answer;
    }

    @Override
    public Answer up(List<String> connections) {
        asked.add("up " + connections);
        return answer;
    }

    @Override
    public Answer down(List<String> connections) {
        asked.add("down " + connections);
        return answer;
    }

    @Override
    public Answer rekey(String connection, String child) {
        asked.add("rekey " + connection + " " + child);
        if (connection.equals("bug")) {
            throw new IllegalStateException("planted");
        }
        return answer;
    }

    @Override
    public List<SadView> sad() {
        return List.of(Views.sad());
    }

    @Override
    public List<FailureView> why(String peer) {
        asked.add("why " + peer);
        return peer.equals("nobody") ? List.of() : List.of(Views.failure());
    }

    @Override
    public List<SpdView> spd() {
        return List.of(Views.spd());
    }

    @Override
    public TraceView trace(TraceRequest request) {
        asked.add("trace " + request);
        return request.link().isEmpty()
                ? new TraceView(
                        "",
                        List.of(new TraceView.Step("policy", "none covers it: NO_POLICY", true)))
                : new TraceView("", List.of(new TraceView.Step("send", "in UDP", false)));
    }

    /// What a capture tells, and then waits for its end if it has no count.
    @Override
    public CaptureStream capture(CaptureRequest request) {
        asked.add("capture " + request);
        followers.incrementAndGet();
        return new MemoryCapture(pieces, request.count() == 0, followers::decrementAndGet);
    }

    @Override
    public Answer stop() {
        stopped.countDown();
        onStop.run();
        return Answer.done("the daemon stops", List.of());
    }

    @Override
    public List<String> recent(int lines) {
        return log.subList(Math.max(0, log.size() - lines), log.size());
    }

    @Override
    public synchronized AutoCloseable follow(int backlog, Consumer<String> lines) {
        recent(backlog).forEach(lines);
        listeners.add(lines);
        followers.incrementAndGet();
        return () -> {
            synchronized (this) {
                listeners.remove(lines);
                followers.decrementAndGet();
            }
        };
    }

    /// Logs a line as a daemon would.
    public synchronized void tell(String line) {
        log.add(line);
        listeners.forEach(listener -> listener.accept(line));
    }
}

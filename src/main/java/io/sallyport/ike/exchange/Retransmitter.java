package io.sallyport.ike.exchange;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.spec.RetransmitSpec;
import java.util.List;

/// Sends one message again until it is answered or hope is lost.
public final class Retransmitter {
    private final RetransmitSpec spec;
    private List<Octets> message = List.of();
    private int sent;
    private long deadline = Deadlines.NEVER;

    public Retransmitter(RetransmitSpec spec) {
        this.spec = spec;
    }

    /// What came of a tick.
    public enum Outcome {
        WAITING,
        SENT_AGAIN,
        GIVEN_UP
    }

    /// Sends `first` and begins to wait for its answer.
    public void start(Octets first, Path path, long now, Outbox out) {
        start(List.of(first), path, now, out);
    }

    /// The same for a message that travels in several datagrams (RFC 7383).
    public void start(List<Octets> first, Path path, long now, Outbox out) {
        message = List.copyOf(first);
        sent = 1;
        deadline = now + spec.wait(1).toNanos();
        send(path, out);
    }

    /// The path takes `whole`, or it does not: sent once with DF, after `wait` nanoseconds and from then
    /// on as `parts`, which say the same.
    public void startWhole(
            Octets whole, List<Octets> parts, long wait, Path path, long now, Outbox out) {
        message = List.copyOf(parts);
        sent = 1;
        deadline = now + wait;
        out.add(new Output.SendWhole(path, whole));
    }

    /// Begins anew with the same message, along another path.
    public void again(Path path, long now, Outbox out) {
        start(message, path, now, out);
    }

    private void send(Path path, Outbox out) {
        message.forEach(m -> out.add(new Output.Send(path, m)));
    }

    /// The answer came: no more retransmission. The message is kept for [#repeat].
    public void stop() {
        deadline = Deadlines.NEVER;
    }

    /// The peer repeated what this message answered: it did not get our answer.
    public void repeat(Path path, Outbox out) {
        send(path, out);
    }

    /// Nothing is to be repeated any more.
    public void forget() {
        stop();
        message = List.of();
    }

    public Outcome tick(Path path, long now, Outbox out) {
        if (now < deadline) {
            return Outcome.WAITING;
        }
        if (sent > spec.tries()) {
            deadline = Deadlines.NEVER;
            return Outcome.GIVEN_UP;
        }
        sent++;
        deadline = now + spec.wait(sent).toNanos();
        send(path, out);
        return Outcome.SENT_AGAIN;
    }

    public long deadline() {
        return deadline;
    }

    /// Transmissions so far.
    public int sent() {
        return sent;
    }
}

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

    /// What has the next turn, if not `message` has all of them.
    private List<Octets> other = List.of();

    private int sent;

    /// TCP carries it: it is waited for, not repeated.
    private boolean once;

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
        other = List.of();
        sent = 1;
        // RFC 9329, 6.2: "The exchange Initiator SHOULD NOT retransmit request message [...]; if no
        // response is received within some reasonable period of time, the IKE SA is deleted."
        once = path.tcp();
        deadline = now + (once ? spec.patience() : spec.wait(1)).toNanos();
        send(path, out);
    }

    /// Finds out whether the path takes `whole`: sent with DF, after `wait` nanoseconds once more
    /// without, where routers may cut it. A path that lets no fragment through must not be the end
    /// of the IKE SA: after that it is `small`, which asks the same, by turns with `whole`.
    ///
    /// RFC 7296, 2.1, wants a repetition to be the same message, and a peer that has one of them
    /// answers that one only: so each has its turns.
    public void startWhole(Octets whole, Octets small, long wait, Path path, long now, Outbox out) {
        boolean cut = !path.remote().address().v6();
        once = false;
        message = List.of(cut ? whole : small);
        other = List.of(cut ? small : whole);
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
        other = List.of();
        message = List.of();
    }

    public Outcome tick(Path path, long now, Outbox out) {
        if (now < deadline) {
            return Outcome.WAITING;
        }
        if (once || sent > spec.tries()) {
            deadline = Deadlines.NEVER;
            return Outcome.GIVEN_UP;
        }
        sent++;
        deadline = now + spec.wait(sent).toNanos();
        send(path, out);
        if (!other.isEmpty()) {
            List<Octets> next = other;
            other = message;
            message = next;
        }
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

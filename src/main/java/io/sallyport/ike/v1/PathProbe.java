package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Output;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.ProtocolId;
import java.util.List;

/// Asks whether the path takes a packet of some size: an R-U-THERE (RFC 3706) with a notification
/// of a private type behind it that makes it long, in one piece that nobody may cut. Its number
/// tells its answer from that of a short one, sent twice if the long one has none: an answer to
/// that means that the peer is there, and so that the long one was too large or was lost.
///
/// ```text
///  HDR*, HASH, N(R-U-THERE, n), N(39919, zeros)  with DF  -->
///                                <--  HDR*, HASH, N(R-U-THERE-ACK, n)       it passes
///  HDR*, HASH, N(R-U-THERE, n + 1)  -->
///                                <--  HDR*, HASH, N(R-U-THERE-ACK, n + 1)   it does not
/// ```
final class PathProbe {
    /// RFC 2408, 3.14.1: 32768 to 40959 are for private use, and are a status.
    static final int PADDING = 0x9bef;

    private static final long LEAST = 250_000_000;
    private static final long MOST = 1_000_000_000;
    private static final int SHORT_ONES = 2;

    /// What a probe needs of what it runs under.
    interface Line {
        Path path();

        int nextNumber();

        int newMessageId();

        Octets sealed(int messageId, List<Payload> payloads);

        Octets cookies();

        void put(Output output);
    }

    private final Line line;
    private final Path path;
    private final long patience;
    private final long begun;
    private final int number;
    private final int octets;
    private final int[] numbers = new int[SHORT_ONES];
    private int tries;
    private long deadline;

    /// Sends the long one.
    ///
    /// @param wanted octets of the IP packet
    /// @param rtt the last round trip in nanoseconds, -1: not known
    PathProbe(Line line, int wanted, long rtt, long now) {
        this.line = line;
        this.path = line.path();
        this.patience = rtt < 0 ? MOST : Math.clamp(4 * rtt, LEAST, MOST);
        this.begun = now;
        this.number = line.nextNumber();
        int before =
                (path.remote().address().v6() ? 48 : 28) + (path.local().port() == 500 ? 0 : 4);
        int room = wanted - before;
        int id = line.newMessageId();
        int data = Math.max(0, room - message(id, 0).length());
        Octets whole = message(id, data);
        while (whole.length() > room && data > 0) {
            whole = message(id, --data); // what is sealed grows by blocks
        }
        this.octets = before + whole.length();
        this.deadline = now + patience;
        line.put(new Output.SendWhole(path, whole));
    }

    private Octets message(int id, int padding) {
        return line.sealed(
                id,
                List.of(
                        thereYou(number),
                        new Notification(
                                1,
                                ProtocolId.ISAKMP,
                                line.cookies(),
                                PADDING,
                                Octets.owned(new byte[padding]))));
    }

    private Notification thereYou(int ordinal) {
        return new Notification(
                1, ProtocolId.ISAKMP, line.cookies(), NotifyType.R_U_THERE, Octets.ofInt(ordinal));
    }

    /// Round trip of the long one, if this answers it; else -1.
    long onAnswer(Octets data, long now) {
        if (data.equals(Octets.ofInt(number))) {
            end(true);
            return now - begun;
        }
        for (int i = 0; i < tries; i++) {
            if (data.equals(Octets.ofInt(numbers[i]))) {
                end(false);
            }
        }
        return -1;
    }

    private void end(boolean passed) {
        if (!isOver()) {
            deadline = Deadlines.NEVER;
            line.put(new Output.Probed(path, octets, passed));
        }
    }

    /// No answer to any of them says nothing: the peer may be gone, and dead peer detection looks
    /// after that.
    void onTick(long now) {
        if (isOver() || now < deadline) {
            return;
        }
        if (tries == SHORT_ONES) {
            deadline = Deadlines.NEVER;
            return;
        }
        numbers[tries] = line.nextNumber();
        line.put(
                new Output.Send(
                        path, line.sealed(line.newMessageId(), List.of(thereYou(numbers[tries])))));
        tries++;
        deadline = now + MOST;
    }

    boolean isOver() {
        return deadline == Deadlines.NEVER;
    }

    long nextDeadline() {
        return deadline;
    }
}

package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import java.util.function.IntSupplier;

/// Asks whether the path takes a packet of some size: an INFORMATIONAL request, padded by a notify
/// of a private type. RFC 7296, 3.10.1: types of status that an implementation does not know "MUST
/// be ignored".
///
/// It goes once in one piece that nobody may cut, a second later in small parts: an answer to
/// those only means that the piece was too large. No answer means nothing, as far as the path goes.
public final class PathProbe implements Task {
    /// Of the range for private use, 40960..65535.
    public static final int PADDING = 0xbeef;

    private final Path path;
    private final int wanted;
    private final Outbox out;
    private int octets;
    private IntSupplier sent = () -> 1;

    /// @param wanted octets of the IP packet
    public PathProbe(Path path, int wanted, Outbox out) {
        this.path = path;
        this.wanted = wanted;
        this.out = out;
    }

    @Override
    public String name() {
        return "probe of the path with " + wanted + " octets";
    }

    /// Octets of the IP packet that is asked for.
    public int octets() {
        return wanted;
    }

    /// @param size octets of the IP packet it became
    /// @param times how often it was sent
    public void is(int size, IntSupplier times) {
        octets = size;
        sent = times;
    }

    /// @param data octets of the padding
    public static List<Payload> payloads(int data) {
        return List.of(new Notify(0, Octets.EMPTY, PADDING, Octets.owned(new byte[data])));
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(ExchangeType.INFORMATIONAL, List.of());
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        out.add(new Output.Probed(path, octets, sent.getAsInt() == 1));
        return new Step.Done();
    }
}

package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/// Asks whether the path takes a packet of some size: an INFORMATIONAL request, padded by a notify
/// of a private type. RFC 7296, 3.10.1: types of status that an implementation does not know "MUST
/// be ignored".
///
/// It goes once in one piece that nobody may cut, a little later in one that routers may cut: an
/// answer to that only means that the piece was too large. No answer means nothing, as far as the
/// path goes. Parts after RFC 7383 would not do: strongSwan with the mediation extension takes an
/// INFORMATIONAL that does not begin with SK for a check of connectivity, and throws it away.
public final class PathProbe implements Task {
    /// Of the range for private use, 40960..65535.
    public static final int PADDING = 0xbeef;

    private static final long LEAST = 250_000_000;
    private static final long MOST = 1_000_000_000;

    private final Path path;
    private final int wanted;
    private final EngineContext context;
    private final long patience;
    private final LongConsumer rtt;
    private int octets;
    private IntSupplier sent = () -> 1;
    private long begun;

    /// @param wanted octets of the IP packet
    /// @param before the last round trip in nanoseconds, -1: not known
    /// @param rtt is told the round trip of what passed
    public PathProbe(Path path, int wanted, long before, LongConsumer rtt, EngineContext context) {
        this.patience = before < 0 ? MOST : Math.clamp(4 * before, LEAST, MOST);
        this.rtt = rtt;
        this.path = path;
        this.wanted = wanted;
        this.context = context;
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

    /// How long to wait for an answer before it goes without DF.
    public long patience() {
        return patience;
    }

    /// @param data octets of the padding
    public static List<Payload> payloads(int data) {
        return List.of(new Notify(0, Octets.EMPTY, PADDING, Octets.owned(new byte[data])));
    }

    @Override
    public Step begin(long now) {
        begun = now;
        return new Step.Send(ExchangeType.INFORMATIONAL, List.of());
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        boolean passed = sent.getAsInt() == 1;
        if (passed) {
            rtt.accept(now - begun);
        }
        context.out().add(new Output.Probed(path, octets, passed));
        return new Step.Done();
    }
}

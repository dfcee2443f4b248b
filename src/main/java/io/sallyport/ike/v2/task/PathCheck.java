package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Asks along another path whether the peer is there, before its word is believed: an authentic
/// packet proves who made it, not where it came from. COOKIE2 (RFC 4555, 3.7) shows that the answer
/// is not an older one; a peer without MOBIKE leaves it out of its answer.
public final class PathCheck implements Task {
    private final Ground ground;
    private final Path path;
    private final Octets cookie;
    private final boolean strict;
    private final LongConsumer arrived;
    private boolean missed;

    /// A peer with or without MOBIKE, whose packets come from elsewhere.
    public PathCheck(Ground ground, Path path) {
        this(ground, path, false, _ -> ground.connection().onSessionMoved(ground.session(), path));
    }

    /// A peer with MOBIKE, which gives COOKIE2 back.
    ///
    /// @param arrived what is done once it has answered, told the time
    public PathCheck(Ground ground, Path path, LongConsumer arrived) {
        this(ground, path, true, arrived);
    }

    private PathCheck(Ground ground, Path path, boolean strict, LongConsumer arrived) {
        this.ground = ground;
        this.path = path;
        this.strict = strict;
        this.arrived = arrived;
        this.cookie = ground.context().entropy().octets(16);
    }

    /// Whether the peer's own word is checked that it is elsewhere.
    public boolean isOfMove() {
        return strict;
    }

    /// Nobody answered along the path. The request has an ID of the window and goes another way
    /// from now on: its answer says that the peer is there, and nothing of this path.
    public void miss() {
        missed = true;
    }

    public boolean isMissed() {
        return missed;
    }

    @Override
    public String name() {
        return "check of " + path.remote();
    }

    @Override
    public Optional<Path> along() {
        return Optional.of(path);
    }

    @Override
    public Step begin(long now) {
        return path.equals(ground.path())
                ? new Step.Done()
                : new Step.Send(
                        ExchangeType.INFORMATIONAL, List.of(Notify.of(NotifyType.COOKIE2, cookie)));
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        Optional<Notify> back = answer.notify(NotifyType.COOKIE2.number());
        boolean proven = back.isPresent() ? back.get().data().equals(cookie) : !strict;
        if (proven && !missed) {
            arrived.accept(now);
        }
        return new Step.Done();
    }
}

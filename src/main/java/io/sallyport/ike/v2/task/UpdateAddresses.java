package io.sallyport.ike.v2.task;

import io.sallyport.base.net.Path;
import io.sallyport.model.event.Event;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells the peer that we are elsewhere: UPDATE_SA_ADDRESSES along the new path (RFC 4555, 3.5).
public final class UpdateAddresses implements Task {
    private final Ground ground;
    private final Path path;
    private final NatCheck check;
    private final boolean forced;
    private final List<Notify> others;
    private final Arrival arrived;

    /// Told what is between us on the new path, once the peer has answered there.
    public interface Arrival {
        void at(NatCheck.Finding found, long now);
    }

    /// @param forced whether NAT traversal is used even where there is no NAT
    /// @param others what is said of our other addresses; nothing if that stays as it was
    public UpdateAddresses(
            Ground ground,
            Path path,
            NatCheck check,
            boolean forced,
            List<Notify> others,
            Arrival arrived) {
        this.ground = ground;
        this.path = path;
        this.check = check;
        this.forced = forced;
        this.others = List.copyOf(others);
        this.arrived = arrived;
    }

    @Override
    public String name() {
        return "move to " + path.local();
    }

    @Override
    public Optional<Path> along() {
        return Optional.of(path);
    }

    @Override
    public Step begin(long now) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Notify.of(NotifyType.UPDATE_SA_ADDRESSES));
        payloads.addAll(check.payloads(path, forced));
        payloads.addAll(others);
        return new Step.Send(ExchangeType.INFORMATIONAL, payloads);
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        Optional<Notify> error = answer.error();
        if (error.isPresent()) {
            // UNACCEPTABLE_ADDRESSES: the SA stays where it was, as far as the peer goes
            ground.context()
                    .tell(
                            new Event.Failed(
                                    ground.failure(
                                            name(),
                                            "the peer answers "
                                                    + NotifyType.name(error.get().notifyType()),
                                            path.toString(),
                                            "")));
            return new Step.Done();
        }
        NatCheck.Finding found = check.find(answer, path);
        arrived.at(forced ? new NatCheck.Finding(true, found.peer()) : found, now);
        return new Step.Done();
    }
}

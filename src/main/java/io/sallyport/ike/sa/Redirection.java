package io.sallyport.ike.sa;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AddressSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Where gateways that we called send us on to (RFC 5685).
public final class Redirection {
    /// RFC 5685, 7: so often in so long a time, then it is a loop.
    private static final int MOST = 5;

    private static final long WITHIN = 300 * 1_000_000_000L;
    private static final long NONE = -1;

    private final EngineContext context;
    private final Connection connection;
    private final Deque<Long> times = new ArrayDeque<>();
    private Optional<IpAddress> by = Optional.empty();
    private long lookup = NONE;

    Redirection(EngineContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
    }

    /// Who sent us to the gateway that we are calling.
    public Optional<IpAddress> by() {
        return by;
    }

    /// That call came to an end, a good one or a bad one.
    void over() {
        by = Optional.empty();
    }

    /// Whether that happened too often by now, or is no business of ours: we were called.
    public boolean isInCircles(long now) {
        times.removeIf(t -> now - t >= WITHIN);
        return !connection.isHome() || times.size() >= MOST;
    }

    /// The gateway that `session` goes to sends us on. An IKE SA that stands is replaced when the
    /// new one does; one that is being negotiated is over.
    public void sentOn(IkeSession session, AddressSpec to, long now) {
        times.add(now);
        by = Optional.of(session.path().remote().address());
        context.tell(
                new Event.Noticed(
                        connection.name(), session.path(), "the gateway sends us on to " + to));
        if (session.phase() == IkeSession.Phase.CLOSED) {
            connection.forget(session);
        }
        if (connection.current().isPresent()) {
            beside(to);
        } else {
            connection.pursuit().callElsewhere(to, now);
        }
    }

    /// A new IKE SA there, which takes over from the one that stands.
    private void beside(AddressSpec to) {
        lookup = context.newLookup();
        context.out()
                .add(
                        new Output.Resolve(
                                lookup,
                                connection.name(),
                                connection.spec().local().address(),
                                to));
    }

    /// @return whether the answer was meant for us
    boolean onResolved(Input.Resolved answer, long now) {
        if (lookup == NONE || answer.lookup() != lookup) {
            return false;
        }
        lookup = NONE;
        if (!answer.paths().isEmpty() && !connection.isInitiating()) {
            Path path = connection.pursuit().asConfigured(answer.paths().getFirst());
            connection.call(path, now);
        } else {
            over();
        }
        return true;
    }
}

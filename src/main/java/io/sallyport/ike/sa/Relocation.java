package io.sallyport.ike.sa;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.spec.ConnectionSpec;

/// Looks where we are when addresses of this machine changed, and moves the IKE SA that can be moved
/// (RFC 4555).
final class Relocation {
    private static final long NONE = -1;

    private final EngineContext context;
    private final Connection connection;
    private long lookup = NONE;

    Relocation(EngineContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
    }

    /// Addresses came or went: the newest look-up is the one that counts.
    void begin() {
        if (connection.current().filter(IkeSession::isMovable).isPresent()) {
            ConnectionSpec spec = connection.spec();
            lookup = context.newLookup();
            context.out()
                    .add(
                            new Output.Resolve(
                                    lookup,
                                    spec.name(),
                                    spec.local().address(),
                                    spec.remote().address()));
        }
    }

    /// @return whether the answer was meant for us
    boolean onResolved(Input.Resolved answer, long now) {
        if (lookup == NONE || answer.lookup() != lookup) {
            return false;
        }
        lookup = NONE;
        connection
                .current()
                .filter(IkeSession::isMovable)
                .ifPresent(s ->
                        answer.paths().stream()
                                .filter(p -> p.remote().address().equals(remote(s)))
                                .findFirst()
                                .or(() -> answer.paths().stream().findFirst())
                                .filter(p -> !isThere(s, p))
                                .ifPresent(p -> s.relocate(p, now)));
        return true;
    }

    private static IpAddress remote(IkeSession s) {
        return s.path().remote().address();
    }

    private static boolean isThere(IkeSession s, Path p) {
        return p.local().address().equals(s.path().local().address())
                && p.remote().address().equals(remote(s));
    }
}

package io.sallyport.ike.sa;

import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.spec.AddressSpec;

/// Looks where we are when addresses of this machine changed, and moves the IKE SA that can be
/// moved (RFC 4555).
final class Relocation {
    private static final long NONE = -1;

    private final EngineContext context;
    private final Connection connection;
    private long lookup = NONE;

    Relocation(EngineContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
    }

    /// Addresses came or went: the newest look-up is the one that counts. The peer stays where it
    /// is.
    void begin() {
        connection
                .current()
                .filter(IkeSession::isMovable)
                .ifPresent(s -> {
                    lookup = context.newLookup();
                    context.out()
                            .add(
                                    new Output.Resolve(
                                            lookup,
                                            connection.name(),
                                            connection.spec().local().address(),
                                            new AddressSpec.Fixed(s.path().remote().address())));
                });
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
                                .filter(p ->
                                        p.remote().address().equals(s.path().remote().address()))
                                .findFirst()
                                .filter(p ->
                                        !p.local().address().equals(s.path().local().address()))
                                .ifPresent(p -> s.relocate(p, now)));
        return true;
    }
}

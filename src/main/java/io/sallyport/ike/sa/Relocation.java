package io.sallyport.ike.sa;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.spec.AddressSpec;
import java.util.Optional;

/// Looks where we are when addresses of this machine changed, or how to get to another address of
/// the peer's, and moves the IKE SA that can be moved (RFC 4555).
public final class Relocation {
    private final EngineContext context;
    private final Connection connection;
    private final Redirection redirection;

    /// The newest look-up, which is the one that counts.
    private Optional<LookUp> current = Optional.empty();

    /// @param session that is to be moved
    /// @param sought whether the peer is where it was not before
    private record LookUp(long number, IkeSession session, boolean sought) {}

    Relocation(EngineContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
        this.redirection = new Redirection(context, connection);
    }

    /// Where the gateways that we called send us on to.
    public Redirection redirection() {
        return redirection;
    }

    /// Addresses of this machine came or went. The peer stays where it is.
    public void onAddressesChanged(long now) {
        if (connection.isHome()) {
            begin();
        }
        connection.sessions().forEach(s -> s.onAddressesChanged(now));
    }

    private void begin() {
        connection
                .current()
                .filter(IkeSession::isMovable)
                .ifPresent(s -> lookUp(s, s.path().remote().address(), false));
    }

    /// The peer does not answer: perhaps at `remote`.
    public void seek(IkeSession session, IpAddress remote) {
        lookUp(session, remote, true);
    }

    /// Nobody answers by UDP. RFC 9329, 5.1: "When switching from UDP to TCP, a new IKE_SA_INIT
    /// exchange MUST be initiated with the Initiator's new SPI and with recalculated content of
    /// NAT_DETECTION_*_IP notifications."
    ///
    /// @param session that is over
    public void fallBack(IkeSession session, long now) {
        int port = connection.spec().ike().path().tcp().port();
        connection.forget(session);
        connection.call(session.path().overTcp(0, port), now);
    }

    private void lookUp(IkeSession session, IpAddress remote, boolean sought) {
        long number = context.newLookup();
        current = Optional.of(new LookUp(number, session, sought));
        context.out()
                .add(
                        new Output.Resolve(
                                number,
                                connection.name(),
                                connection.spec().local().address(),
                                new AddressSpec.Fixed(remote)));
    }

    /// @return whether the answer was meant for us
    boolean onResolved(Input.Resolved answer, long now) {
        Optional<LookUp> meant = current.filter(l -> l.number() == answer.lookup());
        if (meant.isEmpty()) {
            return redirection.onResolved(answer, now);
        }
        current = Optional.empty();
        IkeSession session = meant.get().session();
        if (!session.isMovable()) {
            return true;
        }
        Optional<Path> way = answer.paths().stream().findFirst();
        if (way.isEmpty() && meant.get().sought()) {
            session.onNoWay(now);
        }
        way.filter(p ->
                        meant.get().sought()
                                || !p.local().address().equals(session.path().local().address()))
                .ifPresent(p -> session.relocate(p, now));
        return true;
    }
}

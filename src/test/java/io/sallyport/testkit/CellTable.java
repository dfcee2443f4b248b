package io.sallyport.testkit;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A state table that is tried cell by cell on real engines: what those of both versions of IKE
/// share. It counts, keeps what should not have been, and sees what a cell changed.
public abstract class CellTable {
    private final UnaryOperator<TwoPeers> weakened;
    private final List<String> violations = new ArrayList<>();
    private int cells;
    private int worlds;
    private int proofs;

    /// @param weakened what is done to both peers before they begin: nothing, or, to show that the
    ///   table finds it, something that should never be
    protected CellTable(UnaryOperator<TwoPeers> weakened) {
        this.weakened = weakened;
    }

    public int cells() {
        return cells;
    }

    /// Cells in which an SA came, as it must.
    public int proofs() {
        return proofs;
    }

    public List<String> violations() {
        return violations;
    }

    /// For people.
    protected String summary(int stands, int exchanges, String proof) {
        return cells
                + " cells ("
                + stands
                + " stands, "
                + exchanges
                + " exchange types) on "
                + worlds
                + " pairs of engines: "
                + proofs
                + " with an SA by a verified "
                + proof
                + ", "
                + violations.size()
                + " without";
    }

    protected TwoPeers world(TwoPeers peers) {
        worlds++;
        return weakened.apply(peers);
    }

    protected void cell() {
        cells++;
    }

    protected void proof() {
        proofs++;
    }

    protected void violation(String what) {
        violations.add(what);
    }

    protected static Identity address(String text) {
        return Identity.of(IpAddress.of(text));
    }

    protected static Path pathTo(TwoPeers.Peer to, TwoPeers p) {
        Endpoint a = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint b = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        return to == p.a ? new Path(a, b) : new Path(b, a);
    }

    /// What can be seen of a target.
    ///
    /// @param blamed failures told from which something follows
    protected record Seen(List<String> states, long ikeSas, int children, int held, long blamed) {
        public static Seen of(TwoPeers.Peer peer) {
            return new Seen(
                    peer.engine().views().stream().map(IkeSaView::state).toList(),
                    peer.ikeSas(),
                    peer.backend.size(),
                    peer.engine().sessionsHeld(),
                    peer.events(Event.Failed.class).filter(e -> !e.byStranger()).count());
        }
    }

    /// Nothing is held back or lost any more.
    protected static void freely(TwoPeers p) {
        p.a.withhold(_ -> false);
        p.b.withhold(_ -> false);
        p.middle(f -> f);
    }

    /// After all that was not taken the right peer gets in.
    protected void asUsual(TwoPeers p, Enum<?> stand) {
        if (!p.runUntil(() -> p.a.isUp() && p.b.isUp(), 600 * TwoPeers.SECOND) || !p.exchange()) {
            violation(stand + ": the right peer does not get in afterwards: " + p.a.events);
        }
    }
}

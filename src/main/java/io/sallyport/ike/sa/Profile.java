package io.sallyport.ike.sa;

import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.ike.HandshakeSpec.Unique;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One configured connection, and the [Connection]s with peers that came of it: at home the peer
/// that we call, beside it everybody who called us.
///
/// ```text
///  remote_addrs names one peer    that peer is at home, whoever of the two called
///  %any, a range                  each peer has a connection of its own; who is not authenticated yet waits at home
/// ```
public final class Profile {
    private final EngineContext context;
    private final SessionFactory factory;
    private final ConnectionSpec spec;
    private final Connection home;
    private final LinkedHashSet<Connection> guests = new LinkedHashSet<>();
    private final Map<Identity, Set<Connection>> byPeer = new HashMap<>();
    private boolean loaded = true;

    public Profile(EngineContext context, SessionFactory factory, ConnectionSpec spec) {
        this.context = context;
        this.factory = factory;
        this.spec = spec;
        this.home = new Connection(context, factory, this, true);
    }

    public String name() {
        return spec.name();
    }

    public ConnectionSpec spec() {
        return spec;
    }

    /// Its configuration changed or is gone: who is not authenticated yet is not let in by it.
    public void unload() {
        loaded = false;
    }

    public boolean isLoaded() {
        return loaded;
    }

    public Connection home() {
        return home;
    }

    /// All connections with peers, that at home first.
    public List<Connection> connections() {
        List<Connection> all = new ArrayList<>(1 + guests.size());
        all.add(home);
        all.addAll(guests);
        return all;
    }

    /// Whether nothing is left that needs time.
    public boolean isOver() {
        return home.isOver() && guests.stream().allMatch(Connection::isOver);
    }

    public boolean has(Connection connection) {
        return connection == home || guests.contains(connection);
    }

    // ---- who belongs where

    /// Whether a peer that has just proved who it is must not have another IKE SA (`unique =
    /// keep`). One from the same address is let in: it authenticates anew.
    public boolean refuses(IkeSession session, Identity peer) {
        return spec.ike().handshake().unique() == Unique.KEEP
                && of(peer).stream()
                        .flatMap(c -> c.current().stream())
                        .anyMatch(s ->
                                !s.path()
                                        .remote()
                                        .address()
                                        .equals(session.path().remote().address()));
    }

    /// The connection that an IKE SA belongs to whose peer has just proved who it is.
    public Connection place(IkeSession session, Identity peer) {
        if (session.initiator() || isAtHome(peer)) {
            know(home, peer);
            return home;
        }
        Optional<Connection> same =
                spec.ike().handshake().unique() == Unique.REPLACE
                                || spec.ike().handshake().unique() == Unique.KEEP
                        ? of(peer).stream().findFirst()
                        : Optional.empty();
        return same.orElseGet(() -> {
            Connection guest = new Connection(context, factory, this, false);
            guests.add(guest);
            know(guest, peer);
            return guest;
        });
    }

    private boolean isAtHome(Identity peer) {
        boolean one =
                spec.remote().address() instanceof AddressSpec.Fixed
                        || spec.remote().address() instanceof AddressSpec.Named;
        return one && (home.peer().isEmpty() || home.peer().get().equals(peer) || isEmpty(home));
    }

    private void know(Connection connection, Identity peer) {
        connection.peer().ifPresent(old -> forget(connection, old));
        connection.knows(peer);
        byPeer.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(connection);
    }

    private void forget(Connection connection, Identity peer) {
        Set<Connection> of = byPeer.get(peer);
        if (of != null && of.remove(connection) && of.isEmpty()) {
            byPeer.remove(peer);
        }
    }

    private List<Connection> of(Identity peer) {
        return List.copyOf(byPeer.getOrDefault(peer, Set.of()));
    }

    /// The other connections with the same peer.
    List<Connection> othersOf(Connection connection) {
        return connection
                .peer()
                .map(peer -> of(peer).stream().filter(c -> c != connection).toList())
                .orElse(List.of());
    }

    /// Whether nothing is left of it at all.
    private static boolean isEmpty(Connection c) {
        return c.isOver() && c.ledger().isClear();
    }

    /// Lets go of a guest of whom nothing is left, and of what a peer without an IKE SA was lent.
    ///
    /// @return whether it is gone
    public boolean release(Connection connection) {
        connection.settle();
        if (connection == home || !isEmpty(connection)) {
            return false;
        }
        connection.peer().ifPresent(peer -> forget(connection, peer));
        return guests.remove(connection);
    }

    public List<IkeSaView> views() {
        List<IkeSaView> views = new ArrayList<>(home.views());
        guests.forEach(c -> views.addAll(c.views()));
        return views;
    }
}

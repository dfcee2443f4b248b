package io.sallyport.daemon.vici;

import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// How established SAs were seen last: what closes is gone from the views already, often several at
/// once, and is told as it was. Kept by peer, so that what happens to one of ten thousand looks at
/// its own few only. The IKE loop's thread owns it.
final class LastSeen {
    private final Map<Whose, Peer> peers = new HashMap<>();
    private final Map<String, Peer> byIkeSa = new HashMap<>();
    private final Map<Long, Peer> byChild = new HashMap<>();

    private record Whose(String connection, String remoteId) {}

    /// What is not known to be closed of one peer.
    static final class Peer {
        private final Whose whose;
        private final Map<String, IkeSaView> ikeSas = new LinkedHashMap<>();
        private final Map<Long, ChildSaView> children = new LinkedHashMap<>();

        /// IKE SAs that were told together with what replaced them.
        private final Set<String> replaced = new HashSet<>();

        private Peer(Whose whose) {
            this.whose = whose;
        }

        /// The IKE SA that was established last, of those that fit.
        Optional<IkeSaView> newest(Predicate<IkeSaView> and) {
            return LastSeen.newest(ikeSas.values(), and);
        }

        void replaced(IkeSaView view) {
            replaced.add(Numbers.key(view.keys()));
        }

        boolean isReplaced(IkeSaView view) {
            return replaced.contains(Numbers.key(view.keys()));
        }
    }

    static Optional<IkeSaView> newest(Collection<IkeSaView> among, Predicate<IkeSaView> and) {
        return among.stream()
                .filter(and)
                .max(Comparator.comparingLong(view -> view.times().establishedNanos()));
    }

    void clear() {
        peers.clear();
        byIkeSa.clear();
        byChild.clear();
    }

    boolean isEmpty() {
        return peers.isEmpty();
    }

    void add(IkeSaView view) {
        if (!view.state().equals("ESTABLISHED")) {
            return;
        }
        Peer peer =
                peers.computeIfAbsent(
                        new Whose(view.connection(), view.peer().remoteId()), Peer::new);
        peer.ikeSas.put(Numbers.key(view.keys()), view);
        byIkeSa.put(Numbers.key(view.keys()), peer);
        for (ChildSaView child : view.children()) {
            peer.children.put(child.sa().id(), child);
            byChild.put(child.sa().id(), peer);
        }
    }

    /// The peer of a view, if anything of it was seen.
    Optional<Peer> like(IkeSaView view) {
        return Optional.ofNullable(peers.get(new Whose(view.connection(), view.peer().remoteId())));
    }

    Optional<Peer> ofChild(long id) {
        return Optional.ofNullable(byChild.get(id));
    }

    /// An IKE SA is gone.
    ///
    /// @return how it was, unless that was told with its successor
    Optional<IkeSaView> ikeSaGone(IkeSaView.Keys keys) {
        String key = Numbers.key(keys);
        Peer peer = byIkeSa.remove(key);
        if (peer == null) {
            return Optional.empty();
        }
        IkeSaView view = peer.ikeSas.remove(key);
        boolean told = peer.replaced.remove(key);
        tidy(peer);
        return told ? Optional.empty() : Optional.ofNullable(view);
    }

    /// A child SA is gone; how it was.
    Optional<ChildSaView> childGone(long id) {
        Peer peer = byChild.remove(id);
        if (peer == null) {
            return Optional.empty();
        }
        Optional<ChildSaView> child = Optional.ofNullable(peer.children.remove(id));
        tidy(peer);
        return child;
    }

    private void tidy(Peer peer) {
        if (peer.ikeSas.isEmpty() && peer.children.isEmpty()) {
            peers.remove(peer.whose, peer);
        }
    }
}

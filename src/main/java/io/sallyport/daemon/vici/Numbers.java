package io.sallyport.daemon.vici;

import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The small numbers by which charon's clients know SAs: the unique id of an IKE SA, and the reqid
/// that the SAs of a child share. The IKE loop's thread owns it.
final class Numbers {
    /// By connection, then by [#key].
    private final Map<String, Map<String, Long>> ikeSas = new HashMap<>();

    private final Map<Owner, Long> reqids = new HashMap<>();
    private long lastIkeSa;
    private long lastReqid;

    long ofIkeSa(IkeSaView view) {
        return ikeSas.computeIfAbsent(view.connection(), _ -> new HashMap<>())
                .computeIfAbsent(key(view), _ -> ++lastIkeSa);
    }

    /// Both cookies: the initiator's alone is the peer's choice.
    static String key(IkeSaView view) {
        return view.keys().initiator()
                ? view.keys().initiatorSpi()
                : view.keys().initiatorSpi() + "-" + view.keys().responderSpi();
    }

    long reqid(Owner owner) {
        return reqids.computeIfAbsent(owner, _ -> ++lastReqid);
    }

    /// How many IKE SAs of a connection have a number, those that are gone and not forgotten
    /// included.
    int count(String connection) {
        return ikeSas.getOrDefault(connection, Map.of()).size();
    }

    /// Forgets the IKE SAs of a connection that are gone.
    void keep(String connection, List<IkeSaView> views) {
        Map<String, Long> its = ikeSas.get(connection);
        if (its != null) {
            its.keySet().retainAll(views.stream().map(Numbers::key).collect(Collectors.toSet()));
            if (its.isEmpty()) {
                ikeSas.remove(connection);
            }
        }
    }
}

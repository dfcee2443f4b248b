package io.sallyport.daemon.vici;

import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.Owner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The small numbers by which charon's clients know SAs: the unique id of an IKE SA, and the reqid
/// that the SAs of a child share. The IKE loop's thread owns it.
final class Numbers {
    private final Map<String, Long> ikeSas = new LinkedHashMap<>();
    private final Map<Owner, Long> reqids = new HashMap<>();
    private long lastIkeSa;
    private long lastReqid;

    long ofIkeSa(IkeSaView view) {
        return ikeSas.computeIfAbsent(key(view), _ -> ++lastIkeSa);
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

    /// Forgets IKE SAs that are gone.
    void keep(List<IkeSaView> views) {
        Set<String> live = new HashSet<>();
        views.forEach(view -> live.add(key(view)));
        ikeSas.keySet().retainAll(live);
    }
}

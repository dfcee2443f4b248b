package io.sallyport.daemon.vici;

import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.Owner;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The small numbers by which charon's clients know SAs: the unique id of an IKE SA, and the reqid
/// that the SAs of a child share. The IKE loop's thread owns it.
final class Numbers {
    /// By [#key].
    private final Map<String, Long> ikeSas = new HashMap<>();

    private final Map<Owner, Long> reqids = new HashMap<>();
    private long lastIkeSa;
    private long lastReqid;

    long ofIkeSa(IkeSaView view) {
        return ikeSas.computeIfAbsent(key(view.keys()), _ -> ++lastIkeSa);
    }

    /// Both cookies: the initiator's alone is the peer's choice.
    static String key(IkeSaView.Keys keys) {
        return keys.initiator()
                ? keys.initiatorSpi()
                : keys.initiatorSpi() + "-" + keys.responderSpi();
    }

    long reqid(Owner owner) {
        return reqids.computeIfAbsent(owner, _ -> ++lastReqid);
    }

    /// How many IKE SAs have a number.
    int count() {
        return ikeSas.size();
    }

    /// An IKE SA is gone.
    void forget(IkeSaView.Keys keys) {
        ikeSas.remove(key(keys));
    }

    /// Forgets all but these: what was shown while it was negotiated and came to nothing, too.
    void keep(Stream<IkeSaView> all) {
        ikeSas.keySet().retainAll(all.map(view -> key(view.keys())).collect(Collectors.toSet()));
    }
}

package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.PeerSpec;
import java.util.List;

/// Connections and policies as wanted, as sections, keys in charon's order.
final class ConnSections {
    private final Spelling spelling;

    ConnSections(Spelling spelling) {
        this.spelling = spelling;
    }

    ViciMessage connection(ConnectionSpec spec) {
        ViciMessage.Builder children = ViciMessage.with();
        for (ChildSpec child : spec.children()) {
            children.section(child.name(), child(child));
        }
        ViciMessage.Builder to = ViciMessage.with();
        to.list("local_addrs", List.of(address(spec.local().address())));
        to.list("remote_addrs", List.of(address(spec.remote().address())));
        to.put(
                "version",
                switch (spec.ike().version()) {
                    case IKEV1 -> "IKEv1";
                    case IKEV2 -> "IKEv2";
                });
        to.put("reauth_time", 0);
        to.put("rekey_time", rekeySeconds(spec.ike().lifetime()));
        to.put("unique", spec.ike().unique() ? "UNIQUE_REPLACE" : "UNIQUE_NO");
        if (spec.ike().dpd().isOn()) {
            to.put("dpd_delay", spec.ike().dpd().delay().toSeconds());
            if (!spec.ike().dpd().timeout().isZero()) {
                to.put("dpd_timeout", spec.ike().dpd().timeout().toSeconds());
            }
        }
        to.section("local-1", end(spec.local()));
        to.section("remote-1", end(spec.remote()));
        to.section("children", children.done());
        return ViciMessage.with().section(spec.name(), to.done()).done();
    }

    /// charon has no word for "what the route chooses": any address is ours.
    private static String address(AddressSpec address) {
        return switch (address) {
            case AddressSpec.Fixed fixed -> fixed.toString();
            case AddressSpec.Named named -> named.toString();
            case AddressSpec.Any _, AddressSpec.DefaultRoute _ -> "%any";
        };
    }

    private static ViciMessage end(PeerSpec peer) {
        ViciMessage.Builder to = ViciMessage.with();
        if (!peer.identity().isAny()) {
            to.put("id", Spelling.identity(peer.identity()));
        }
        to.put(
                "class",
                switch (peer.auth()) {
                    case PSK -> "pre-shared key";
                });
        to.list("groups", List.of());
        to.list("cert_policy", List.of());
        to.list("certs", List.of());
        to.list("cacerts", List.of());
        return to.done();
    }

    private ViciMessage child(ChildSpec child) {
        ViciMessage.Builder to = ViciMessage.with();
        to.put("mode", child.mode().name());
        to.put("rekey_time", rekeySeconds(child.lifetime()));
        to.put("rekey_bytes", child.lifetime().octets());
        to.put("rekey_packets", child.lifetime().packets());
        to.put("dpd_action", dpd(child.actions().dpd()));
        to.put("close_action", close(child.actions().close()));
        to.list("local-ts", spelling.selectors(child.selectors().local()));
        to.list("remote-ts", spelling.selectors(child.selectors().remote()));
        return to.done();
    }

    private static long rekeySeconds(LifetimeSpec lifetime) {
        return lifetime.rekey() ? lifetime.life().minus(lifetime.margin()).toSeconds() : 0;
    }

    /// "clear" became "none" in charon's words.
    private static String dpd(Actions.Dpd action) {
        return switch (action) {
            case NONE, CLEAR -> "none";
            case HOLD -> "trap";
            case RESTART -> "start";
        };
    }

    private static String close(Actions.Close action) {
        return switch (action) {
            case NONE -> "none";
            case TRAP -> "trap";
            case START -> "start";
        };
    }

    ViciMessage policy(PolicyEntry entry, ChildSpec child) {
        return ViciMessage.with()
                .section(
                        entry.owner().connection() + "/" + entry.owner().child(),
                        ViciMessage.with()
                                .put("child", entry.owner().child())
                                .put("ike", entry.owner().connection())
                                .put("mode", child.mode().name())
                                .list("local-ts", spelling.selectors(entry.selectors().local()))
                                .list("remote-ts", spelling.selectors(entry.selectors().remote()))
                                .done())
                .done();
    }
}

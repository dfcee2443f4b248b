package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciMessage;
import io.sallyport.creds.store.Vault;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Connections and policies as wanted, as sections, keys in charon's order.
final class ConnSections {
    /// What no dpd_timeout means; charon shows only what was said.
    private static final Duration UNSAID_TIMEOUT = Duration.ofSeconds(150);

    private final Spelling spelling;
    private final Supplier<Vault> vault;

    /// @param vault what the sources that connections name were when they were read
    ConnSections(Spelling spelling, Supplier<Vault> vault) {
        this.spelling = spelling;
        this.vault = vault;
    }

    ViciMessage connection(ConnectionSpec spec) {
        ViciMessage.Builder children = ViciMessage.with();
        for (ChildSpec child : spec.children()) {
            children.section(child.name(), child(child));
        }
        IkeSpec ike = spec.ike();
        ViciMessage.Builder to = ViciMessage.with();
        to.list("local_addrs", addresses(spec.local()));
        to.list("remote_addrs", addresses(spec.remote()));
        to.put(
                "version",
                switch (ike.version()) {
                    case IKEV1 -> "IKEv1";
                    case IKEV2 -> "IKEv2";
                    case ANY -> "IKEv1/2";
                });
        to.put("reauth_time", ike.reauth().toSeconds());
        to.put("rekey_time", rekeySeconds(ike.lifetime()));
        to.put("unique", "UNIQUE_" + ike.handshake().unique().name());
        if (ike.dpd().isOn()) {
            to.put("dpd_delay", ike.dpd().delay().toSeconds());
        }
        if (!ike.dpd().timeout().isZero() && !ike.dpd().timeout().equals(UNSAID_TIMEOUT)) {
            to.put("dpd_timeout", ike.dpd().timeout().toSeconds());
        }
        HandshakeSpec.Ppk ppk = ike.handshake().ppk();
        if (ppk.id().length() > 0) {
            to.put("ppk_id", Spelling.identity(new Identity(Identity.Type.KEY_ID, ppk.id())));
        }
        to.flag("ppk_required", ppk.required());
        rounds("local", spec.local(), spec.negotiates(), to);
        rounds("remote", spec.remote(), spec.negotiates(), to);
        to.section("children", children.done());
        return ViciMessage.with().section(spec.name(), to.done()).done();
    }

    private static List<String> addresses(PeerSpec peer) {
        return peer.addresses().stream().map(ConnSections::address).toList();
    }

    /// charon has no word for "what the route chooses": any address is ours.
    private static String address(AddressSpec address) {
        return switch (address) {
            case AddressSpec.Fixed fixed -> fixed.toString();
            case AddressSpec.Named named -> named.toString();
            case AddressSpec.Within within -> within.toString();
            case AddressSpec.Any _, AddressSpec.DefaultRoute _ -> "%any";
        };
    }

    /// What never negotiates proves nothing: its rounds are of no class.
    private void rounds(String end, PeerSpec peer, boolean negotiates, ViciMessage.Builder to) {
        int number = 0;
        for (AuthSpec round : peer.rounds()) {
            number++;
            to.section(
                    end + "-" + number,
                    negotiates
                            ? round(round)
                            : constraints(ViciMessage.with(), TrustSpec.ANY, List.of()));
        }
    }

    private ViciMessage round(AuthSpec round) {
        ViciMessage.Builder to = ViciMessage.with();
        if (!round.identity().isAny()) {
            to.put("id", Spelling.identity(round.identity()));
        }
        TrustSpec trust = TrustSpec.ANY;
        List<KeySource> certificates = List.of();
        switch (round) {
            case AuthSpec.Psk _ -> to.put("class", "pre-shared key");
            case AuthSpec.Pubkey pubkey -> {
                to.put("class", "public key");
                trust = pubkey.trust();
                certificates = pubkey.certificates();
            }
            case AuthSpec.Eap eap -> {
                to.put("class", "EAP");
                if (!eap.method().isEmpty()) {
                    to.put("eap-type", eap.method().toUpperCase(Locale.ROOT));
                }
                if (eap.vendor() != 0) {
                    to.put("eap-vendor", eap.vendor());
                }
                if (!eap.eapIdentity().isAny()) {
                    to.put("eap_id", Spelling.identity(eap.eapIdentity()));
                }
                if (!eap.server().isAny()) {
                    to.put("aaa_id", Spelling.identity(eap.server()));
                }
                trust = eap.trust();
                certificates = eap.certificates();
            }
            case AuthSpec.Xauth xauth -> {
                to.put("class", "XAuth");
                if (!xauth.backend().isEmpty()) {
                    to.put("xauth", xauth.backend());
                }
                if (!xauth.user().isAny()) {
                    to.put("xauth_id", Spelling.identity(xauth.user()));
                }
            }
            case AuthSpec.Null _ -> to.put("class", "NULL");
        }
        return constraints(to, trust, certificates);
    }

    private ViciMessage constraints(
            ViciMessage.Builder to, TrustSpec trust, List<KeySource> certificates) {
        if (trust.revocation() != TrustSpec.Revocation.RELAXED) {
            to.put("revocation", trust.revocation().name().toLowerCase(Locale.ROOT));
        }
        to.list("groups", trust.groups());
        to.list("cert_policy", trust.policies());
        to.list("certs", subjects(certificates));
        to.list("cacerts", subjects(trust.authorities()));
        return to.done();
    }

    private List<String> subjects(List<KeySource> sources) {
        Vault read = vault.get();
        return sources.stream()
                .flatMap(source -> read.certificate(source).stream())
                .map(c -> Certificates.name(c.getSubjectX500Principal()))
                .toList();
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

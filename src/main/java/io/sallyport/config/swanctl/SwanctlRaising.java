package io.sallyport.config.swanctl;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.ipsecconf.UpdownLine;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.SaProtocol;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.MarkSpec;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.child.PolicySpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.model.spec.ike.PathSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The model to sections: what [SwanctlLowering] reads back as the same model. Files are named
/// absolutely; what is the default is left out.
public final class SwanctlRaising {
    private SwanctlRaising() {}

    public static Tree connection(ConnectionSpec c) {
        Sheaf sheaf = new Sheaf(name(c.name()), Place.CONNECTION, c.origin());
        IkeSpec ike = c.ike();
        boolean v1 = ike.version() == IkeVersion.IKEV1;
        sheaf.put("version", v1 ? 1 : ike.version() == IkeVersion.IKEV2 ? 2 : 0);
        sheaf.put("local_addrs", addresses(c.local()));
        sheaf.put("remote_addrs", addresses(c.remote()));
        sheaf.put("local_port", c.local().port());
        sheaf.put("remote_port", c.remote().port());
        sheaf.list("proposals", ike.proposals());
        sheaf.list("vips", c.addressing().asked());
        sheaf.put("pull", c.addressing().pull());
        path(sheaf, ike.path(), v1);
        if (ike.dpd().isOn()) {
            sheaf.time("dpd_delay", ike.dpd().delay());
            sheaf.time("dpd_timeout", ike.dpd().timeout());
        }
        handshake(sheaf, ike.handshake());
        times(sheaf, ike);
        sheaf.list("pools", c.addressing().pools());
        rounds(sheaf, "local", c.local(), Place.LOCAL, c.origin());
        rounds(sheaf, "remote", c.remote(), Place.REMOTE, c.origin());
        Map<String, Tree> children = new LinkedHashMap<>();
        for (ChildSpec child : c.children()) {
            children.put(name(child.name()), child(child, c.origin()));
        }
        Tree all = sheaf.tree();
        Map<String, Tree> sections = new LinkedHashMap<>(all.sections());
        sections.put("children", new Tree("children", all.at(), Map.of(), children, Map.of()));
        return new Tree(all.name(), all.at(), all.settings(), sections, Map.of());
    }

    /// What a section may be called: other characters become `_`.
    static String name(String name) {
        String safe = name.replaceAll("[#{}=:,.\"\\s]", "_");
        return safe.isEmpty() ? "_" : safe;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    private static String addresses(PeerSpec end) {
        List<String> all = new ArrayList<>();
        for (AddressSpec a : end.addresses()) {
            all.add(a instanceof AddressSpec.DefaultRoute ? "%any" : a.toString());
        }
        return String.join(",", all);
    }

    private static void path(Sheaf sheaf, PathSpec path, boolean v1) {
        if (!v1) {
            sheaf.put("mobike", path.mobike());
        }
        if (path.tcp().use() != PathSpec.Tcp.Use.NO) {
            sheaf.put("tcp", word(path.tcp().use()));
            sheaf.put("tcp_port", path.tcp().port());
        }
        sheaf.put("encap", path.forceEncapsulation());
        sheaf.put("fragmentation", word(path.fragmentation()));
        String dscp = Integer.toBinaryString(path.dscp());
        sheaf.put("dscp", "0".repeat(6 - dscp.length()) + dscp);
    }

    private static void handshake(Sheaf sheaf, HandshakeSpec h) {
        sheaf.put("aggressive", h.aggressive());
        sheaf.put("childless", word(h.childless()));
        sheaf.put("send_certreq", h.certificates().request());
        sheaf.put("send_cert", word(h.certificates().send()));
        sheaf.put("ocsp", word(h.certificates().ocsp()));
        sheaf.put("ppk_id", h.ppk().id().text());
        sheaf.put("ppk_required", h.ppk().required());
        sheaf.put("session_resumption", h.resumption());
        sheaf.put("keyingtries", h.keyingTries());
        sheaf.put("unique", word(h.unique()));
    }

    private static void times(Sheaf sheaf, IkeSpec ike) {
        LifetimeSpec life = ike.lifetime();
        boolean reauth = ike.reauth().isPositive();
        Duration soft = life.life().minus(life.margin());
        if (reauth) {
            sheaf.time("reauth_time", ike.reauth());
        }
        if (!life.rekey() && !reauth) {
            sheaf.time("rekey_time", Duration.ZERO);
            if (!life.life().equals(LifetimeSpec.UNLIMITED)) {
                sheaf.time("over_time", life.life());
            }
            return;
        }
        if (life.rekey()) {
            sheaf.time("rekey_time", soft);
        }
        sheaf.time("over_time", life.margin());
        sheaf.time("rand_time", fuzz(life));
    }

    private static Duration fuzz(LifetimeSpec life) {
        return life.margin().multipliedBy(life.fuzzPercent()).dividedBy(100);
    }

    // ---- authentication

    private static void rounds(
            Sheaf into, String prefix, PeerSpec end, Place place, Origin origin) {
        int number = 0;
        for (AuthSpec auth : end.rounds()) {
            number++;
            Sheaf sheaf = new Sheaf(number == 1 ? prefix : prefix + "-" + number, place, origin);
            boolean ours = place == Place.LOCAL;
            sheaf.put("id", identity(auth.identity()));
            switch (auth) {
                case AuthSpec.Psk _ -> sheaf.put("auth", "psk");
                case AuthSpec.Null _ -> sheaf.put("auth", "null");
                case AuthSpec.Pubkey p -> {
                    sheaf.force(
                            "auth",
                            p.trust().schemes().isEmpty()
                                    ? "pubkey"
                                    : String.join("-", p.trust().schemes()));
                    sources(sheaf, "certs", "cert", p.certificates(), origin);
                    sources(sheaf, "pubkeys", "pubkey", p.keys(), origin);
                    if (!ours) {
                        trust(sheaf, p.trust(), origin);
                    }
                }
                case AuthSpec.Eap e -> eap(sheaf, e, ours, origin);
                case AuthSpec.Xauth x -> {
                    sheaf.put("auth", x.backend().isEmpty() ? "xauth" : "xauth-" + x.backend());
                    if (ours && !x.user().isAny()) {
                        sheaf.put("xauth_id", identity(x.user()));
                    }
                }
            }
            into.section(sheaf.tree());
        }
    }

    private static void eap(Sheaf sheaf, AuthSpec.Eap e, boolean ours, Origin origin) {
        String schemes = String.join("-", e.trust().schemes());
        sheaf.put(
                "auth",
                "eap"
                        + (e.method().isEmpty() ? "" : "-" + e.method())
                        + (e.vendor() == 0 ? "" : "-" + e.vendor())
                        + (schemes.isEmpty() ? "" : ":" + schemes));
        if (!e.eapIdentity().isAny()) {
            sheaf.put("eap_id", identity(e.eapIdentity()));
        }
        if (ours) {
            sources(sheaf, "certs", "cert", e.certificates(), origin);
        }
        if (ours && !e.server().isAny()) {
            sheaf.put("aaa_id", identity(e.server()));
        }
        if (!ours) {
            trust(sheaf, e.trust(), origin);
        }
    }

    private static void trust(Sheaf sheaf, TrustSpec trust, Origin origin) {
        sources(sheaf, "cacerts", "cacert", trust.authorities(), origin);
        if (!trust.authority().isAny()) {
            sheaf.put("ca_id", identity(trust.authority()));
        }
        sheaf.list("groups", trust.groups());
        sheaf.list("cert_policy", trust.policies());
        sheaf.put("revocation", word(trust.revocation()));
    }

    private static void sources(
            Sheaf sheaf, String key, String section, List<KeySource> all, Origin origin) {
        List<String> files = new ArrayList<>();
        int number = 0;
        for (KeySource source : all) {
            switch (source) {
                case KeySource.File f -> files.add(f.path());
                case KeySource.Token t -> {
                    Sheaf one = new Sheaf(section + "-" + ++number, Place.CERTIFICATE, origin);
                    one.put("handle", t.handle()).put("slot", t.slot()).put("module", t.module());
                    sheaf.section(one.tree());
                }
                case KeySource.Inline _ -> {} // only vici has octets in place of a file
            }
        }
        sheaf.list(key, files);
    }

    /// A word that is read back as the same identity.
    public static String identity(Identity id) {
        String text = id.data().text();
        boolean plain = text.matches("[A-Za-z0-9*._@-]+");
        return switch (id.type()) {
            case ANY -> "%any";
            case IPV4_ADDR, IPV6_ADDR -> id.toString();
            case FQDN -> plain && text.indexOf('@') < 0 ? "@" + text : "fqdn:#" + id.data().hex();
            case USER_FQDN -> plain && text.indexOf('@') > 0 ? text : "email:#" + id.data().hex();
            case KEY_ID -> "@#" + id.data().hex();
            case DER_ASN1_DN -> {
                String name = id.toString();
                boolean same = DistinguishedName.encode(name).filter(id.data()::equals).isPresent();
                yield same ? name : "asn1dn:#" + id.data().hex();
            }
            case DER_ASN1_GN -> id.toString();
            case IPV4_ADDR_SUBNET -> "ipv4net:" + id;
            case IPV6_ADDR_SUBNET -> "ipv6net:" + id;
            case IPV4_ADDR_RANGE -> "ipv4range:" + id;
            case IPV6_ADDR_RANGE -> "ipv6range:" + id;
            case REGEX -> text;
            case NULL -> "%null";
        };
    }

    // ---- children

    private static Tree child(ChildSpec child, Origin origin) {
        Sheaf sheaf = new Sheaf(name(child.name()), Place.CHILD, origin);
        proposals(sheaf, child.proposals());
        sheaf.put("local_ts", selectors(child.selectors().local()));
        sheaf.put("remote_ts", selectors(child.selectors().remote()));
        lifetime(sheaf, child.lifetime());
        sheaf.put("mode", word(child.mode()));
        actions(sheaf, child.actions());
        options(sheaf, child.options());
        if (child.link() instanceof LinkSpec.Tunnel t) {
            if (t.mark() != 0) {
                sheaf.put("mark_in", t.mark());
                sheaf.put("mark_out", t.mark());
            }
            sheaf.put("updown", UpdownLine.text(t));
        }
        return sheaf.tree();
    }

    /// AH alone, ESP alone, or ESP with the AH that goes round it.
    private static void proposals(Sheaf sheaf, List<EspProposal> all) {
        List<String> esp = new ArrayList<>();
        List<String> ah = new ArrayList<>();
        for (EspProposal p : all) {
            if (p.protocol() == SaProtocol.AH) {
                ah.add(p.toString().replaceFirst("^ah-", ""));
            } else {
                esp.add(p.within(List.of()).toString());
                p.outer().stream()
                        .map(Object::toString)
                        .filter(w -> !ah.contains(w))
                        .forEach(ah::add);
            }
        }
        sheaf.list("ah_proposals", ah).list("esp_proposals", esp);
    }

    static String selectors(List<TrafficSelector> all) {
        List<String> words = new ArrayList<>();
        for (TrafficSelector s : all) {
            PortRange ports = s.ports();
            String narrow =
                    s.protocol() == 0 && ports.isAny()
                            ? ""
                            : "["
                                    + (s.protocol() == 0 ? "%any" : "" + s.protocol())
                                    + (ports.isAny() ? "" : "/" + ports)
                                    + "]";
            words.add(s.addresses() + narrow);
        }
        return words.isEmpty() ? "dynamic" : String.join(",", words);
    }

    private static void lifetime(Sheaf sheaf, LifetimeSpec life) {
        if (life.rekey()) {
            sheaf.time("rekey_time", life.life().minus(life.margin()));
            sheaf.time("life_time", life.life());
            if (life.fuzzPercent() != 100) {
                sheaf.time("rand_time", fuzz(life));
            }
        } else {
            sheaf.time("rekey_time", Duration.ZERO);
            if (!life.life().equals(LifetimeSpec.UNLIMITED)) {
                sheaf.time("life_time", life.life());
            }
        }
        if (life.octets() > 0) {
            sheaf.put("rekey_bytes", soft(life, life.octets()));
            sheaf.put("life_bytes", life.octets());
        }
        if (life.packets() > 0) {
            sheaf.put("rekey_packets", soft(life, life.packets()));
            sheaf.put("life_packets", life.packets());
        }
    }

    private static long soft(LifetimeSpec life, long limit) {
        double share = (double) life.margin().toMillis() / life.life().toMillis();
        return limit - (long) (limit * share);
    }

    private static void actions(Sheaf sheaf, Actions actions) {
        sheaf.put("start_action", word(actions.start()));
        sheaf.put("close_action", word(actions.close()));
        sheaf.put(
                "dpd_action",
                switch (actions.dpd()) {
                    case NONE -> "none";
                    case CLEAR -> "clear";
                    case HOLD -> "trap";
                    case RESTART -> "restart";
                });
    }

    private static void options(Sheaf sheaf, ChildOptions options) {
        PacketSpec packets = options.packets();
        sheaf.put("replay_window", packets.replayWindow());
        sheaf.put("ipcomp", packets.ipComp());
        packets(sheaf, packets);
        PolicySpec policy = options.policy();
        sheaf.put("policies", policy.install());
        sheaf.put("reqid", policy.reqid());
        sheaf.put("priority", policy.priority());
        sheaf.put("interface", policy.device());
        sheaf.put("label", policy.label());
        MarkSpec marks = policy.marks();
        mark(sheaf, "mark_in", marks.in());
        mark(sheaf, "mark_out", marks.out());
        mark(sheaf, "set_mark_in", marks.setIn());
        mark(sheaf, "set_mark_out", marks.setOut());
        sheaf.put("mark_in_sa", marks.onInboundSa());
        sheaf.put("if_id_in", number(marks.interfaceIn().choice(), marks.interfaceIn().number()));
        sheaf.put(
                "if_id_out", number(marks.interfaceOut().choice(), marks.interfaceOut().number()));
        sheaf.put("updown", options.hook().updown());
        sheaf.put("hostaccess", options.hook().hostAccess());
        sheaf.put("inactivity", options.inactivity().toSeconds() + "s");
    }

    private static void mark(Sheaf sheaf, String key, MarkSpec.Mark mark) {
        if (mark.isSet()) {
            sheaf.put(
                    key,
                    number(mark.choice(), mark.value())
                            + (mark.mask() == -1 ? "" : "/0x" + Integer.toHexString(mark.mask())));
        }
    }

    private static String number(MarkSpec.Choice choice, int value) {
        return switch (choice) {
            case GIVEN -> Integer.toUnsignedString(value);
            case UNIQUE -> "%unique";
            case UNIQUE_DIRECTION -> "%unique-dir";
            case SAME -> "%same";
        };
    }

    // ---- pools, authorities, secrets

    public static Tree pool(PoolSpec pool) {
        Sheaf sheaf = new Sheaf(name(pool.name()), Place.POOL, pool.origin());
        sheaf.list("addrs", pool.addresses());
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (PoolSpec.Attribute a : pool.attributes()) {
            var known = PoolAttribute.find(a.type());
            String key = known.map(PoolAttribute::word).orElse("" + a.type());
            String text = known.map(k -> k.text(a.value())).orElse(a.value().text());
            values.computeIfAbsent(key, _ -> new ArrayList<>()).add(text);
        }
        values.forEach(sheaf::list);
        return sheaf.tree();
    }

    public static Tree authority(AuthoritySpec a) {
        Sheaf sheaf = new Sheaf(name(a.name()), Place.AUTHORITY, a.origin());
        switch (a.certificate()) {
            case KeySource.File f -> sheaf.put("cacert", f.path());
            case KeySource.Token t ->
                    sheaf.put("handle", t.handle()).put("slot", t.slot()).put("module", t.module());
            case KeySource.Inline _ -> {} // only vici has octets in place of a file
        }
        sheaf.list("crl_uris", a.crlUris()).list("ocsp_uris", a.ocspUris());
        return sheaf.put("cert_uri_base", a.uriBase()).tree();
    }

    /// Hexadecimal, so that every octet survives.
    ///
    /// @param number makes the section's name one of its own
    public static Tree secret(SharedSecret secret, int number) {
        Sheaf sheaf = new Sheaf(word(secret.kind()) + "-" + number, Place.SHARED, secret.origin());
        int owner = 0;
        for (Identity id : secret.owners()) {
            sheaf.put("id-" + ++owner, identity(id));
        }
        return sheaf.put("secret", hex(secret.secret())).tree();
    }

    private static String hex(Secret secret) {
        return "0x" + Octets.owned(secret.expose()).hex();
    }

    public static Tree module(ModuleSpec module) {
        return new Sheaf(name(module.name()), Place.MODULE, module.origin())
                .put("path", module.path())
                .tree();
    }

    /// Only for keys in files and on tokens.
    public static Tree key(PrivateKeySpec key, int number) {
        if (key.source() instanceof KeySource.Token t) {
            Sheaf token = new Sheaf("token-" + number, Place.TOKEN, t.origin());
            token.put("handle", t.handle()).put("slot", t.slot()).put("module", t.module());
            byte[] pin = key.passphrase().expose();
            token.put("pin", new String(pin, StandardCharsets.UTF_8));
            Arrays.fill(pin, (byte) 0);
            return token.tree();
        }
        String kind = key.kind() == PrivateKeySpec.Kind.ANY ? "private" : word(key.kind());
        Sheaf sheaf = new Sheaf(kind + "-" + number, Place.KEY, key.source().origin());
        if (key.source() instanceof KeySource.File f) {
            sheaf.put("file", f.path());
        }
        if (key.passphrase().length() > 0) {
            sheaf.put("secret", hex(key.passphrase()));
        }
        return sheaf.tree();
    }

    static void packets(Sheaf sheaf, PacketSpec packets) {
        sheaf.put(
                "tfc_padding",
                packets.tfcPadding() == PacketSpec.TO_MTU ? "mtu" : "" + packets.tfcPadding());
        sheaf.put("tfc_rate", packets.tfcRate());
        sheaf.put(
                "copy_df",
                switch (packets.df()) {
                    case COPY -> "yes";
                    case CLEAR -> "no";
                    case SET -> "set";
                });
        sheaf.put("fragment", packets.cutting() == Cutting.BEFORE_ENCRYPTION ? "before" : "after");
        sheaf.put("copy_ecn", packets.copyEcn());
        sheaf.put(
                "copy_dscp",
                packets.copyDscp() == PacketSpec.CopyDscp.BOTH ? "yes" : word(packets.copyDscp()));
    }
}

package io.sallyport.config.aws;

import io.sallyport.base.Secret;
import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.lower.Addresses;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Proposals;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.RouteSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.model.spec.child.PacketSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// One `ipsec_tunnel` of AWS's XML.
final class XmlTunnel {
    private static final int TCP_AND_IP = 40; // headers that an MSS does not count
    private static final int REPLAY_WINDOW = 32;

    // the strongSwan text leaves them to strongSwan: margintime 9m, rekeyfuzz 100%
    private static final Duration MARGIN = Duration.ofMinutes(9);
    private static final int FUZZ_PERCENT = 100;

    private static final Map<String, String> CIPHERS =
            Map.of(
                    "aes-128-cbc", "aes128",
                    "aes-192-cbc", "aes192",
                    "aes-256-cbc", "aes256",
                    "aes-128-gcm-16", "aes128gcm16",
                    "aes-256-gcm-16", "aes256gcm16",
                    "3des-cbc", "3des");
    private static final Map<String, String> HASHES =
            Map.ofEntries(
                    Map.entry("sha1", "sha1"),
                    Map.entry("sha-1", "sha1"),
                    Map.entry("hmac-sha1-96", "sha1"),
                    Map.entry("sha256", "sha256"),
                    Map.entry("sha2-256", "sha256"),
                    Map.entry("hmac-sha2-256", "sha256"),
                    Map.entry("hmac-sha2-256-128", "sha256"),
                    Map.entry("sha384", "sha384"),
                    Map.entry("sha2-384", "sha384"),
                    Map.entry("hmac-sha2-384", "sha384"),
                    Map.entry("hmac-sha2-384-192", "sha384"),
                    Map.entry("sha512", "sha512"),
                    Map.entry("sha2-512", "sha512"),
                    Map.entry("hmac-sha2-512", "sha512"),
                    Map.entry("hmac-sha2-512-256", "sha512"));
    private static final Map<String, String> GROUPS =
            Map.ofEntries(
                    Map.entry("group2", "modp1024"),
                    Map.entry("group5", "modp1536"),
                    Map.entry("group14", "modp2048"),
                    Map.entry("group15", "modp3072"),
                    Map.entry("group16", "modp4096"),
                    Map.entry("group17", "modp6144"),
                    Map.entry("group18", "modp8192"),
                    Map.entry("group19", "ecp256"),
                    Map.entry("group20", "ecp384"),
                    Map.entry("group21", "ecp521"),
                    Map.entry("group22", "modp1024s160"),
                    Map.entry("group23", "modp2048s224"),
                    Map.entry("group24", "modp2048s256"));

    private final XmlElement tunnel;
    private final String name;
    private final int mark;
    private final Choices choices;
    private final Findings findings;

    XmlTunnel(XmlElement tunnel, String name, int mark, Choices choices, Findings findings) {
        this.tunnel = tunnel;
        this.name = name;
        this.mark = mark;
        this.choices = choices;
        this.findings = findings;
    }

    boolean hasBgp() {
        return side("customer_gateway").flatMap(s -> s.child("bgp")).isPresent()
                || side("vpn_gateway").flatMap(s -> s.child("bgp")).isPresent();
    }

    private Optional<XmlElement> side(String which) {
        return tunnel.child(which);
    }

    Optional<ConnectionSpec> connection() {
        Optional<IpAddress> ours = outside("customer_gateway");
        Optional<IpAddress> theirs = outside("vpn_gateway");
        Optional<IkeSpec> ike = ike();
        Optional<ChildSpec> child = child();
        if (ours.isEmpty() || theirs.isEmpty() || ike.isEmpty() || child.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ConnectionSpec(
                        name,
                        PeerSpec.psk(choices.local(), Identity.of(ours.get())),
                        PeerSpec.psk(
                                new AddressSpec.Fixed(theirs.get()), Identity.of(theirs.get())),
                        ike.get(),
                        List.of(child.get()),
                        tunnel.at().origin()));
    }

    Optional<SharedSecret> secret() {
        Optional<XmlElement> key = within(Optional.of(tunnel), "ike", "pre_shared_key");
        Findings told = new Findings(); // the connection has told what is missing
        XmlTunnel quiet = new XmlTunnel(tunnel, name, mark, choices, told);
        Optional<IpAddress> ours = quiet.outside("customer_gateway");
        Optional<IpAddress> theirs = quiet.outside("vpn_gateway");
        if (key.isEmpty() || key.get().text().isEmpty() || ours.isEmpty() || theirs.isEmpty()) {
            if (key.isPresent() && key.get().text().isEmpty()) {
                findings.error(key.get().at(), "<pre_shared_key> is empty");
            }
            return Optional.empty();
        }
        findings.conceal(key.get().text());
        return Optional.of(
                new SharedSecret(
                        List.of(Identity.of(ours.get()), Identity.of(theirs.get())),
                        Secret.utf8(key.get().text()),
                        key.get().at().origin()));
    }

    private Optional<IkeSpec> ike() {
        Optional<XmlElement> ike = within(Optional.of(tunnel), "ike");
        word(ike, "mode", "main", "aggressive mode is refused: use main mode");
        Optional<List<IkeProposal>> proposals =
                proposal(ike, true)
                        .flatMap(s -> Proposals.ike(Optional.of(s), IkeVersion.IKEV1, findings));
        Optional<LifetimeSpec> lifetime = lifetime(ike);
        Optional<DpdSpec> dpd = dpd();
        return ike.isPresent() && proposals.isPresent() && lifetime.isPresent() && dpd.isPresent()
                ? Optional.of(
                        new IkeSpec(
                                IkeVersion.IKEV1,
                                proposals.get(),
                                lifetime.get(),
                                dpd.get(),
                                0,
                                choices.behindNat(),
                                false))
                : Optional.empty();
    }

    private Optional<ChildSpec> child() {
        Optional<XmlElement> ipsec = within(Optional.of(tunnel), "ipsec");
        word(ipsec, "protocol", "esp", "AH arrives in a later release");
        word(ipsec, "mode", "tunnel", "AWS speaks tunnel mode");
        Optional<List<EspProposal>> proposals =
                proposal(ipsec, false)
                        .flatMap(s -> Proposals.esp(Optional.of(s), IkeVersion.IKEV1, findings));
        Optional<LifetimeSpec> lifetime = lifetime(ipsec);
        List<InsideAddress> ours = inside("customer_gateway");
        List<InsideAddress> theirs = inside("vpn_gateway");
        if (proposals.isEmpty() || lifetime.isEmpty() || ours.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        // a connection is IPv4 or IPv6 inside
        IpPrefix everything = ours.getFirst().address().v6() ? IpPrefix.ALL6 : IpPrefix.ALL4;
        List<TrafficSelector> all = List.of(TrafficSelector.of(everything));
        return Optional.of(
                new ChildSpec(
                        name,
                        Mode.TUNNEL,
                        proposals.get(),
                        new SelectorPair(all, all),
                        lifetime.get(),
                        new Actions(Actions.Start.START, Actions.Close.NONE, Actions.Dpd.RESTART),
                        new LinkSpec.Tunnel(
                                name,
                                ours,
                                theirs,
                                mtu(ipsec),
                                mark,
                                choices.vpc().stream().map(p -> new RouteSpec(p, mark)).toList()),
                        ChildOptions.DEFAULT.with(
                                PacketSpec.DEFAULT
                                        .window(REPLAY_WINDOW)
                                        .outer(OuterDf.CLEAR, Cutting.BEFORE_ENCRYPTION))));
    }

    /// Down the path from `from`; a finding at the first step that is missing.
    private Optional<XmlElement> within(Optional<XmlElement> from, String... path) {
        Optional<XmlElement> here = from;
        for (String step : path) {
            if (here.isEmpty()) {
                return here;
            }
            XmlElement parent = here.get();
            here = parent.child(step);
            if (here.isEmpty()) {
                findings.error(parent.at(), "<" + parent.name() + "> has no <" + step + "> in it");
            }
        }
        return here;
    }

    private Optional<IpAddress> outside(String which) {
        Optional<XmlElement> e =
                within(Optional.of(tunnel), which, "tunnel_outside_address", "ip_address");
        Optional<IpAddress> address = e.flatMap(x -> IpAddress.parse(x.text()));
        if (e.isPresent() && address.isEmpty()) {
            findings.error(e.get().at(), "'" + e.get().shown() + "' is no address");
        }
        boolean called = which.equals("vpn_gateway");
        if (called && address.filter(a -> Addresses.isAny(a.toString())).isPresent()) {
            findings.error(
                    e.orElseThrow().at(),
                    "'" + e.get().shown() + "' is nobody's address: AWS's gateway is called");
            return Optional.empty();
        }
        return address;
    }

    private List<InsideAddress> inside(String which) {
        List<InsideAddress> all = new ArrayList<>();
        Optional<XmlElement> side = within(Optional.of(tunnel), which);
        Optional<XmlElement> six = side.flatMap(s -> s.child("tunnel_inside_ipv6_address"));
        Optional<XmlElement> four =
                six.isPresent()
                        ? side.flatMap(s -> s.child("tunnel_inside_address"))
                        : within(side, "tunnel_inside_address");
        four.ifPresent(e -> inside(e, "network_cidr", all));
        six.ifPresent(e -> inside(e, "prefix_length", all));
        return all;
    }

    private void inside(XmlElement e, String lengthElement, List<InsideAddress> all) {
        Optional<XmlElement> address = within(Optional.of(e), "ip_address");
        Optional<XmlElement> length = within(Optional.of(e), lengthElement);
        if (address.isEmpty() || length.isEmpty()) {
            return;
        }
        Optional<InsideAddress> inside =
                InsideAddress.parse(address.get().text() + "/" + length.get().text());
        inside.ifPresent(all::add);
        if (inside.isEmpty()) {
            findings.error(
                    address.get().at(),
                    "'"
                            + address.get().shown()
                            + "' and '"
                            + length.get().shown()
                            + "' are no address and prefix length");
        }
        Optional<XmlElement> mask = e.child("network_mask");
        if (inside.isPresent() && mask.isPresent() && !isMask(mask.get(), inside.get())) {
            findings.warning(
                    mask.get().at(),
                    "network_mask "
                            + mask.get().shown()
                            + " is not the mask of /"
                            + inside.get().length()
                            + ", which counts");
        }
    }

    private static boolean isMask(XmlElement mask, InsideAddress inside) {
        return IpAddress.parse(mask.text())
                .map(m ->
                        !inside.address().v6()
                                && m.equals(
                                        IpPrefix.containing(
                                                        IpAddress.of("255.255.255.255"),
                                                        inside.length())
                                                .address()))
                .orElse(false);
    }

    private void word(Optional<XmlElement> parent, String child, String wanted, String reason) {
        parent.flatMap(p -> p.child(child))
                .filter(e -> !e.text().equals(wanted))
                .ifPresent(e ->
                        findings.error(
                                e.at(), child + " '" + e.shown() + "' is refused: " + reason));
    }

    /// The three algorithm elements as the words of an ipsec.conf proposal.
    private Optional<Setting> proposal(Optional<XmlElement> parent, boolean ike) {
        Optional<XmlElement> cipher = within(parent, "encryption_protocol");
        Optional<XmlElement> hash = within(parent, "authentication_protocol");
        Optional<XmlElement> group =
                ike
                        ? within(parent, "perfect_forward_secrecy")
                        : parent.flatMap(p -> p.child("perfect_forward_secrecy"));
        Optional<String> c = cipher.flatMap(e -> known(e, CIPHERS));
        Optional<String> h = hash.flatMap(e -> known(e, HASHES));
        boolean noPfs = !ike && (group.isEmpty() || group.get().text().isEmpty());
        Optional<String> g =
                noPfs ? Optional.of("") : group.flatMap(e -> known(e, GROUPS)).map(w -> "-" + w);
        if (c.isEmpty() || h.isEmpty() || g.isEmpty()) {
            return Optional.empty();
        }
        // an AEAD needs no integrity algorithm; in IKE the hash is the PRF's
        String middle = !c.get().contains("gcm") ? h.get() : ike ? "prf" + h.get() : "";
        String text = c.get() + (middle.isEmpty() ? "" : "-" + middle) + g.get();
        XmlElement at = cipher.get();
        return Optional.of(new Setting(ike ? "ike" : "esp", text, at.at(), at.at()));
    }

    private Optional<String> known(XmlElement e, Map<String, String> words) {
        Optional<String> word = Optional.ofNullable(words.get(e.text()));
        if (word.isEmpty()) {
            findings.error(
                    e.at(),
                    e.name()
                            + " '"
                            + e.shown()
                            + "' is not known"
                            + DidYouMean.hint(e.text(), words.keySet().stream().sorted().toList()));
        }
        return word;
    }

    private OptionalInt number(XmlElement e, int least, int most) {
        if (e.text().matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(e.text());
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        }
        findings.error(
                e.at(),
                e.name() + " '" + e.shown() + "' is no number from " + least + " to " + most);
        return OptionalInt.empty();
    }

    private Optional<LifetimeSpec> lifetime(Optional<XmlElement> parent) {
        OptionalInt seconds =
                within(parent, "lifetime")
                        .map(e -> number(e, 60, 604_800))
                        .orElse(OptionalInt.empty());
        return seconds.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        LifetimeSpec.ofTime(
                                Duration.ofSeconds(seconds.getAsInt()), MARGIN, FUZZ_PERCENT));
    }

    /// interval × retries is the time-out: 10 × 3 are the 10 s and 30 s of the strongSwan text.
    private Optional<DpdSpec> dpd() {
        Optional<XmlElement> dpd =
                tunnel.child("ipsec").flatMap(i -> i.child("dead_peer_detection"));
        if (dpd.isEmpty()) {
            return Optional.of(DpdSpec.OFF);
        }
        OptionalInt interval =
                within(dpd, "interval").map(e -> number(e, 0, 3600)).orElse(OptionalInt.empty());
        OptionalInt retries =
                within(dpd, "retries").map(e -> number(e, 1, 100)).orElse(OptionalInt.empty());
        if (interval.isEmpty() || retries.isEmpty()) {
            return Optional.empty();
        }
        Duration delay = Duration.ofSeconds(interval.getAsInt());
        return Optional.of(
                delay.isZero()
                        ? DpdSpec.OFF
                        : new DpdSpec(delay, delay.multipliedBy(retries.getAsInt())));
    }

    /// S3-32: the MSS and 40 octets of headers: 1379 and 1419.
    private int mtu(Optional<XmlElement> ipsec) {
        OptionalInt mss =
                ipsec.flatMap(i -> i.child("tcp_mss_adjustment"))
                        .map(e -> number(e, 500, 9000))
                        .orElse(OptionalInt.empty());
        return mss.isEmpty() ? 0 : mss.getAsInt() + TCP_AND_IP;
    }
}

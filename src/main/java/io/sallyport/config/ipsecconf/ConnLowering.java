package io.sallyport.config.ipsecconf;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.ipsecconf.Keyword.Fate;
import io.sallyport.config.ipsecconf.Keyword.Place;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Proposals;
import io.sallyport.config.lower.Selectors;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AddressingSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange.Send;
import io.sallyport.model.spec.ike.PathSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// One `conn` to a connection of the model; every finding is told, then an error leaves it out.
final class ConnLowering {
    private static final int DEFAULT_REPLAY_WINDOW = 32;
    private static final int WIDEST_REPLAY_WINDOW = 4096;
    private static final int DEFAULT_KEYING_TRIES = 3;

    private final Conn conn;
    private final HandshakeSpec.Unique unique;
    private final Choices choices;
    private final Findings findings;
    private final EndLowering left;
    private final EndLowering right;

    ConnLowering(Conn conn, IpsecConfReader.Setup setup, Choices choices, Findings findings) {
        this.conn = conn;
        this.unique = setup.unique();
        this.choices = choices;
        this.findings = findings;
        this.left = new EndLowering(conn, "left", setup, choices, findings);
        this.right = new EndLowering(conn, "right", setup, choices, findings);
    }

    Optional<LoweredConn> lower() {
        boolean known = keywords();
        Optional<IkeVersion> version = keyexchange();
        Optional<IkeSpec> ike = version.flatMap(this::ike);
        Optional<PeerSpec> local = left.peer();
        Optional<PeerSpec> remote = right.peer();
        Optional<Mode> mode = mode();
        Optional<List<EspProposal>> esp = proposals(version.orElse(IkeVersion.IKEV1));
        Optional<LifetimeSpec> lifetime = Timing.child(conn, findings);
        Optional<Actions> actions = actions();
        OptionalInt window = replayWindow();
        OptionalInt mark = Marks.of(conn, findings);
        Optional<LinkSpec> link = mark.isPresent() ? link(mark.getAsInt()) : Optional.empty();
        SourceAddresses sources = new SourceAddresses(conn, findings);
        List<PoolSpec> pools = sources.pools();
        if (version.isEmpty()
                || local.isEmpty()
                || remote.isEmpty()
                || mode.isEmpty()
                || actions.isEmpty()) {
            return Optional.empty();
        }
        if (mode.get().protects()) {
            callable(remote.get(), actions.get());
        }
        Optional<List<SelectorPair>> traffic =
                traffic(version.get(), local.get(), remote.get(), mode.get(), link);
        AddressingSpec addressing = sources.addressing(remote.get().address(), pools);
        if (!known
                || ike.isEmpty()
                || esp.isEmpty()
                || lifetime.isEmpty()
                || window.isEmpty()
                || link.isEmpty()
                || traffic.isEmpty()
                || findings.hasErrors()) {
            return Optional.empty();
        }
        List<ChildSpec> children = new ArrayList<>();
        for (SelectorPair pair : traffic.get()) {
            String name = conn.name() + (children.isEmpty() ? "" : "-" + (children.size() + 1));
            children.add(
                    new ChildSpec(
                            name,
                            mode.get(),
                            esp.get(),
                            pair,
                            lifetime.get(),
                            actions.get(),
                            link.get(),
                            ChildOptions.DEFAULT
                                    .with(
                                            PacketSpec.DEFAULT
                                                    .window(window.getAsInt())
                                                    .compressed(compress())
                                                    .disguised(tfcPadding(), tfcRate())
                                                    .outer(outerDf(), cutting()))
                                    .with(hook())
                                    .closedAfter(inactivity())));
        }
        ConnectionSpec spec =
                new ConnectionSpec(
                        conn.name(),
                        local.get(),
                        remote.get(),
                        ike.get(),
                        addressing,
                        children,
                        conn.at().origin().with(lines(children)));
        int number = link.get() instanceof LinkSpec.Tunnel t ? t.mark() : mark.getAsInt();
        return Optional.of(
                new LoweredConn(
                        spec,
                        pools,
                        number,
                        conn.get("mark").map(Setting::at).orElse(conn.at()),
                        conn.at()));
    }

    /// Where the keywords were said that decide negotiations, under swanctl.conf's names.
    private Map<String, Origin> lines(List<ChildSpec> children) {
        Map<String, Origin> lines = new HashMap<>();
        line(lines, "proposals", "ike");
        line(lines, "remote_addrs", "right");
        line(lines, "vips", "leftsourceip");
        line(lines, "pools", "rightsourceip");
        line(lines, "keyingtries", "keyingtries");
        line(lines, "local.id", "leftid", "left");
        line(lines, "remote.id", "rightid", "right");
        line(lines, "remote.auth", "rightauth", "authby");
        line(lines, "remote.cacerts", "rightca");
        line(lines, "remote.certs", "rightcert");
        for (ChildSpec child : children) {
            String section = "children." + child.name();
            line(lines, section + ".esp_proposals", "esp", "ah");
            line(lines, section + ".local_ts", "leftsubnet");
            line(lines, section + ".remote_ts", "rightsubnet");
        }
        return lines;
    }

    private void line(Map<String, Origin> lines, String name, String... keywords) {
        for (String keyword : keywords) {
            Optional<Setting> said = conn.get(keyword);
            if (said.isPresent()) {
                lines.put(name, said.get().keyAt().origin());
                return;
            }
        }
    }

    /// Tells what becomes of keywords that are not used; unknown ones were told with their section.
    private boolean keywords() {
        boolean good = !conn.broken();
        for (Setting s : conn.settings().values()) {
            Optional<Keyword> keyword = Keyword.find(Place.CONN, s.key());
            if (keyword.isEmpty()) {
                good = false;
            } else if (keyword.get().fate() != Fate.USED
                    && !s.value().isEmpty()
                    && !keyword.get().isHarmless(s.value())) {
                Keyword k = keyword.get();
                findings.add(k.severity(), s.keyAt(), k.message(s.key()));
                good &= k.fate() != Fate.REFUSED;
            }
        }
        return good;
    }

    private Optional<IkeSpec> ike(IkeVersion version) {
        Optional<List<IkeProposal>> proposals = Proposals.ike(conn.get("ike"), version, findings);
        Optional<Timing.IkeLife> lifetime = Timing.ike(conn, version, findings);
        Optional<Actions.Dpd> action = dpdAction();
        Optional<DpdSpec> dpd = action.flatMap(a -> Timing.dpd(conn, a, findings));
        OptionalInt tries = keyingTries();
        Optional<Boolean> force =
                conn.get("forceencaps")
                        .map(s -> Values.truth(s, findings))
                        .orElse(Optional.of(false));
        Optional<PathSpec.Fragmentation> fragmentation =
                word(
                        "fragmentation",
                        "yes",
                        Map.of(
                                "yes", PathSpec.Fragmentation.YES,
                                "accept", PathSpec.Fragmentation.ACCEPT,
                                "force", PathSpec.Fragmentation.FORCE,
                                "no", PathSpec.Fragmentation.NO));
        Optional<Boolean> mobike =
                conn.get("mobike").map(s -> Values.truth(s, findings)).orElse(Optional.of(true));
        if (proposals.isEmpty()
                || fragmentation.isEmpty()
                || mobike.isEmpty()
                || lifetime.isEmpty()
                || dpd.isEmpty()
                || tries.isEmpty()
                || force.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new IkeSpec(
                        version,
                        proposals.get(),
                        lifetime.get().rekeying(),
                        lifetime.get().reauth(),
                        dpd.get(),
                        HandshakeSpec.DEFAULT
                                .tries(tries.getAsInt())
                                .unique(unique)
                                .certificates(certificates()),
                        new PathSpec(
                                mobike.get() && version != IkeVersion.IKEV1,
                                fragmentation.get(),
                                force.get() || choices.behindNat(),
                                0)));
    }

    /// `leftsendcert` is when ours is sent; `rightsendcert=never`, that the peer is asked for none.
    private CertificateExchange certificates() {
        Map<String, Send> meanings =
                Map.of(
                        "never", Send.NEVER,
                        "no", Send.NEVER,
                        "ifasked", Send.IF_ASKED,
                        "always", Send.ALWAYS,
                        "yes", Send.ALWAYS);
        Send ours = this.<Send>word("leftsendcert", "ifasked", meanings).orElse(Send.IF_ASKED);
        Send theirs = this.<Send>word("rightsendcert", "ifasked", meanings).orElse(Send.IF_ASKED);
        return new CertificateExchange(
                ours, theirs != Send.NEVER, CertificateExchange.DEFAULT.ocsp());
    }

    private Optional<List<EspProposal>> proposals(IkeVersion version) {
        Optional<Setting> ah = conn.get("ah");
        if (ah.isEmpty()) {
            return Proposals.esp(conn.get("esp"), version, findings);
        }
        if (conn.value("forceencaps", "no").equals("yes")) {
            findings.error(ah.get().at(), "ah with forceencaps is refused: AH has no UDP form");
            return Optional.empty();
        }
        Optional<List<EspProposal>> outer = Proposals.ah(ah.get(), version, findings);
        if (conn.get("esp").isEmpty() || outer.isEmpty()) {
            return outer;
        }
        return Proposals.esp(conn.get("esp"), version, findings)
                .map(inner -> bundle(ah.get(), inner, outer.get()));
    }

    /// Both: ESP with AH round it. The PFS group, of which a quick mode has one, is that of `esp`.
    private List<EspProposal> bundle(Setting ah, List<EspProposal> inner, List<EspProposal> outer) {
        List<Integrity> integrity =
                outer.stream().flatMap(p -> p.integrity().stream()).distinct().toList();
        if (outer.stream().anyMatch(p -> !p.groups().isEmpty())) {
            findings.warning(ah.at(), "ah beside esp: its group is read past, esp= has the say");
        }
        return inner.stream().map(p -> p.within(integrity)).toList();
    }

    /// strongSwan's default is `ike`: IKEv2 first, as responder both.
    private Optional<IkeVersion> keyexchange() {
        return word(
                "keyexchange",
                "ike",
                Map.of(
                        "ike", IkeVersion.ANY,
                        "ikev1", IkeVersion.IKEV1,
                        "ikev2", IkeVersion.IKEV2));
    }

    private OptionalInt keyingTries() {
        Optional<Setting> said = conn.get("keyingtries");
        if (said.isEmpty()) {
            return OptionalInt.of(DEFAULT_KEYING_TRIES);
        }
        if (said.get().value().equals("%forever")) {
            return OptionalInt.of(0);
        }
        var number = Values.number(said.get(), 1_000_000, findings);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /// Ours; AWS recommends to clear it.
    private OuterDf outerDf() {
        return this.<OuterDf>word(
                        "copy_df",
                        "no",
                        Map.of("yes", OuterDf.COPY, "no", OuterDf.CLEAR, "set", OuterDf.SET))
                .orElse(OuterDf.CLEAR);
    }

    /// Ours.
    private Cutting cutting() {
        return this.<Cutting>word(
                        "fragment",
                        "before",
                        Map.of(
                                "before", Cutting.BEFORE_ENCRYPTION,
                                "after", Cutting.AFTER_ENCRYPTION))
                .orElse(Cutting.BEFORE_ENCRYPTION);
    }

    private boolean compress() {
        return conn.get("compress").flatMap(s -> Values.truth(s, findings)).orElse(false);
    }

    private int tfcPadding() {
        return conn.get("tfc")
                .map(s ->
                        s.value().equals("%mtu")
                                ? PacketSpec.TO_MTU
                                : (int) Values.number(s, 0xffff, findings).orElse(0))
                .orElse(0);
    }

    /// Ours.
    private int tfcRate() {
        return conn.get("tfc_rate")
                .map(s -> (int) Values.number(s, PacketSpec.MOST_TFC_RATE, findings).orElse(0))
                .orElse(0);
    }

    private Duration inactivity() {
        return conn.get("inactivity")
                .flatMap(s -> Values.duration(s, findings))
                .orElse(Duration.ZERO);
    }

    private OptionalInt replayWindow() {
        Optional<Setting> said = conn.get("replay_window");
        if (said.isEmpty() || said.get().value().equals("-1")) {
            return OptionalInt.of(DEFAULT_REPLAY_WINDOW);
        }
        var number = Values.number(said.get(), WIDEST_REPLAY_WINDOW, findings);
        if (number.isPresent() && number.getAsLong() == 0) {
            findings.warning(said.get().at(), "replay_window=0: replayed packets are accepted");
        }
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    private Optional<Mode> mode() {
        Optional<Setting> said = conn.get("type");
        switch (said.map(Setting::value).orElse("tunnel")) {
            case "tunnel" -> {
                return Optional.of(Mode.TUNNEL);
            }
            case "transport" -> {
                return transport();
            }
            case "passthrough", "pass" -> {
                return Optional.of(Mode.PASS);
            }
            case "drop", "reject" -> {
                return Optional.of(Mode.DROP);
            }
            case "beet" -> {
                return beet();
            }
            case "transport_proxy" ->
                    findings.error(
                            said.get().at(),
                            "type=" + said.get().value() + " is refused: use type=tunnel");
            default ->
                    findings.error(
                            said.get().at(),
                            "type: '"
                                    + Values.shown(said.get().value())
                                    + "' is not known"
                                    + DidYouMean.hint(
                                            said.get().value(),
                                            List.of(
                                                    "tunnel",
                                                    "transport",
                                                    "beet",
                                                    "passthrough",
                                                    "drop")));
        }
        return Optional.empty();
    }

    /// S2-15: between networks only tunnel mode does; transport mode is for the two hosts.
    private Optional<Mode> transport() {
        boolean good = true;
        for (String key : List.of("leftsubnet", "rightsubnet")) {
            Optional<Setting> subnet = conn.get(key);
            if (subnet.isPresent() && !isOwnAddress(key, subnet.get())) {
                findings.error(
                        subnet.get().at(),
                        key
                                + ": transport mode protects the two hosts themselves; leave it"
                                + " out, or use type=tunnel");
                good = false;
            }
        }
        if (conn.get("leftupdown").filter(s -> UpdownLine.isAws(s.value())).isPresent()
                && conn.get("mark").isPresent()) {
            findings.error(
                    conn.get("type").orElseThrow().at(),
                    "type=transport has no tunnel interface; use type=tunnel");
            good = false;
        }
        return good ? Optional.of(Mode.TRANSPORT) : Optional.empty();
    }

    /// The inner addresses do not travel, so there is one on each side.
    private Optional<Mode> beet() {
        boolean good = true;
        for (String key : List.of("leftsubnet", "rightsubnet")) {
            Optional<Setting> subnet = conn.get(key);
            boolean network =
                    subnet.flatMap(s -> IpPrefix.parse(s.value()))
                            .filter(p -> p.length() < p.address().bits())
                            .isPresent();
            if (network || subnet.filter(s -> s.value().contains(",")).isPresent()) {
                findings.error(
                        subnet.orElseThrow().at(),
                        key + ": type=beet takes one address; for networks use type=tunnel");
                good = false;
            }
        }
        return good ? Optional.of(Mode.BEET) : Optional.empty();
    }

    /// `rightsubnet=ADDRESS/32` with `right=ADDRESS` says what holds anyway.
    private boolean isOwnAddress(String key, Setting subnet) {
        String side = key.substring(0, key.length() - "subnet".length());
        Optional<IpAddress> address = conn.get(side).map(Setting::value).flatMap(IpAddress::parse);
        return address.isPresent()
                && IpPrefix.parse(subnet.value())
                        .filter(p -> p.equals(IpPrefix.host(address.get())))
                        .isPresent();
    }

    private Optional<Actions> actions() {
        Optional<Actions.Start> start =
                word(
                        "auto",
                        "ignore",
                        Map.of(
                                "add", Actions.Start.NONE,
                                "route", Actions.Start.TRAP,
                                "start", Actions.Start.START));
        Optional<Actions.Close> close =
                word(
                        "closeaction",
                        "none",
                        Map.of(
                                "none", Actions.Close.NONE,
                                "clear", Actions.Close.NONE,
                                "hold", Actions.Close.TRAP,
                                "restart", Actions.Close.START));
        Optional<Actions.Dpd> dpd = dpdAction();
        return start.isPresent() && close.isPresent() && dpd.isPresent()
                ? Optional.of(new Actions(start.get(), close.get(), dpd.get()))
                : Optional.empty();
    }

    private Optional<Actions.Dpd> dpdAction() {
        return word(
                "dpdaction",
                "none",
                Map.of(
                        "none", Actions.Dpd.NONE,
                        "clear", Actions.Dpd.CLEAR,
                        "hold", Actions.Dpd.HOLD,
                        "restart", Actions.Dpd.RESTART));
    }

    private <T> Optional<T> word(String key, String otherwise, Map<String, T> meanings) {
        String said = conn.value(key, otherwise);
        Optional<T> meaning = Optional.ofNullable(meanings.get(said));
        if (meaning.isEmpty()) {
            List<String> known = meanings.keySet().stream().sorted().toList();
            conn.get(key)
                    .ifPresent(s ->
                            findings.error(
                                    s.at(),
                                    key
                                            + ": '"
                                            + Values.shown(said)
                                            + "' is not known; use "
                                            + String.join(", ", known)
                                            + DidYouMean.hint(said, known)));
        }
        return meaning;
    }

    /// Nobody can be called at %any.
    private void callable(PeerSpec remote, Actions actions) {
        if (remote.address() instanceof AddressSpec.Any && actions.start() != Actions.Start.NONE) {
            conn.get("auto")
                    .ifPresent(s ->
                            findings.error(
                                    s.at(),
                                    "auto="
                                            + s.value()
                                            + " needs an address to call: right=%any only waits,"
                                            + " use auto=add"));
        }
    }

    private Optional<List<SelectorPair>> traffic(
            IkeVersion version,
            PeerSpec local,
            PeerSpec remote,
            Mode mode,
            Optional<LinkSpec> link) {
        Optional<List<TrafficSelector>> ours = left.traffic(local.address(), mode);
        Optional<List<TrafficSelector>> theirs = right.traffic(remote.address(), mode);
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        List<SelectorPair> pairs = Selectors.pairs(version, ours.get(), theirs.get());
        if (pairs.size() > 1 && link.isPresent() && link.get() instanceof LinkSpec.Tunnel) {
            findings.error(
                    conn.at(),
                    "conn "
                            + conn.name()
                            + " has "
                            + pairs.size()
                            + " pairs of networks for one tunnel interface: use 0.0.0.0/0 on both"
                            + " sides and routes");
            return Optional.empty();
        }
        if (pairs.size() > 1) {
            findings.note(
                    conn.at(),
                    "conn "
                            + conn.name()
                            + ": IKEv1 has one pair of networks a child, so "
                            + pairs.size()
                            + " children are made");
        }
        return Optional.of(pairs);
    }

    /// The interface that the updown line describes, else the shared one.
    private Optional<LinkSpec> link(int mark) {
        for (String theirs : List.of("rightupdown", "righthostaccess")) {
            conn.get(theirs)
                    .ifPresent(
                            s -> findings.note(s.at(), theirs + " is ignored: our side is left"));
        }
        Optional<Setting> updown = conn.get("leftupdown");
        if (updown.isEmpty()) {
            return Optional.of(new LinkSpec.Shared());
        }
        Setting s = updown.get();
        if (UpdownLine.isAws(s.value())) {
            return UpdownLine.link(s, mark, choices, findings).map(LinkSpec.class::cast);
        }
        if (new HookSpec(s.value(), false).isFirewall()) {
            findings.note(s.at(), "leftupdown is ignored: " + Keyword.FIREWALL.reason());
        }
        return Optional.of(new LinkSpec.Shared());
    }

    /// The program that is told, unless the line was understood instead.
    private HookSpec hook() {
        boolean hostAccess =
                conn.get("lefthostaccess").flatMap(s -> Values.truth(s, findings)).orElse(false);
        return conn.get("leftupdown")
                .map(Setting::value)
                .filter(line -> !UpdownLine.isAws(line))
                .map(line -> new HookSpec(line, hostAccess))
                .filter(HookSpec::runs)
                .orElse(HookSpec.NONE);
    }
}

package io.sallyport.config.swanctl;

import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.ipsecconf.UpdownLine;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Proposals;
import io.sallyport.config.lower.Selectors;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.model.spec.child.MarkSpec;
import io.sallyport.model.spec.child.MarkSpec.Choice;
import io.sallyport.model.spec.child.MarkSpec.InterfaceId;
import io.sallyport.model.spec.child.MarkSpec.Mark;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.child.PolicySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One section below `children`.
final class ChildLowering {
    static final int WIDEST_REPLAY_WINDOW = 4096;
    private static final Duration REKEY_TIME = Duration.ofHours(1);

    private final Tree tree;
    private final Fields fields;
    private final Fields connection;
    private final IkeSpec ike;
    private final PeerSpec local;
    private final PeerSpec remote;
    private final Choices choices;
    private final Findings findings;

    ChildLowering(
            Tree tree,
            Fields connection,
            IkeSpec ike,
            PeerSpec local,
            PeerSpec remote,
            Choices choices,
            Findings findings) {
        this.tree = tree;
        this.fields = new Fields(tree, Place.CHILD, findings).checked();
        this.connection = connection;
        this.ike = ike;
        this.local = local;
        this.remote = remote;
        this.choices = choices;
        this.findings = findings;
    }

    /// One; with IKEv1 one for each pair of networks.
    List<ChildSpec> children() {
        tree.sections()
                .values()
                .forEach(s ->
                        findings.error(
                                s.at(),
                                "unknown section '"
                                        + Values.shown(s.name())
                                        + "' in "
                                        + Place.CHILD));
        Mode mode =
                fields.word(
                        "mode",
                        Map.of(
                                "tunnel", Mode.TUNNEL,
                                "transport", Mode.TRANSPORT,
                                "beet", Mode.BEET,
                                "pass", Mode.PASS,
                                "drop", Mode.DROP));
        List<EspProposal> proposals = proposals();
        LifetimeSpec lifetime = lifetime();
        Actions actions = actions();
        Optional<LinkSpec> link = link();
        ChildOptions options = options(link.orElse(new LinkSpec.Shared()));
        callable(actions);
        Optional<List<TrafficSelector>> ours = traffic("local_ts", local, mode);
        Optional<List<TrafficSelector>> theirs = traffic("remote_ts", remote, mode);
        if (ours.isEmpty() || theirs.isEmpty() || link.isEmpty()) {
            return List.of();
        }
        List<SelectorPair> pairs = Selectors.pairs(ike.version(), ours.get(), theirs.get());
        if (pairs.size() > 1 && link.get() instanceof LinkSpec.Tunnel) {
            findings.error(
                    tree.at(),
                    "child "
                            + tree.name()
                            + " has "
                            + pairs.size()
                            + " pairs of networks for one tunnel interface: use 0.0.0.0/0 on both"
                            + " sides and routes");
        } else if (pairs.size() > 1) {
            findings.note(
                    tree.at(),
                    "child "
                            + tree.name()
                            + ": IKEv1 has one pair of networks a child, so "
                            + pairs.size()
                            + " children are made");
        }
        List<ChildSpec> children = new ArrayList<>();
        for (SelectorPair pair : pairs) {
            children.add(
                    new ChildSpec(
                            tree.name() + (children.isEmpty() ? "" : "-" + (children.size() + 1)),
                            mode,
                            proposals,
                            pair,
                            lifetime,
                            actions,
                            link.get(),
                            options));
        }
        return children;
    }

    private List<EspProposal> proposals() {
        Optional<Setting> ah = fields.said("ah_proposals");
        if (ah.isEmpty()) {
            return Proposals.esp(
                            Proposals.named(fields.setting("esp_proposals")),
                            ike.version(),
                            findings)
                    .orElse(List.of());
        }
        if (ike.forceEncapsulation()) {
            findings.error(ah.get().at(), "ah_proposals with encap is refused: AH has no UDP form");
        }
        List<EspProposal> outer = Proposals.ah(ah.get(), ike.version(), findings).orElse(List.of());
        Optional<Setting> esp = fields.said("esp_proposals");
        if (esp.isEmpty()) {
            return outer;
        }
        findings.warning(
                ah.get().keyAt(),
                "ah_proposals beside esp_proposals: AH goes round ESP (strongSwan would offer"
                        + " either)");
        List<Integrity> round =
                outer.stream().flatMap(p -> p.integrity().stream()).distinct().toList();
        return Proposals.esp(Proposals.named(esp.get()), ike.version(), findings)
                .orElse(List.of())
                .stream()
                .map(p -> p.within(round))
                .toList();
    }

    /// strongSwan: without a life_time 10 % more than rekey_time, and the other way round.
    private LifetimeSpec lifetime() {
        Duration life = fields.time("life_time", Duration.ZERO);
        Duration rekey =
                fields.time(
                        "rekey_time", life.isZero() ? REKEY_TIME : life.minus(life.dividedBy(10)));
        if (life.isZero()) {
            life = rekey.plus(rekey.dividedBy(10));
        }
        Duration margin = life.compareTo(rekey) > 0 ? life.minus(rekey) : Duration.ZERO;
        Duration random = fields.time("rand_time", margin);
        long octets = hard("rekey_bytes", "life_bytes");
        long packets = hard("rekey_packets", "life_packets");
        if (!rekey.isZero()) {
            return LifetimeSpec.ofSoft(rekey, margin, random, true, octets, packets);
        }
        Duration end = life.isZero() ? LifetimeSpec.UNLIMITED : life;
        boolean volume = octets > 0 || packets > 0;
        return volume
                ? LifetimeSpec.ofSoft(
                        end.minus(end.dividedBy(11)),
                        end.dividedBy(11),
                        end.dividedBy(11),
                        true,
                        octets,
                        packets)
                : LifetimeSpec.untilEnd(end, 0, 0);
    }

    private long hard(String soft, String hard) {
        boolean bytes = soft.endsWith("bytes");
        long rekey = bytes ? fields.octets(soft, 0) : fields.count(soft, 0);
        long otherwise = rekey + rekey / 10;
        Optional<Setting> idle = fields.said(soft).filter(_ -> fields.said(hard).isPresent());
        if (idle.isPresent()) {
            findings.note(
                    idle.get().keyAt(),
                    soft
                            + " beside "
                            + hard
                            + " is ignored: it is the share that rekey_time has of life_time");
        }
        return bytes ? fields.octets(hard, otherwise) : fields.count(hard, otherwise);
    }

    private Actions actions() {
        Actions.Start start =
                fields.word(
                        "start_action",
                        Map.of(
                                "none", Actions.Start.NONE,
                                "clear", Actions.Start.NONE,
                                "trap", Actions.Start.TRAP,
                                "route", Actions.Start.TRAP,
                                "start", Actions.Start.START,
                                "restart", Actions.Start.START,
                                // what is started is protected from load on anyway
                                "trap|start", Actions.Start.START,
                                "start|trap", Actions.Start.START));
        Actions.Close close =
                fields.word(
                        "close_action",
                        Map.of(
                                "none", Actions.Close.NONE,
                                "clear", Actions.Close.NONE,
                                "trap", Actions.Close.TRAP,
                                "route", Actions.Close.TRAP,
                                "start", Actions.Close.START,
                                "restart", Actions.Close.START,
                                "trap|start", Actions.Close.START));
        Actions.Dpd clear = ike.dpd().isOn() ? Actions.Dpd.CLEAR : Actions.Dpd.NONE;
        Actions.Dpd dpd =
                fields.word(
                        "dpd_action",
                        Map.of(
                                "none", clear,
                                "clear", Actions.Dpd.CLEAR,
                                "trap", Actions.Dpd.HOLD,
                                "route", Actions.Dpd.HOLD,
                                "hold", Actions.Dpd.HOLD,
                                "start", Actions.Dpd.RESTART,
                                "restart", Actions.Dpd.RESTART));
        return new Actions(start, close, dpd);
    }

    /// Nobody can be called at %any.
    private void callable(Actions actions) {
        AddressSpec address = remote.address();
        boolean callable =
                address instanceof AddressSpec.Fixed || address instanceof AddressSpec.Named;
        if (!callable && actions.start() != Actions.Start.NONE) {
            fields.said("start_action")
                    .ifPresent(s ->
                            findings.error(
                                    s.at(),
                                    "start_action="
                                            + s.value()
                                            + " needs an address to call: with remote_addrs="
                                            + address
                                            + " it only waits, use none"));
        }
    }

    private Optional<List<TrafficSelector>> traffic(String key, PeerSpec end, Mode mode) {
        return Selectors.list(
                fields.setting(key),
                end.address() instanceof AddressSpec.Fixed f
                        ? Optional.of(f.address())
                        : Optional.empty(),
                mode == Mode.TRANSPORT,
                findings);
    }

    /// The interface that AWS's updown line describes, else the shared one.
    private Optional<LinkSpec> link() {
        Optional<Setting> updown = fields.said("updown");
        if (updown.isEmpty() || !UpdownLine.isAws(updown.get().value())) {
            return Optional.of(new LinkSpec.Shared());
        }
        Mark in = mark("mark_in", false);
        Mark out = mark("mark_out", false);
        if (in.isSet() && out.isSet() && !in.equals(out)) {
            findings.error(
                    fields.setting("mark_out").at(),
                    "mark_out differs from mark_in: a tunnel interface has one mark");
        }
        int mark = in.isSet() ? in.value() : out.value();
        return UpdownLine.link(updown.get(), mark, choices, findings).map(LinkSpec.class::cast);
    }

    private ChildOptions options(LinkSpec link) {
        boolean tunnel = link instanceof LinkSpec.Tunnel;
        int window = (int) fields.number("replay_window", WIDEST_REPLAY_WINDOW);
        if (window == 0) {
            findings.warning(
                    fields.setting("replay_window").at(),
                    "replay_window=0: replayed packets are accepted");
        }
        PacketSpec packets = packets(fields, window, fields.truth("ipcomp"));
        MarkSpec marks =
                new MarkSpec(
                        tunnel ? Mark.NONE : mark("mark_in", false),
                        tunnel ? Mark.NONE : mark("mark_out", false),
                        mark("set_mark_in", true),
                        mark("set_mark_out", true),
                        fields.truth("mark_in_sa"),
                        interfaceId("if_id_in"),
                        interfaceId("if_id_out"));
        PolicySpec policy =
                new PolicySpec(
                        fields.truth("policies"),
                        (int) fields.number("reqid", Integer.MAX_VALUE),
                        (int) fields.number("priority", Integer.MAX_VALUE),
                        fields.text("interface"),
                        marks,
                        fields.text("label"));
        HookSpec hook =
                new HookSpec(
                        tunnel ? "" : fields.text("updown"), !tunnel && fields.truth("hostaccess"));
        return new ChildOptions(packets, policy, hook, fields.time("inactivity"));
    }

    /// What a child and manual keys say alike.
    static PacketSpec packets(Fields fields, int window, boolean ipComp) {
        return new PacketSpec(
                window,
                ipComp,
                fields.text("tfc_padding").equals("mtu")
                        ? PacketSpec.TO_MTU
                        : (int) fields.number("tfc_padding", 0xffff),
                (int) fields.number("tfc_rate", PacketSpec.MOST_TFC_RATE),
                fields.word(
                        "copy_df",
                        Map.of(
                                "yes", OuterDf.COPY,
                                "no", OuterDf.CLEAR,
                                "set", OuterDf.SET)),
                fields.word(
                        "fragment",
                        Map.of(
                                "before", Cutting.BEFORE_ENCRYPTION,
                                "after", Cutting.AFTER_ENCRYPTION)),
                fields.truth("copy_ecn"),
                fields.word(
                        "copy_dscp",
                        Map.of(
                                "out", PacketSpec.CopyDscp.OUT,
                                "in", PacketSpec.CopyDscp.IN,
                                "yes", PacketSpec.CopyDscp.BOTH,
                                "no", PacketSpec.CopyDscp.NO)));
    }

    /// `VALUE`, `VALUE/MASK`, `%unique`, `%unique-dir`, each decimal or hexadecimal.
    private Mark mark(String key, boolean same) {
        Setting s = fields.setting(key);
        String value = s.value();
        int slash = value.indexOf('/');
        String word = slash < 0 ? value : value.substring(0, slash);
        Optional<Long> mask =
                slash < 0 ? Optional.of(0xffff_ffffL) : u32(value.substring(slash + 1));
        Choice choice = choice(word, same);
        Optional<Long> number = choice == Choice.GIVEN ? u32(word) : Optional.of(0L);
        if (mask.isEmpty() || number.isEmpty()) {
            findings.error(
                    s.at(),
                    key
                            + ": '"
                            + Values.shown(value)
                            + "' is no mark; write e.g. 42, 0x2a/0xff or %unique");
            return Mark.NONE;
        }
        if (choice == Choice.GIVEN && (number.get() == 0 || mask.get() == 0)) {
            return Mark.NONE;
        }
        return new Mark(choice, number.get().intValue(), mask.get().intValue());
    }

    private InterfaceId interfaceId(String key) {
        Setting s = fields.said(key).orElseGet(() -> connection.setting(key));
        Choice choice = choice(s.value(), false);
        Optional<Long> number = choice == Choice.GIVEN ? u32(s.value()) : Optional.of(0L);
        if (number.isEmpty()) {
            findings.error(
                    s.at(), key + ": '" + Values.shown(s.value()) + "' is no interface's number");
            return InterfaceId.NONE;
        }
        return new InterfaceId(choice, number.get().intValue());
    }

    private static Choice choice(String word, boolean same) {
        return switch (word) {
            case "%unique" -> Choice.UNIQUE;
            case "%unique-dir" -> Choice.UNIQUE_DIRECTION;
            case "%same" -> same ? Choice.SAME : Choice.GIVEN;
            default -> Choice.GIVEN;
        };
    }

    private static Optional<Long> u32(String text) {
        boolean hex = text.matches("0[xX][0-9a-fA-F]{1,8}");
        if (!hex && !text.matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        long number = hex ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
        return number > 0xffff_ffffL ? Optional.empty() : Optional.of(number);
    }
}

package io.sallyport.config.swanctl;

import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.config.lower.Proposals;
import io.sallyport.config.lower.Selectors;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
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
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.model.spec.child.ManualKeys;
import io.sallyport.model.spec.child.MarkSpec;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.child.PolicySpec;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A section below `manual`: a tunnel whose SAs a person keys, without any IKE (S4-04). It becomes
/// a connection of one child, which has the connection's name. No finding quotes a key.
final class ManualLowering {
    /// RFC 4303, 2.1: "The set of SPI values in the range 1 through 255 are reserved by the
    /// Internet Assigned Numbers Authority (IANA) for future use".
    private static final long FIRST_SPI = 256;

    private final Tree tree;
    private final Fields fields;
    private final Findings findings;

    ManualLowering(Tree tree, Findings findings) {
        this.tree = tree;
        this.findings = findings;
        this.fields = new Fields(tree, Place.MANUAL, findings).checked();
    }

    /// Empty after an error.
    Optional<ConnectionSpec> connection() {
        tree.sections().values().stream()
                .filter(s -> !s.name().equals("in") && !s.name().equals("out"))
                .forEach(s ->
                        findings.error(
                                s.at(),
                                "unknown section '"
                                        + Values.shown(s.name())
                                        + "' in "
                                        + Place.MANUAL
                                        + "; there are in and out"));
        Mode mode =
                fields.word(
                        "mode",
                        Map.of(
                                "tunnel", Mode.TUNNEL,
                                "transport", Mode.TRANSPORT,
                                "beet", Mode.BEET));
        Optional<IpAddress> local = address("local_addr");
        Optional<IpAddress> remote = address("remote_addr");
        Optional<EspSuite> suite = suite();
        if (local.isEmpty() || remote.isEmpty() || suite.isEmpty()) {
            return Optional.empty();
        }
        if (local.get().v6() != remote.get().v6()) {
            findings.error(tree.at(), "local_addr and remote_addr are of two families");
        }
        Optional<List<TrafficSelector>> ours = traffic("local_ts", local.get(), mode);
        Optional<List<TrafficSelector>> theirs = traffic("remote_ts", remote.get(), mode);
        Optional<ManualKeys> keys = keys(suite.get());
        if (ours.isEmpty() || theirs.isEmpty() || keys.isEmpty()) {
            return Optional.empty();
        }
        SelectorPair selectors = new SelectorPair(ours.get(), theirs.get());
        if (mode == Mode.BEET && !(isOne(ours.get()) && isOne(theirs.get()))) {
            findings.error(
                    tree.at(),
                    "mode=beet takes one address in local_ts and one in remote_ts, not "
                            + selectors);
        }
        ChildSpec child =
                new ChildSpec(
                        tree.name(),
                        mode,
                        List.of(proposal(suite.get())),
                        selectors,
                        LifetimeSpec.untilEnd(LifetimeSpec.UNLIMITED, 0, 0),
                        new Actions(Actions.Start.START, Actions.Close.NONE, Actions.Dpd.NONE),
                        new LinkSpec.Shared(),
                        options().keyed(keys.get()));
        return Optional.of(
                new ConnectionSpec(
                        tree.name(),
                        end(local.get()),
                        end(remote.get()),
                        NO_IKE,
                        List.of(child),
                        tree.at().origin()));
    }

    /// Nobody negotiates: what stands here is of no effect.
    private static final IkeSpec NO_IKE =
            new IkeSpec(
                    IkeVersion.ANY,
                    List.of(),
                    LifetimeSpec.untilEnd(LifetimeSpec.UNLIMITED, 0, 0),
                    DpdSpec.OFF,
                    1,
                    false,
                    false);

    private static PeerSpec end(IpAddress address) {
        return new PeerSpec(
                List.of(new AddressSpec.Fixed(address)),
                PeerSpec.IKE_PORT,
                List.of(new AuthSpec.Null(Identity.of(address))));
    }

    private static boolean isOne(List<TrafficSelector> side) {
        return side.stream().map(TrafficSelector::addresses).distinct().count() == 1
                && side.getFirst().addresses().first().equals(side.getFirst().addresses().last());
    }

    private static EspProposal proposal(EspSuite suite) {
        List<Integrity> integrity =
                suite.integrity() == Integrity.NONE ? List.of() : List.of(suite.integrity());
        EspProposal proposal =
                new EspProposal(
                        List.of(suite.cipher()),
                        integrity,
                        List.of(),
                        suite.esn(),
                        suite.protocol());
        return suite.isBundle() ? proposal.within(List.of(suite.outer())) : proposal;
    }

    private ChildOptions options() {
        int window = (int) fields.number("replay_window", ChildLowering.WIDEST_REPLAY_WINDOW);
        PacketSpec packets = ChildLowering.packets(fields, window, false);
        PolicySpec policy =
                new PolicySpec(
                        true,
                        0,
                        (int) fields.number("priority", Integer.MAX_VALUE),
                        "",
                        MarkSpec.NONE,
                        "");
        return new ChildOptions(packets, policy, HookSpec.NONE, Duration.ZERO);
    }

    private Optional<IpAddress> address(String key) {
        Optional<Setting> said = fields.said(key);
        Optional<IpAddress> address = said.flatMap(s -> IpAddress.parse(s.value()));
        if (address.isEmpty()) {
            findings.error(
                    said.map(Setting::at).orElse(tree.at()), key + " needs an address, not a name");
        }
        return address;
    }

    private Optional<List<TrafficSelector>> traffic(String key, IpAddress own, Mode mode) {
        Setting setting =
                fields.said(key).orElseGet(() -> new Setting(key, "dynamic", tree.at(), tree.at()));
        return Selectors.list(setting, Optional.of(own), true, findings)
                .filter(list -> mode != Mode.TRANSPORT || isOwn(list, own, setting));
    }

    private boolean isOwn(List<TrafficSelector> list, IpAddress own, Setting setting) {
        boolean is = isOne(list) && list.getFirst().addresses().first().equals(own);
        if (!is) {
            findings.error(
                    setting.at(), setting.key() + ": in transport mode it is the address " + own);
        }
        return is;
    }

    // ---- algorithms

    private Optional<EspSuite> suite() {
        Optional<Setting> esp = fields.said("esp");
        Optional<Setting> ah = fields.said("ah");
        if (esp.isEmpty() && ah.isEmpty()) {
            findings.error(tree.at(), "manual " + tree.name() + " has neither esp nor ah");
            return Optional.empty();
        }
        boolean esn = fields.truth("esn");
        Optional<EspSuite> outer =
                ah.flatMap(s -> one(s, Proposals.ah(s, IkeVersion.IKEV2, findings), esn));
        if (esp.isEmpty()) {
            return outer;
        }
        Optional<EspSuite> inner =
                esp.flatMap(s ->
                        one(s, Proposals.esp(Optional.of(s), IkeVersion.IKEV2, findings), esn));
        if (ah.isEmpty() || inner.isEmpty()) {
            return inner;
        }
        return outer.map(o -> inner.get().within(o.integrity()));
    }

    /// The one suite that a proposal without choices stands for.
    private Optional<EspSuite> one(Setting s, Optional<List<EspProposal>> said, boolean esn) {
        if (said.isEmpty()) {
            return Optional.empty();
        }
        EspProposal p = said.get().getFirst();
        if (said.get().size() > 1
                || p.ciphers().size() > 1
                || p.integrity().size() > 1
                || !p.groups().isEmpty()) {
            findings.error(
                    s.at(),
                    s.key()
                            + ": nothing is negotiated here: one cipher, one integrity algorithm,"
                            + " no group");
            return Optional.empty();
        }
        return Optional.of(
                new EspSuite(
                        p.ciphers().getFirst(),
                        p.integrity().isEmpty() ? Integrity.NONE : p.integrity().getFirst(),
                        Group.NONE,
                        esn || p.esn(),
                        p.protocol()));
    }

    // ---- keys

    private Optional<ManualKeys> keys(EspSuite suite) {
        guardNonces(suite);
        boolean udp = fields.truth("encap");
        if (udp && (suite.isAh() || suite.isBundle())) {
            findings.error(tree.at(), "ah with encap is refused: AH has no UDP form");
            return Optional.empty();
        }
        Findings own = new Findings();
        boolean one = !suite.isBundle();
        String first = suite.isAh() ? "ah" : "esp";
        Optional<ManualKeys.Half> in = half("in", first, suite, own);
        Optional<ManualKeys.Half> out = half("out", first, suite, own);
        Optional<ManualKeys.Half> ahIn =
                one ? Optional.empty() : half("in", "ah", suite.outerSuite(), own);
        Optional<ManualKeys.Half> ahOut =
                one ? Optional.empty() : half("out", "ah", suite.outerSuite(), own);
        findings.addAll(own);
        if (own.hasErrors() || in.isEmpty() || out.isEmpty()) {
            return Optional.empty();
        }
        Optional<ManualKeys.Ah> ah = ahIn.flatMap(i -> ahOut.map(o -> new ManualKeys.Ah(i, o)));
        return Optional.of(new ManualKeys(suite, in.get(), out.get(), ah, udp));
    }

    /// RFC 4106, 2 (and its kin): a nonce must never come twice with one key, but after a restart
    /// with the same keys the numbers begin anew.
    private void guardNonces(EspSuite suite) {
        boolean accepted = fields.word("nonce_reuse", Map.of("refused", false, "accepted", true));
        if (accepted && !countsNonces(suite)) {
            findings.note(
                    fields.setting("nonce_reuse").keyAt(),
                    "nonce_reuse is ignored: the nonces of this cipher are random");
        }
        if (countsNonces(suite) && !accepted) {
            findings.error(
                    fields.setting("esp").at(),
                    "esp="
                            + suite.cipher()
                            + " with manual keys: after a restart the same nonces come again with"
                            + " the same key, which opens what they sealed (RFC 4106, 2). Use"
                            + " aes256-sha256, or say nonce_reuse=accepted if the keys are"
                            + " changed before every start");
        }
    }

    static boolean countsNonces(EspSuite suite) {
        Encryption e = suite.cipher().encryption();
        return e.isAead() || e == Encryption.AES_CTR;
    }

    private Optional<ManualKeys.Half> half(
            String way, String protocol, EspSuite suite, Findings own) {
        Tree section = tree.section(way);
        Fields half = new Fields(section, Place.MANUAL_HALF, own);
        half.checked();
        for (String other : List.of("esp", "ah")) {
            boolean idle = fields.said(other).isEmpty();
            tree.section(way).settings().values().stream()
                    .filter(s -> idle && s.key().startsWith(other + "_"))
                    .forEach(s ->
                            own.note(
                                    s.keyAt(),
                                    way
                                            + "."
                                            + s.key()
                                            + " is ignored: the tunnel has no "
                                            + other));
        }
        Optional<Secret> encryption =
                key(half, protocol + "_encryption_key", suite.cipher().keyingOctets(), way, own);
        Optional<Secret> integrity =
                key(half, protocol + "_integrity_key", suite.integrity().keyOctets(), way, own);
        Optional<Long> spi = number(half, protocol + "_spi", 0xffff_ffffL, way, own);
        long most = suite.esn() ? Long.MAX_VALUE : 0xffff_ffffL;
        Optional<Long> sequence = number(half, "sequence", most, way, own);
        if (spi.isPresent() && spi.get() < FIRST_SPI) {
            own.error(
                    half.setting(protocol + "_spi").at(),
                    protocol + "_spi: 1 to 255 are reserved (RFC 4303, 2.1); from 256 on");
        }
        if (encryption.isEmpty() || integrity.isEmpty() || spi.isEmpty() || sequence.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ManualKeys.Half(
                        spi.get().intValue(), encryption.get(), integrity.get(), sequence.get()));
    }

    private Optional<Secret> key(Fields half, String key, int octets, String way, Findings own) {
        Optional<Setting> said = half.said(key);
        said.ifPresent(s -> findings.conceal(s.value()));
        said.ifPresent(s -> own.conceal(s.value()));
        if (octets == 0) {
            said.ifPresent(s ->
                    own.error(s.keyAt(), way + "." + key + ": this algorithm has no such key"));
            return Optional.of(Secret.EMPTY);
        }
        String wanted = way + "." + key + ": 0x and " + 2 * octets + " hexadecimal digits";
        if (said.isEmpty()) {
            own.error(half.at(), wanted + " are missing");
            return Optional.empty();
        }
        String value = said.get().value();
        if (!value.matches("0[xX][0-9a-fA-F]+") || value.length() != 2 + 2 * octets) {
            own.error(said.get().at(), wanted + " are wanted, not these " + (value.length() - 2));
            return Optional.empty();
        }
        return Optional.of(Secret.owned(HexFormat.of().parseHex(value.substring(2))));
    }

    private static Optional<Long> number(
            Fields half, String key, long most, String way, Findings own) {
        Setting s = half.setting(key);
        String value = s.value();
        try {
            long number =
                    value.startsWith("0x")
                            ? Long.parseLong(value.substring(2), 16)
                            : Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return Optional.of(number);
            }
        } catch (NumberFormatException _) {
            // told below
        }
        own.error(
                s.at(),
                way
                        + "."
                        + key
                        + (value.isEmpty()
                                ? " is missing"
                                : ": a number up to 0x" + Long.toHexString(most) + " is wanted"));
        return Optional.empty();
    }
}

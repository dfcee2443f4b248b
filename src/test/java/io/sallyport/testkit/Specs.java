package io.sallyport.testkit;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
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
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.model.spec.ike.PathSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/// Connections for tests, as AWS would have them, with what a test wants different.
public final class Specs {
    public static final IkeProposal IKE = ikeWith(Group.MODP_1024);
    public static final EspProposal ESP = espWith(List.of(Group.MODP_1024));

    private String name = "Tunnel1";
    private IpAddress local = IpAddress.of("192.0.2.1");
    private IpAddress remote = IpAddress.of("192.0.2.2");
    private Identity localId = Identity.ANY;
    private Identity remoteId = Identity.ANY;
    private List<IkeProposal> ike = List.of(IKE);
    private List<EspProposal> esp = List.of(ESP);
    private LifetimeSpec ikeLife =
            LifetimeSpec.ofTime(Duration.ofHours(8), Duration.ofMinutes(9), 100);
    private LifetimeSpec childLife =
            LifetimeSpec.ofTime(Duration.ofHours(1), Duration.ofMinutes(9), 100);
    private DpdSpec dpd = new DpdSpec(Duration.ofSeconds(10), Duration.ofSeconds(30));
    private Duration reauth = Duration.ZERO;
    private int keyingTries;
    private boolean encap;
    private IkeVersion version = IkeVersion.IKEV1;
    private Mode mode = Mode.TUNNEL;
    private boolean compressed;
    private Duration inactivity = Duration.ZERO;
    private Actions actions =
            new Actions(Actions.Start.START, Actions.Close.NONE, Actions.Dpd.RESTART);
    private SelectorPair selectors =
            new SelectorPair(
                    List.of(TrafficSelector.of(IpPrefix.ALL4)),
                    List.of(TrafficSelector.of(IpPrefix.ALL4)));

    public static IkeProposal ikeWith(Group group) {
        return new IkeProposal(
                List.of(Cipher.of(Encryption.AES_CBC, 128)),
                List.of(Integrity.HMAC_SHA1_96),
                List.of(Prf.HMAC_SHA1),
                List.of(group));
    }

    public static EspProposal espWith(List<Group> groups) {
        return new EspProposal(
                List.of(Cipher.of(Encryption.AES_CBC, 128)),
                List.of(Integrity.HMAC_SHA1_96),
                groups,
                false);
    }

    /// IKEv2 with suites of today.
    public Specs v2() {
        version = IkeVersion.IKEV2;
        ike = List.of(ike2(Encryption.AES_GCM_16, Group.CURVE_25519));
        esp = List.of(esp2(List.of()));
        return this;
    }

    public static IkeProposal ike2(Encryption encryption, Group... groups) {
        return new IkeProposal(
                List.of(
                        encryption.hasKeyLength()
                                ? Cipher.of(encryption, 256)
                                : Cipher.of(encryption)),
                encryption.isAead() ? List.of() : List.of(Integrity.HMAC_SHA2_256_128),
                List.of(Prf.HMAC_SHA2_256),
                List.of(groups));
    }

    public static EspProposal esp2(List<Group> groups) {
        return new EspProposal(
                List.of(Cipher.of(Encryption.AES_GCM_16, 256)), List.of(), groups, false);
    }

    public Specs selectors(SelectorPair to) {
        selectors = to;
        return this;
    }

    public Specs name(String to) {
        name = to;
        return this;
    }

    public Specs between(String from, String to) {
        local = IpAddress.of(from);
        remote = IpAddress.of(to);
        return this;
    }

    public Specs ids(Identity ours, Identity theirs) {
        localId = ours;
        remoteId = theirs;
        return this;
    }

    public Specs ike(List<IkeProposal> to) {
        ike = to;
        return this;
    }

    public Specs esp(List<EspProposal> to) {
        esp = to;
        return this;
    }

    public Specs lives(Duration ikeSa, Duration child, Duration margin) {
        ikeLife = LifetimeSpec.ofTime(ikeSa, margin, 100);
        childLife = LifetimeSpec.ofTime(child, margin, 100);
        return this;
    }

    /// Of a child; 0: no limit.
    public Specs volume(long octets, long packets) {
        childLife =
                new LifetimeSpec(
                        childLife.life(),
                        childLife.margin(),
                        childLife.fuzzPercent(),
                        childLife.rekey(),
                        octets,
                        packets);
        return this;
    }

    /// Nobody replaces a child before its end.
    public Specs noRekey() {
        childLife =
                new LifetimeSpec(
                        childLife.life(),
                        childLife.margin(),
                        childLife.fuzzPercent(),
                        false,
                        childLife.octets(),
                        childLife.packets());
        return this;
    }

    /// The IKE SA ends after `life`; nobody replaces it before.
    public Specs ikeEnds(Duration life) {
        ikeLife = new LifetimeSpec(life, Duration.ZERO, 0, false, 0, 0);
        return this;
    }

    /// The IKE SA is authenticated anew after so long.
    public Specs reauthenticated(Duration after) {
        reauth = after;
        return this;
    }

    public Specs dpd(DpdSpec to) {
        dpd = to;
        return this;
    }

    public Specs keyingTries(int to) {
        keyingTries = to;
        return this;
    }

    public Specs forceEncapsulation() {
        encap = true;
        return this;
    }

    /// Transport mode between the two ends, whatever the protocol.
    public Specs transport() {
        mode = Mode.TRANSPORT;
        selectors = new SelectorPair(List.of(), List.of());
        return this;
    }

    public Specs mode(Mode to) {
        mode = to;
        return this;
    }

    /// Asks for IPComp. A child without traffic for so long is closed.
    public Specs inactivity(Duration to) {
        inactivity = to;
        return this;
    }

    public Specs compressed() {
        compressed = true;
        return this;
    }

    public Specs beet(String ours, String theirs) {
        mode = Mode.BEET;
        return selectors(ours, theirs);
    }

    public Specs actions(Actions to) {
        actions = to;
        return this;
    }

    /// Waits for the peer to begin (`auto=add`).
    public Specs passive() {
        return actions(new Actions(Actions.Start.NONE, Actions.Close.NONE, Actions.Dpd.CLEAR));
    }

    public Specs selectors(String ours, String theirs) {
        selectors =
                new SelectorPair(
                        List.of(TrafficSelector.of(IpPrefix.of(ours))),
                        List.of(TrafficSelector.of(IpPrefix.of(theirs))));
        return this;
    }

    public ConnectionSpec build(UnaryOperator<HandshakeSpec> handshake) {
        return build(handshake, UnaryOperator.identity());
    }

    public ConnectionSpec mobike(boolean on) {
        return build(
                UnaryOperator.identity(),
                p -> new PathSpec(on, p.fragmentation(), p.forceEncapsulation(), p.dscp()));
    }

    /// By TCP when it begins.
    public ConnectionSpec tcp(PathSpec.Tcp choice, boolean mobike) {
        return build(
                UnaryOperator.identity(),
                p ->
                        new PathSpec(
                                mobike,
                                p.fragmentation(),
                                p.forceEncapsulation(),
                                p.dscp(),
                                choice));
    }

    private ConnectionSpec build(
            UnaryOperator<HandshakeSpec> handshake, UnaryOperator<PathSpec> path) {
        ConnectionSpec c = build();
        IkeSpec i = c.ike();
        return new ConnectionSpec(
                c.name(),
                c.local(),
                c.remote(),
                new IkeSpec(
                        i.version(),
                        i.proposals(),
                        i.lifetime(),
                        i.reauth(),
                        i.dpd(),
                        handshake.apply(i.handshake()),
                        path.apply(i.path())),
                c.children(),
                c.origin());
    }

    public ConnectionSpec build() {
        return new ConnectionSpec(
                name,
                PeerSpec.psk(new AddressSpec.Fixed(local), localId),
                PeerSpec.psk(new AddressSpec.Fixed(remote), remoteId),
                new IkeSpec(version, ike, ikeLife, dpd, keyingTries, encap, false)
                        .reauthenticated(reauth),
                List.of(
                        new ChildSpec(
                                name,
                                mode,
                                esp,
                                selectors,
                                childLife,
                                actions,
                                new LinkSpec.Shared(),
                                ChildOptions.DEFAULT
                                        .with(PacketSpec.DEFAULT.window(32).compressed(compressed))
                                        .closedAfter(inactivity))),
                new Origin("test.conf", 7));
    }
}

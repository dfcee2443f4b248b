package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.child.ChildOptions;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.model.spec.ike.PathSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// swanctl.conf: syntax, defaults, meaning, mistakes.
class SwanctlReaderTest {
    @TempDir Path folder;

    @Test
    void aBareConnectionHasStrongSwansDefaults() {
        ConnectionSpec c = Swanctl.connection().only();
        assertEquals(IkeVersion.ANY, c.ike().version());
        assertEquals(List.of(new AddressSpec.DefaultRoute()), c.local().addresses());
        assertEquals(List.of(new AddressSpec.Any()), c.remote().addresses());
        assertEquals(500, c.remote().port());
        assertEquals(
                List.of(new AuthSpec.Pubkey(Identity.ANY, List.of(), List.of(), TrustSpec.ANY)),
                c.local().rounds());
        assertEquals(HandshakeSpec.DEFAULT, c.ike().handshake());
        assertEquals(PathSpec.DEFAULT, c.ike().path());
        assertEquals(DpdSpec.OFF, c.ike().dpd());
        // rekeyed between 3 h 36 and 4 h, ended after 4 h 24
        assertEquals(
                LifetimeSpec.ofTime(Duration.ofMinutes(264), Duration.ofMinutes(24), 100),
                c.ike().lifetime());
        assertEquals(Duration.ZERO, c.ike().reauth());
        assertEquals(List.of(), c.children());
    }

    @Test
    void aBareChildHasStrongSwansDefaults() {
        ChildSpec child = Swanctl.child().only().children().getFirst();
        assertEquals(Mode.TUNNEL, child.mode());
        assertEquals("dynamic === dynamic", child.selectors().toString());
        assertEquals(ChildOptions.DEFAULT, child.options());
        assertEquals(
                new Actions(Actions.Start.NONE, Actions.Close.NONE, Actions.Dpd.CLEAR),
                child.actions());
        // rekeyed between 54 and 60 minutes, ended after 66
        assertEquals(
                LifetimeSpec.ofTime(Duration.ofMinutes(66), Duration.ofMinutes(6), 100),
                child.lifetime());
    }

    @Test
    void everythingIsLowered() {
        Swanctl rich = Swanctl.read(Swanctl.RICH);
        assertEquals(List.of(), rich.complaints());
        ConnectionSpec c = rich.only();
        // the first that can be called stands first
        assertEquals(new AddressSpec.Named("peer.example"), c.remote().address());
        assertEquals(4500, c.local().port());
        assertEquals(Duration.ofHours(10), c.ike().reauth());
        assertEquals(
                LifetimeSpec.ofTime(Duration.ofMinutes(130), Duration.ofMinutes(10), 50),
                c.ike().lifetime());
        assertEquals(46, c.ike().path().dscp());
        assertEquals(
                new HandshakeSpec.Ppk(Octets.utf8("quantum"), true), c.ike().handshake().ppk());
        assertEquals(List.of(IpAddress.ANY4, IpAddress.ANY6), c.addressing().asked());
        AuthSpec.Pubkey first = (AuthSpec.Pubkey) c.local().rounds().get(0);
        assertEquals(List.of("ike:rsa/pss", "sha256"), first.trust().schemes());
        assertEquals(3, first.certificates().size());
        assertEquals(
                "/nowhere/x509/moon.pem",
                first.certificates().get(0) instanceof KeySource.File f ? f.path() : "");
        AuthSpec.Eap second = (AuthSpec.Eap) c.local().rounds().get(1);
        assertEquals("mschapv2", second.method());
        assertEquals(Identity.fqdn("carol"), second.eapIdentity());
        AuthSpec.Pubkey theirs = (AuthSpec.Pubkey) c.remote().rounds().get(0);
        assertEquals(TrustSpec.Revocation.STRICT, theirs.trust().revocation());
        assertEquals(2, theirs.trust().authorities().size());
        AuthSpec.Eap tls = (AuthSpec.Eap) c.remote().rounds().get(1);
        assertEquals(List.of("ecdsa", "384", "sha384"), tls.trust().schemes());
        ChildSpec net = c.children().get(0);
        assertEquals(Mode.BEET, net.mode());
        assertEquals(500L << 20, net.lifetime().octets());
        assertEquals(3, net.selectors().local().size());
        assertEquals("/usr/lib/_updown with # odd \"signs\"", net.options().hook().updown());
        assertTrue(c.children().get(1).proposals().getFirst().toString().startsWith("ah-"));
        assertFalse(c.children().get(1).lifetime().rekey());
        assertEquals(
                new AuthSpec.Xauth(Identity.ANY, "pam", Identity.ANY),
                rich.spec().connections().get(1).remote().rounds().get(1));
        assertEquals(
                List.of(
                        SharedSecret.Kind.IKE,
                        SharedSecret.Kind.EAP,
                        SharedSecret.Kind.NTLM,
                        SharedSecret.Kind.PPK),
                rich.spec().secrets().stream().map(SharedSecret::kind).toList());
        assertEquals(Secret.of(Octets.hex("0102ff")), rich.spec().secrets().get(0).secret());
        assertEquals(Secret.utf8("a \"quoted\" one"), rich.spec().secrets().get(1).secret());
        assertEquals(Secret.of(Octets.hex("deadbeef")), rich.spec().secrets().get(2).secret());
        assertEquals(PrivateKeySpec.Kind.ANY, rich.spec().keys().getFirst().kind());
        assertEquals(6, rich.spec().pools().getFirst().attributes().size());
    }

    /// strongswan.conf(5): own settings first, then those of the bases from left to right; an empty
    /// value takes one back; a name may come later.
    @Test
    void sectionsInherit() {
        Swanctl s =
                Swanctl.read(
                        """
                        connections {
                            a : two, one {
                                keyingtries =
                                remote { id = moon }
                                children { net : kid { local_ts = 10.2.0.0/16 } }
                            }
                            b : connections.a { version = 2 }
                        }
                        one { version = 1
                              dpd_delay = 5
                              keyingtries = 7
                              remote { auth = psk } }
                        two : one { dpd_delay = 9 }
                        kid { local_ts = 10.1.0.0/16
                              start_action = none }
                        """);
        assertEquals(List.of(), s.complaints());
        ConnectionSpec a = s.spec().connections().get(0);
        assertEquals(IkeVersion.IKEV1, a.ike().version());
        assertEquals(Duration.ofSeconds(9), a.ike().dpd().delay());
        assertEquals(1, a.ike().keyingTries());
        assertEquals(new AuthSpec.Psk(Identity.fqdn("moon")), a.remote().auth());
        assertEquals("10.2.0.0/16 === dynamic", a.children().getFirst().selectors().toString());
        ConnectionSpec b = s.spec().connections().get(1);
        assertEquals(IkeVersion.IKEV2, b.ike().version());
        assertEquals(a.remote(), b.remote());
        assertEquals(1, b.children().size());
    }

    @ParameterizedTest
    @CsvSource({
        "start_action,restart,START",
        "start_action,trap|start,START",
        "start_action,route,TRAP",
        "start_action,clear,NONE",
        "start_action,START,START",
    })
    void actionsHaveAliases(String key, String word, Actions.Start meaning) {
        Swanctl s = Swanctl.child(key + " = " + word);
        assertEquals(List.of(), s.complaints());
        assertEquals(meaning, s.only().children().getFirst().actions().start());
    }

    /// OPNsense writes `dpd_action = start`.
    @ParameterizedTest
    @CsvSource({"start,RESTART", "restart,RESTART", "trap,HOLD", "route,HOLD", "clear,CLEAR"})
    void dpdActionsHaveAliases(String word, Actions.Dpd meaning) {
        Swanctl s = Swanctl.child("dpd_action = " + word);
        assertEquals(meaning, s.only().children().getFirst().actions().dpd());
    }

    @ParameterizedTest
    @CsvSource({"yes", "true", "enabled", "1", "YES"})
    void truthHasAliases(String word) {
        assertFalse(Swanctl.connection("mobike = " + word).only().ike().forceEncapsulation());
        assertTrue(Swanctl.connection("encap = " + word).only().ike().forceEncapsulation());
    }

    /// The lifetimes of a child hang together (swanctl.conf(5)).
    @ParameterizedTest
    @CsvSource({
        "rekey_time = 100,110,10,100",
        "life_time = 100,100,10,100",
        "rekey_time = 80;life_time = 100;rand_time = 10,100,20,50",
    })
    void lifetimes(String settings, long life, long margin, int fuzz) {
        LifetimeSpec l = Swanctl.child(settings.split(";")).only().children().getFirst().lifetime();
        assertEquals(
                LifetimeSpec.ofTime(Duration.ofSeconds(life), Duration.ofSeconds(margin), fuzz), l);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "encapp = yes~3:1: error: unknown setting 'encapp' in connections.<conn>; did you"
                        + " mean 'encap'?",
                "encap = maybe~3:9: error: encap: 'maybe' is neither yes nor no",
                "version = 3~3:11: error: version: '3' is not known; use 0, 1, 2; did you"
                        + " mean '0'?",
                "rekey_time = soon~3:14: error: rekey_time: 'soon' is no time; write 3600, 3600s,"
                        + " 60m, 1h or 2d",
                "dscp = 46~3:8: error: dscp: '46' is not six binary digits, e.g. 101110",
                "local_addrs = 192.0.2.1, 192.0.2.300~3:26: error: local_addrs: '192.0.2.300' is no"
                        + " address, name, network or range",
                "vips = any~3:8: error: vips: 'any' is no address; 0.0.0.0 or :: ask for any",
                "mediation = yes~3:1: error: mediation is refused: the mediation extension is"
                        + " strongSwan's own",
                "local { auth = pks }~3:16: error: auth: 'pks' is not known; did you mean 'psk'?",
                "locl { auth = psk }~3:1: error: unknown section 'locl' in connections.<conn>; did"
                        + " you mean 'local'?",
                "children { x { mark_in = many } }~3:26: error: mark_in: 'many' is no mark; write"
                        + " e.g. 42, 0x2a/0xff or %unique",
                "children { x { esp_proposals = aes128-sha265 } }~3:39: error: esp_proposals:"
                        + " 'sha265': unknown algorithm; did you mean 'sha256'?",
                "unique = yess~3:10: error: unique: 'yess' is not known; use keep, never, no,"
                        + " replace",
                "keyingtries~3:1: error: 'keyingtries' is followed by neither '=' nor '{'",
                "encap = \"yes~3:9: error: the quote is not closed",
                "= 3~3:1: error: a name is missing before '='",
            })
    void aMistakeIsToldAtItsPlace(String setting, String message) {
        Swanctl s = Swanctl.connection(setting);
        assertTrue(s.complaints().contains(message), () -> String.join("\n", s.findings()));
    }

    /// strongSwan takes `default` among other proposals, too; IKEv1 has no AEAD.
    @Test
    void defaultIsOneOfTheProposals() {
        Swanctl s =
                Swanctl.read(
                        """
                        connections {
                            one { version = 1
                                  proposals = aes256-sha1-modp1024, default
                                  local { auth = psk }
                                  remote { auth = psk }
                                  children { net { esp_proposals = default,aes128-sha1 } } }
                        }
                        secrets { ike { secret = x } }
                        """);
        ConnectionSpec c = s.only();
        assertEquals("aes256-sha1-modp1024", c.ike().proposals().getFirst().toString());
        assertEquals(2, c.ike().proposals().size());
        List<EspProposal> esp = c.children().getFirst().proposals();
        assertEquals(ProposalText.defaultEsp(), esp.subList(0, ProposalText.defaultEsp().size()));
        assertEquals("aes128-sha1", esp.getLast().toString());
    }

    /// A number is of what its value looks like: charon sends an address as one.
    @Test
    void attributesByNumber() {
        Swanctl s =
                Swanctl.read(
                        """
                        pools { rw { addrs = 10.3.0.0/24
                                     3 = 10.1.0.53
                                     28672 = welcome
                                     split_exclude = 10.9.0.0/16 } }
                        """);
        List<PoolSpec.Attribute> all = s.spec().pools().getFirst().attributes();
        assertTrue(
                all.contains(new PoolSpec.Attribute(3, IpAddress.of("10.1.0.53").octets())),
                all::toString);
        assertTrue(all.contains(new PoolSpec.Attribute(28672, Octets.utf8("welcome"))));
        assertTrue(all.stream().anyMatch(x -> x.type() == 28678), "UNITY_LOCAL_LAN");
    }

    @Test
    void circlesAndMissingBasesAreTold() {
        Swanctl s =
                Swanctl.read(
                        """
                        connections { a : b, nowhere { } }
                        b : c { }
                        c : b { }
                        """);
        assertTrue(
                s.complaints().contains("1:22: error: there is no section 'nowhere'"),
                () -> "" + s.findings());
        assertTrue(
                s.complaints().stream().anyMatch(m -> m.contains("inherits from itself")),
                () -> "" + s.findings());
    }

    @Test
    void filesAreIncludedWhereTheyAreNamed() throws IOException {
        Files.createDirectories(folder.resolve("conf.d"));
        Path main = folder.resolve("swanctl.conf");
        Files.writeString(main, "connections {\n include conf.d/*.conf\n}\ninclude gone.conf\n");
        Files.writeString(folder.resolve("conf.d/a.conf"), "a { version = 1 }");
        Files.writeString(folder.resolve("conf.d/b.conf"), "b { version = x }\ninclude a.conf\n");
        Files.writeString(
                folder.resolve("conf.d/loop.conf"), "include \"loop.conf\"\na { version = 2 }");
        Files.createDirectories(folder.resolve("private"));
        Files.createDirectories(folder.resolve("x509ca"));
        Files.writeString(folder.resolve("private/key.pem"), "-");
        Files.writeString(folder.resolve("x509ca/ca.pem"), "-");
        Reading reading = ConfigReader.read(List.of(main), Choices.NONE);
        List<String> messages = Texts.messages(reading);
        assertTrue(
                messages.stream()
                        .anyMatch(m ->
                                m.startsWith(
                                        folder.resolve("conf.d/b.conf") + ":1:15: error: version")),
                () -> "" + messages);
        assertTrue(
                messages.stream().anyMatch(m -> m.contains("loop.conf includes itself")),
                () -> "" + messages);
        assertEquals(1, reading.spec().keys().size());
        assertEquals(
                List.of(CertificateSpec.Kind.X509_CA),
                reading.spec().certificates().stream().map(CertificateSpec::kind).toList());
    }

    /// A section without a file, as vici sends it: octets in place of files, lists as lists.
    @Test
    void aSectionNeedNoFile() {
        Position at = SwanctlLowering.nowhere("vici");
        Tree local =
                new Tree(
                        "local",
                        at,
                        Map.of("auth", new Setting("auth", "pubkey", at, at)),
                        Map.of(),
                        Map.of("certs", List.of(Octets.hex("3000"))));
        Tree conn =
                new Tree(
                        "gw",
                        at,
                        Map.of("version", new Setting("version", "2", at, at)),
                        Map.of("local", local),
                        Map.of());
        Findings findings = new Findings();
        ConnectionSpec c =
                new SwanctlLowering(Path.of("/"), Choices.NONE)
                        .connection(conn, findings)
                        .orElseThrow();
        assertEquals(List.of(), findings.list());
        assertEquals(
                new KeySource.Inline(Octets.hex("3000"), at.origin()),
                ((AuthSpec.Pubkey) c.local().auth()).certificates().getFirst());
    }

    /// What the engine cannot do yet is refused in one place, where the connection stands.
    @Test
    void theEnginesLimitsAreTold() {
        Reading reading = Texts.text("swanctl.conf", Swanctl.RICH, Choices.NONE);
        List<String> messages = Texts.messages(reading);
        assertEquals(List.of(), reading.spec().connections());
        for (String part :
                List.of(
                        "conn rw-eap authenticates its local end by more than one key",
                        "conn rw-eap has local port 4500",
                        "conn rw-eap child net: mode beet takes one address on each side",
                        "conn plain authenticates its remote end by more")) {
            assertTrue(messages.stream().anyMatch(m -> m.contains(part)), () -> part + messages);
        }
    }

    @Test
    void noSecretIsShown() {
        String text =
                """
                secrets {
                  ike { secret = 0xnothexsecret }
                  ike2 { secrett = anothersecret }
                  ike3 { secret = "thirdsecret }
                }
                """;
        String shown = String.join("\n", Swanctl.read(text).findings());
        for (String secret : List.of("nothexsecret", "anothersecret", "thirdsecret")) {
            assertFalse(shown.contains(secret), shown);
        }
        assertTrue(shown.contains("did you mean 'secret'?"), shown);
    }
}

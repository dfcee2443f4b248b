package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.creds.issue.CertificateOrder.Flag;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Certificate;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// EAP-TLS (RFC 5216, RFC 9190), beside a gateway that proves itself by a signature first, and
/// alone (RFC 5998), as dialogues.
class EapTlsTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static void assertNoBugs(TwoPeers p) {
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    private static void refused(TwoPeers p, TwoPeers.Peer who, String why) {
        p.b.load();
        p.a.load();
        p.run(100 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), () -> p.a.events + " / " + p.b.events);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        assertTrue(
                who.events(Event.Failed.class).anyMatch(e -> e.toString().contains(why)),
                () -> p.a.events + " / " + p.b.events);
        assertNoBugs(p);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "rsa", "ed25519"})
    void eachKindOfKey(String kind) {
        TwoPeers p = TlsPeers.peers(3, false, false, kind).establish();
        assertTrue(p.exchange());
        assertEquals("carol.example", p.b.engine().views().getFirst().peer().remoteId());
        assertEquals("sun.example", p.a.engine().views().getFirst().peer().remoteId());
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    /// RFC 5998: the gateway shows neither CERT nor AUTH in its first answer, and proves itself all
    /// the same.
    @Test
    void alone() throws Exception {
        TwoPeers p = TlsPeers.peers(3, true, true).establish();
        assertTrue(p.exchange());
        Forger2 a =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), true);
        Forger2 b =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), false);
        PayloadChain asked = b.open(p.a.sent.get(1));
        assertTrue(
                asked.all(Notify.class).stream()
                        .anyMatch(n -> n.is(NotifyType.EAP_ONLY_AUTHENTICATION)));
        PayloadChain answer = a.open(p.b.sent.get(1));
        assertTrue(answer.first(Authentication.class).isEmpty());
        assertTrue(answer.first(Certificate.class).isEmpty());
        assertNoBugs(p);
    }

    /// A client that could do alone, and a gateway that proves itself by its key first.
    @Test
    void aloneAndAGatewayThatSigns() {
        assertTrue(TlsPeers.peers(3, true, false).establish().exchange());
    }

    /// A gateway that is proved by EAP alone, and a client that does not ask for that.
    @Test
    void aloneOfTheGatewayOnly() {
        TwoPeers p = TlsPeers.peers(3, false, true);
        refused(p, p.b, "the peer does not ask for that (RFC 5998)");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aClientOfAnotherAuthority(boolean alone) {
        TwoPeers p = TlsPeers.peers(3, alone, alone);
        TlsPeers.equip(
                p.a,
                TlsPeers.holder(
                        "carol.example", "ecdsa", TlsPeers.authority("other.example"), Set.of()),
                TlsPeers.authority("ca.example"));
        refused(p, p.b, "there is no way from");
    }

    /// Somebody with a certificate who says in EAP that it is somebody else.
    @Test
    void aClientOfAnotherName() {
        TwoPeers p = TlsPeers.peers(3, false, false);
        TlsPeers.Holder ca = TlsPeers.authority("ca.example");
        TlsPeers.pose(p.a, TlsPeers.holder("mallory.example", "ecdsa", ca, Set.of()), ca);
        refused(p, p.b, "is not for carol.example");
    }

    /// Alone, the gateway's certificate is all that says who it is.
    @ParameterizedTest
    @CsvSource({
        "mallory.example, ca.example, is not for sun.example",
        "sun.example, other.example, there is no way from"
    })
    void aGatewayThatIsNotWhoItSays(String name, String authority, String why) {
        TwoPeers p = TlsPeers.peers(3, true, true);
        TlsPeers.Holder own =
                TlsPeers.holder(name, "ecdsa", TlsPeers.authority(authority), Set.of());
        TlsPeers.pose(p.b, own, TlsPeers.authority("ca.example"));
        refused(p, p.a, why);
    }

    /// `aaa_id`: TLS ends at somebody else than the gateway says it is.
    @Test
    void anotherServer() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        TlsPeers.client(Identity.fqdn("aaa.example"), true),
                        TlsPeers.gateway(true));
        TlsPeers.Holder ca = TlsPeers.authority("ca.example");
        TlsPeers.equip(p.a, TlsPeers.holder("carol.example", "ecdsa", ca, Set.of()), ca);
        TlsPeers.equip(p.b, TlsPeers.holder("sun.example", "ecdsa", ca, Set.of()), ca);
        refused(p, p.a, "is not for aaa.example");
    }

    /// RFC 5280, 4.2.1.12.
    @Test
    void aCertificateForServersIsNoClients() {
        TwoPeers p = TlsPeers.peers(3, false, false);
        TlsPeers.Holder ca = TlsPeers.authority("ca.example");
        TlsPeers.equip(
                p.a, TlsPeers.holder("carol.example", "ecdsa", ca, Set.of(Flag.SERVER_AUTH)), ca);
        refused(p, p.b, "extended key usage");
    }

    /// Without a certificate nothing is said in TLS.
    @Test
    void aClientWithoutACertificate() {
        TwoPeers p = TlsPeers.peers(3, true, true);
        p.a.notary(new ReloadableNotary(), (_, _) -> List.of(), List.of());
        refused(p, p.a, "no private key with a certificate");
    }

    /// What is computed when the half-open time is over goes nowhere.
    @Test
    void aJobThatNeverComesBack() {
        TwoPeers p = TlsPeers.peers(3, true, true);
        p.b.withhold(Output.Tls.class::isInstance);
        p.b.load();
        p.a.load();
        p.run(300 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        assertTrue(
                p.b.engine().views().stream().noneMatch(v -> v.state().startsWith("Eap")),
                () -> p.b.engine().views().toString());
        assertNoBugs(p);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onABadLine(boolean alone) {
        for (long seed = 1; seed <= 10; seed++) {
            TwoPeers p = TlsPeers.peers(seed, alone, alone);
            p.wire.faults(10, 20, 20);
            assertTrue(p.establish().exchange(), "seed " + seed);
            assertNoBugs(p);
        }
    }
}

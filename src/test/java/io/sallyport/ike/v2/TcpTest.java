package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ike.PathSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// IKE in TCP (RFC 9329): who begins dials, and dials again; the other end goes where the last
/// authentic message came from.
class TcpTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static ConnectionSpec initiator(PathSpec.Tcp.Use use, boolean mobike) {
        return new Specs()
                .between("192.0.2.1", "192.0.2.2")
                .v2()
                .tcp(new PathSpec.Tcp(use, 4500), mobike);
    }

    private static TwoPeers peers(PathSpec.Tcp.Use use, boolean mobike) {
        return new TwoPeers(
                11,
                TestCrypto.CRYPTO,
                initiator(use, mobike),
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().mobike(mobike));
    }

    /// UDP goes nowhere.
    private static void blockUdp(TwoPeers p) {
        p.middle(f -> f.path().tcp() ? f : TwoPeers.LOST);
    }

    private static Path path(TwoPeers.Peer peer) {
        return peer.engine().views().getFirst().path();
    }

    private static Carriage carriage(TwoPeers.Peer peer) {
        return peer.backend.carriage(peer.backend.active(peer.child()).orElseThrow().id());
    }

    private static void rekeyChild(TwoPeers p, TwoPeers.Peer who) {
        long before = p.a.backend.active(p.a.child()).orElseThrow().id();
        who.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(
                        () ->
                                p.a.backend.active(p.a.child()).isPresent()
                                        && p.a.backend.active(p.a.child()).get().id() != before,
                        30 * SECOND),
                () -> p.a.events + " / " + p.b.events);
        p.run(5 * SECOND);
        assertTrue(p.exchange());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allOfItGoesByTcp(boolean mobike) {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, mobike);
        blockUdp(p);
        p.establish();
        assertTrue(path(p.a).tcp() && path(p.b).tcp());
        assertEquals(4500, path(p.a).remote().port());
        assertEquals(new Carriage(path(p.a), true), carriage(p.a));
        assertEquals(new Carriage(path(p.b), true), carriage(p.b));
        assertEquals(Set.of(path(p.b)), p.streams.kept);
        assertTrue(p.exchange());
        rekeyChild(p, p.a);
        rekeyChild(p, p.b);
        p.run(120 * SECOND);
        assertEquals(0, p.a.keepalives() + p.b.keepalives());
    }

    /// RFC 9329, 6.1: "Multiple IKE SAs MUST NOT share a single TCP connection, unless one is a
    /// rekey of an existing IKE SA".
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRekeyedIkeSaKeepsTheConnectionAndItsDiallerStaysTheSame(boolean byResponder) {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, false).establish();
        Path before = path(p.a);
        (byResponder ? p.b : p.a).command(new Command.Rekey("Tunnel1", ""));
        p.run(30 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(before, path(p.a));
        assertEquals(Set.of(before), p.streams.dialled());
        assertEquals(Set.of(path(p.b)), p.streams.kept);
        p.streams.cut();
        p.streams.mend();
        p.run(10 * SECOND);
        assertEquals(Set.of(path(p.b)), p.streams.kept, "the responder followed");
        rekeyChild(p, p.b);
    }

    /// The same IKE SA goes on, and the responder follows by the first authentic message.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrokenConnectionIsNotTheEndOfTheIkeSa(boolean mobike) {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, mobike).establish();
        Path before = path(p.b);
        p.streams.cut();
        p.run(SECOND);
        p.streams.mend();
        assertTrue(p.runUntil(() -> !path(p.b).equals(before), 10 * SECOND));
        p.run(SECOND);
        assertEquals(new Carriage(path(p.b), true), carriage(p.b));
        assertEquals(Set.of(path(p.b)), p.streams.kept);
        rekeyChild(p, p.b);
        rekeyChild(p, p.a);
        assertEquals(1, p.a.events(Event.IkeEstablished.class).count());
    }

    /// RFC 9329, 6.2: "If a new TCP connection for the IKE SA is established while the exchange
    /// initiator is waiting for a response, the initiator MUST retransmit its request over this
    /// connection".
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasAskedOnABrokenConnectionIsAskedAgainOnTheNextOne(boolean byResponder) {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, false).establish();
        p.streams.cut();
        long before = p.a.backend.active(p.a.child()).orElseThrow().id();
        (byResponder ? p.b : p.a).command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertEquals(before, p.a.backend.active(p.a.child()).orElseThrow().id());
        p.streams.mend();
        p.run(10 * SECOND);
        assertNotEquals(before, p.a.backend.active(p.a.child()).orElseThrow().id());
        assertTrue(p.exchange());
    }

    /// A connection that comes anew between the same ports is the same path: the host, which closes
    /// what nobody vouches for, hears again that it is to be kept.
    @Test
    void aConnectionThatComesAnewIsKept() {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, false).establish();
        p.streams.kept.clear();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(2 * SECOND);
        assertEquals(Set.of(path(p.b)), p.streams.kept);
    }

    /// RFC 9329, 6.2: "The exchange initiator SHOULD NOT retransmit".
    @Test
    void nothingIsRepeatedOverTcpAndWithoutAnAnswerItEnds() {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, false).establish();
        p.middle(_ -> TwoPeers.LOST);
        int before = p.a.sent.size();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(30 * SECOND);
        assertEquals(before + 1, p.a.sent.size());
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.runUntil(() -> p.a.ikeSas() == 0, 30 * SECOND));
    }

    @Test
    void whereUdpHasNoAnswerTcpIsTried() {
        TwoPeers p = peers(PathSpec.Tcp.Use.FALLBACK, true);
        blockUdp(p);
        long begin = p.now();
        p.establish();
        assertTrue(path(p.a).tcp());
        assertTrue(p.now() - begin < 5 * SECOND, "after " + (p.now() - begin));
        assertEquals(1, p.a.engine().sessionsHeld());
        assertTrue(p.exchange());
    }

    @Test
    void whereUdpHasOneItIsNot() {
        TwoPeers p = peers(PathSpec.Tcp.Use.FALLBACK, true).establish();
        p.run(60 * SECOND);
        assertFalse(path(p.a).tcp());
        assertEquals(Set.of(), p.streams.dialled());
    }

    @Test
    void whoTakesNoConnectionIsToldOf() {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, true);
        p.streams.refuse(true);
        p.b.load();
        p.a.load();
        p.run(2 * SECOND);
        assertTrue(
                p.a.events(Event.Failed.class)
                        .anyMatch(f -> f.failure().reason().contains("ECONNREFUSED")),
                () -> p.a.events.toString());
        p.streams.refuse(false);
        assertTrue(p.runUntil(p.a::isUp, 60 * SECOND), "it is tried again");
    }

    /// What is closed leaves no connection behind at either end.
    @Test
    void withTheLastIkeSaTheConnectionGoes() {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, true).establish();
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(60 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        assertEquals(Set.of(), p.streams.dialled());
        assertEquals(Set.of(), p.streams.kept);
    }

    /// An IKE SA that the other end replaced is remembered for a while, in case its delete comes
    /// again: the connection does not wait for that (lab `tcp` met it).
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theConnectionGoesWithTheLastIkeSaThoughOneBeforeItIsRemembered(boolean byResponder) {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, false).establish();
        (byResponder ? p.b : p.a).command(new Command.Rekey("Tunnel1", ""));
        p.run(2 * SECOND);
        assertEquals(1, p.a.ikeSas());
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(2 * SECOND);
        assertEquals(0, p.a.ikeSas());
        assertEquals(byResponder ? 1 : 0, p.a.engine().sessionsHeld());
        assertEquals(Set.of(), p.streams.dialled());
    }

    /// Reauthentication makes an IKE SA that is no rekey of the old one: by a connection of its
    /// own.
    @Test
    void anIkeSaThatIsMadeAnewHasAConnectionOfItsOwn() {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, true).establish();
        Path before = path(p.a);
        p.a.command(new Command.RekeyIke("Tunnel1", p.a.engine().views().getFirst().keys(), true));
        p.run(30 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertNotEquals(before, path(p.a));
        assertEquals(Set.of(path(p.a)), p.streams.dialled());
        assertEquals(Set.of(path(p.b)), p.streams.kept);
        assertTrue(p.exchange());
    }

    /// RFC 9329, 7.2: by UDP first "unless the client's configuration instructs it to instantly use
    /// TCP".
    @Test
    void whoIsSentOnGoesThereAsConfigured() {
        TwoPeers p = peers(PathSpec.Tcp.Use.YES, true).establish();
        IpAddress there = IpAddress.of("198.51.100.2");
        p.b.command(
                new Command.Redirect(
                        "Tunnel1",
                        p.b.engine().views().getFirst().keys(),
                        new AddressSpec.Fixed(there)));
        assertTrue(
                p.runUntil(
                        () ->
                                p.streams.dialled().stream()
                                        .anyMatch(
                                                d -> d.remote().equals(new Endpoint(there, 4500))),
                        10 * SECOND),
                () -> p.a.events.toString());
    }
}

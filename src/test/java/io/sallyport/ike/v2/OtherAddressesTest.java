package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ADDITIONAL_IP4_ADDRESS and ADDITIONAL_IP6_ADDRESS (RFC 4555, 3.4 to 3.6): a gateway that has
/// several addresses is found at the next one when one does not answer.
class OtherAddressesTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final IpAddress GATE = IpAddress.of("192.0.2.2");
    private static final IpAddress OTHER = IpAddress.of("198.51.100.2");
    private static final IpAddress THIRD = IpAddress.of("203.0.113.2");

    /// B takes what comes to any of its addresses.
    private static TwoPeers peers(boolean ofA, boolean ofB) {
        ConnectionSpec b = new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().mobike(ofB);
        return new TwoPeers(
                3,
                TestCrypto.CRYPTO,
                new Specs().between("192.0.2.1", "192.0.2.2").v2().mobike(ofA),
                new ConnectionSpec(
                        b.name(),
                        new PeerSpec(
                                List.of(new AddressSpec.DefaultRoute()), 500, b.local().rounds()),
                        b.remote(),
                        b.ike(),
                        b.children(),
                        b.origin()));
    }

    private static TwoPeers established(IpAddress... ofB) {
        TwoPeers p = peers(true, true);
        p.b.input(new Input.AddressesChanged(List.of(ofB)));
        return p.establish();
    }

    /// Nothing reaches B there, and nothing leaves.
    private static void cut(TwoPeers p, IpAddress... away) {
        Set<IpAddress> all = Set.of(away);
        p.middle(f -> {
            IpAddress ofB =
                    f.from() == p.b ? f.path().local().address() : f.path().remote().address();
            return all.contains(ofB) ? TwoPeers.LOST : f;
        });
    }

    private static IpAddress gateOf(TwoPeers.Peer a) {
        return a.engine().views().getFirst().path().remote().address();
    }

    private static void assertFoundAt(TwoPeers p, IpAddress where) {
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(() -> gateOf(p.a).equals(where), 900 * SECOND),
                () -> p.a.events.toString());
        p.run(30 * SECOND);
        assertEquals(where, p.b.engine().views().getFirst().path().local().address());
        assertEquals(
                where,
                p.a.backend
                        .carriage(p.a.backend.active("Tunnel1").orElseThrow().id())
                        .path()
                        .remote()
                        .address());
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.ikeSas());
        assertEquals(1, p.a.backend.size());
        assertTrue(p.exchange());
        assertFalse(p.a.told(Event.PeerDead.class::isInstance), p.a.events::toString);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    @Test
    void theNextAddressOfTheGateway() {
        TwoPeers p = established(GATE, OTHER);
        cut(p, GATE);
        assertFoundAt(p, OTHER);
        // there it says that it has the first one, too
        cut(p, OTHER);
        assertFoundAt(p, GATE);
    }

    /// One after the other, until one answers.
    @Test
    void thereAreSeveral() {
        TwoPeers p = established(GATE, OTHER, THIRD);
        cut(p, GATE, OTHER);
        assertFoundAt(p, THIRD);
    }

    /// What was said last holds: it is not sought where it was before.
    @Test
    void theLastWordHolds() {
        TwoPeers p = established(GATE, OTHER);
        p.b.input(new Input.AddressesChanged(List.of(GATE, THIRD)));
        p.run(SECOND);
        cut(p, GATE, OTHER);
        assertFoundAt(p, THIRD);
        assertFalse(
                p.a.told(e ->
                        e instanceof Event.Noticed n
                                && n.toString().contains("sought at " + OTHER)));
    }

    /// A successor knows what its predecessor was told.
    @Test
    void afterARekeyingToo() {
        TwoPeers p = established(GATE, OTHER);
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(10 * SECOND);
        cut(p, GATE);
        assertFoundAt(p, OTHER);
    }

    private static void assertDead(TwoPeers p, TwoPeers.Peer who) {
        who.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(() -> who.told(Event.PeerDead.class::isInstance), 900 * SECOND),
                who.events::toString);
        assertFalse(who.told(Event.InternalError.class::isInstance), who.events::toString);
    }

    /// It answers nowhere, or has nowhere else to be, any more: it is dead as ever.
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void nowhere(int others) {
        TwoPeers p = established(GATE, OTHER, THIRD);
        if (others == 0) {
            p.b.input(new Input.AddressesChanged(List.of(GATE))); // NO_ADDITIONAL_ADDRESSES
            p.run(SECOND);
        }
        cut(p, GATE, OTHER, THIRD);
        assertDead(p, p.a);
        assertEquals(
                others == 0 ? 0 : 3,
                p.a.events(Event.Noticed.class)
                        .filter(n -> n.toString().contains("is sought at"))
                        .count());
    }

    /// Without MOBIKE nothing is said, and nobody is sought; who was called seeks nobody.
    @Test
    void whoMayNotMoveSeeksNobody() {
        TwoPeers without = peers(true, false);
        without.b.input(new Input.AddressesChanged(List.of(GATE, OTHER)));
        without.establish();
        cut(without, GATE);
        assertDead(without, without.a);
        TwoPeers p = peers(true, true);
        p.a.input(new Input.AddressesChanged(List.of(IpAddress.of("192.0.2.1"), THIRD)));
        p.establish();
        p.middle(_ -> TwoPeers.LOST);
        assertDead(p, p.b);
        assertFalse(p.b.told(e -> e.toString().contains("is sought at")));
    }
}

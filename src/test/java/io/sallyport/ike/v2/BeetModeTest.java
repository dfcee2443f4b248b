package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.VendorId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// BEET mode asked for and granted by strongSwan's private notify.
class BeetModeTest {
    private static final String OURS = "10.18.0.1/32";
    private static final String THEIRS = "10.19.0.1/32";

    /// MD5 of "strongSwan".
    private static final Octets STRONGSWAN = Octets.hex("882fe56d6fd20dbc2251613b2ebe5beb");

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").v2();
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().passive();
    }

    private static TwoPeers peers(ConnectionSpec ofA, ConnectionSpec ofB) {
        return new TwoPeers(11, TestCrypto.CRYPTO, ofA, ofB);
    }

    private static SelectorPair pair(String local, String remote) {
        return new SelectorPair(
                List.of(TrafficSelector.of(IpPrefix.of(local))),
                List.of(TrafficSelector.of(IpPrefix.of(remote))));
    }

    private static ChildSa sa(TwoPeers.Peer peer) {
        return peer.backend.active("Tunnel1").orElseThrow();
    }

    private static List<Octets> vendors(Octets message) throws Exception {
        return Message.parse(message).chain().all(VendorId.class).stream()
                .map(VendorId::value)
                .toList();
    }

    /// A -> B IKE_SA_INIT with the vendor ID that gives the private number its meaning, and back.
    @Test
    void itIsAskedForAndGranted() throws Exception {
        TwoPeers p =
                peers(a().beet(OURS, THEIRS).build(), b().beet(THEIRS, OURS).build()).establish();
        assertEquals(Mode.BEET, sa(p.a).handling().mode());
        assertEquals(Mode.BEET, sa(p.b).handling().mode());
        assertEquals(pair(OURS, THEIRS), sa(p.a).selectors());
        assertEquals(List.of(STRONGSWAN), vendors(p.a.sent.getFirst()));
        assertEquals(List.of(STRONGSWAN), vendors(p.b.sent.getFirst()));
        assertTrue(p.exchange());
    }

    /// Nobody is told that we know strongSwan's numbers who need not hear it.
    @Test
    void withoutBeetThereIsNoVendorId() throws Exception {
        TwoPeers p = peers(a().build(), b().build()).establish();
        assertEquals(List.of(), vendors(p.a.sent.getFirst()));
        assertEquals(List.of(), vendors(p.b.sent.getFirst()));
    }

    @Test
    void itStaysOverRekeying() {
        for (boolean byA : new boolean[] {true, false}) {
            TwoPeers p =
                    peers(a().beet(OURS, THEIRS).build(), b().beet(THEIRS, OURS).build())
                            .establish();
            int before = sa(p.a).outbound().spi();
            (byA ? p.a : p.b).command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(10 * TwoPeers.SECOND);
            assertNotEquals(before, sa(p.a).outbound().spi());
            assertEquals(Mode.BEET, sa(p.a).handling().mode());
            assertEquals(Mode.BEET, sa(p.b).handling().mode());
            assertTrue(p.exchange());
        }
    }

    /// One end BEET, the other a tunnel: no child, whoever asks; never one mode here, another
    /// there.
    @Test
    void twoModesAreNoTunnel() {
        Specs[][] pairs = {
            {a().beet(OURS, THEIRS), b().selectors(THEIRS, OURS)},
            {a().selectors(OURS, THEIRS), b().beet(THEIRS, OURS)},
            {a().transport(), b().beet("192.0.2.2/32", "192.0.2.1/32")},
            {a().beet("192.0.2.1/32", "192.0.2.2/32"), b().transport()},
        };
        for (Specs[] pair : pairs) {
            TwoPeers p = peers(pair[0].build(), pair[1].build());
            p.b.load();
            p.a.load();
            p.run(3 * TwoPeers.SECOND);
            assertFalse(p.a.isUp());
        }
    }

    /// The refusal of a BEET responder names the mode that was asked for.
    @Test
    void theRefusalNamesTheMode() {
        TwoPeers p = peers(a().beet(OURS, THEIRS).build(), b().transport().build());
        p.b.load();
        p.a.load();
        p.run(3 * TwoPeers.SECOND);
        String why = p.b.events(Event.Failed.class).findFirst().orElseThrow().toString();
        assertTrue(why.contains("(BEET)"), why);
    }

    /// A whole network has no header that could be left out.
    @Test
    void aNetworkIsRefused() {
        TwoPeers p =
                peers(
                        a().beet("10.18.0.0/24", THEIRS).build(),
                        b().beet(THEIRS, "10.18.0.0/24").build());
        p.b.load();
        p.a.load();
        p.run(3 * TwoPeers.SECOND);
        assertFalse(p.a.isUp() || p.b.isUp());
        String why = p.b.events(Event.Failed.class).findFirst().orElseThrow().toString();
        assertTrue(why.contains("BEET mode takes one address on each side"), why);
    }

    /// RFC 7296, 1.3.1 lets a responder decline transport mode in favour of a tunnel; what is to
    /// pass in clear is none.
    @Test
    void whatPassesInClearIsNoTunnel() {
        TwoPeers p =
                peers(
                        a().transport().build(),
                        b().mode(Mode.PASS).selectors("192.0.2.2/32", "192.0.2.1/32").build());
        p.b.load();
        p.a.load();
        p.run(3 * TwoPeers.SECOND);
        assertFalse(p.a.isUp() || p.b.isUp());
    }
}

package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Quick mode for transport mode (S4-24): between the two hosts, and through a NAT.
class TransportModeTest {
    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").transport();
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").transport().passive();
    }

    private static SelectorPair hosts(String local, String remote) {
        return new SelectorPair(
                List.of(TrafficSelector.of(IpPrefix.host(IpAddress.of(local)))),
                List.of(TrafficSelector.of(IpPrefix.host(IpAddress.of(remote)))));
    }

    private static ChildSa sa(TwoPeers.Peer peer) {
        return peer.backend.active("Tunnel1").orElseThrow();
    }

    @Test
    void theHostsThemselvesAreTheSelectors() {
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, a().build(), b().build()).establish();
        assertEquals(Mode.TRANSPORT, sa(p.a).handling().mode());
        assertEquals(hosts("192.0.2.1", "192.0.2.2"), sa(p.a).selectors());
        assertEquals(hosts("192.0.2.2", "192.0.2.1"), sa(p.b).selectors());
        assertFalse(sa(p.a).carriage().udp());
        assertEquals(Optional.empty(), sa(p.a).handling().natOriginal());
        assertTrue(p.exchange());
    }

    /// One wants transport mode, the other a tunnel: nothing in common.
    @Test
    void theModeIsNegotiatedNotGuessed() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        a().build(),
                        new Specs()
                                .between("192.0.2.2", "192.0.2.1")
                                .passive()
                                .selectors("192.0.2.2/32", "192.0.2.1/32")
                                .build());
        p.b.load();
        p.a.load();
        p.run(5 * TwoPeers.SECOND);
        assertFalse(p.a.isUp());
        String why = p.b.events(Event.Failed.class).findFirst().orElseThrow().toString();
        assertTrue(why.contains("(transport)"), why);
    }

    /// S2-15: networks behind the hosts are no matter for transport mode, whatever the peer asks.
    @Test
    void aNetworkIsRefused() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        new Specs()
                                .between("192.0.2.1", "192.0.2.2")
                                .selectors("10.1.0.0/16", "192.0.2.2/32")
                                .build(),
                        b().build());
        p.b.load();
        p.a.load();
        p.run(5 * TwoPeers.SECOND);
        assertFalse(p.a.isUp() || p.b.isUp());
    }

    /// RFC 3947, 5.2: both tell both addresses as they see them; the responder speaks of the NAT's.
    @Test
    void throughANatTheOriginalAddressesAreTold() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        a().build(),
                        b().between("192.0.2.2", "198.51.100.9").build());
        p.middle(new Nat(p));
        p.establish();
        assertTrue(sa(p.a).carriage().udp());
        assertEquals(hosts("192.0.2.1", "192.0.2.2"), sa(p.a).selectors());
        assertEquals(hosts("192.0.2.2", "198.51.100.9"), sa(p.b).selectors());
        assertEquals(
                Optional.of(new NatOriginal(IpAddress.of("192.0.2.1"), IpAddress.of("192.0.2.2"))),
                sa(p.b).handling().natOriginal());
        assertEquals(
                Optional.of(
                        new NatOriginal(IpAddress.of("192.0.2.2"), IpAddress.of("198.51.100.9"))),
                sa(p.a).handling().natOriginal());
    }

    private static final List<EspProposal> AH =
            List.of(EspProposal.ah(List.of(Integrity.HMAC_SHA2_256_128), List.of(), false));

    /// S1-03, S4-24: AH is negotiated like ESP; its KEYMAT has no encryption key.
    @Test
    void ahInBothModes() {
        for (boolean transport : new boolean[] {true, false}) {
            Specs ofA = new Specs().between("192.0.2.1", "192.0.2.2").esp(AH);
            Specs ofB = new Specs().between("192.0.2.2", "192.0.2.1").esp(AH).passive();
            TwoPeers p =
                    new TwoPeers(
                                    3,
                                    TestCrypto.CRYPTO,
                                    (transport ? ofA.transport() : ofA).build(),
                                    (transport ? ofB.transport() : ofB).build())
                            .establish();
            assertTrue(sa(p.a).suite().isAh());
            assertEquals("ah-sha256", sa(p.b).suite().toString());
            assertEquals(0, sa(p.a).outbound().encryptionKey().length());
            assertEquals(32, sa(p.a).outbound().integrityKey().length());
            assertEquals(sa(p.a).outbound(), sa(p.b).inbound());
            p.a.command(new Command.Terminate("Tunnel1"));
            assertTrue(p.runUntil(() -> !p.b.isUp(), 5 * TwoPeers.SECOND));
        }
    }

    /// An offer of AH is none of ESP, NULL encryption or not.
    @Test
    void ahAndEspHaveNothingInCommon() {
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, a().esp(AH).build(), b().build());
        p.b.load();
        p.a.load();
        p.run(5 * TwoPeers.SECOND);
        assertFalse(p.a.isUp());
        String why = p.b.events(Event.Failed.class).findFirst().orElseThrow().toString();
        assertTrue(why.contains("no ESP proposal in common") && why.contains("ah-sha256"), why);
    }

    /// S1-06: AH protects the addresses, so behind a NAT it is refused, and the reason is told.
    @Test
    void ahBehindANatIsRefusedWithTheReason() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        a().esp(AH).build(),
                        b().esp(AH).between("192.0.2.2", "198.51.100.9").build());
        p.middle(new Nat(p));
        p.b.load();
        p.a.load();
        p.run(5 * TwoPeers.SECOND);
        assertFalse(p.a.isUp() || p.b.isUp());
        String why = p.a.events(Event.Failed.class).findFirst().orElseThrow().toString();
        assertTrue(why.contains("AH cannot pass the NAT"), why);
    }
}

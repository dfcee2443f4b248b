package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;

/// S2-07, S4-28: AH and ESP of one proposal, two SAs a direction.
class BundleTest {
    private static final List<EspProposal> BUNDLE =
            List.of(
                    Specs.espWith(List.of(Group.MODP_1024))
                            .within(List.of(Integrity.HMAC_SHA2_256_128, Integrity.HMAC_SHA1_96)));

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2");
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").passive();
    }

    private static ChildSa sa(TwoPeers.Peer peer) {
        return peer.backend.active("Tunnel1").orElseThrow();
    }

    private static AhPair ah(TwoPeers.Peer peer) {
        return sa(peer).handling().ah().orElseThrow();
    }

    /// S4-27, S4-28: four SAs, each with an SPI and keys of its own, equal at both ends.
    @Test
    void twoSasADirection() {
        for (boolean transport : new boolean[] {false, true}) {
            Specs ofA = transport ? a().transport() : a();
            Specs ofB = transport ? b().transport() : b();
            TwoPeers p =
                    new TwoPeers(
                                    3,
                                    TestCrypto.CRYPTO,
                                    ofA.esp(BUNDLE).build(),
                                    ofB.esp(BUNDLE).build())
                            .establish();
            assertEquals("aes128-sha1-modp1024+ah-sha256", sa(p.a).suite().toString());
            assertEquals(sa(p.a).outbound().spi(), sa(p.b).inbound().spi());
            assertEquals(ah(p.a).outbound().spi(), ah(p.b).inbound().spi());
            assertEquals(ah(p.a).inbound().spi(), ah(p.b).outbound().spi());
            assertEquals(ah(p.a).outbound().integrityKey(), ah(p.b).inbound().integrityKey());
            assertEquals(32, ah(p.a).outbound().integrityKey().length());
            assertNotEquals(ah(p.a).outbound().spi(), sa(p.a).outbound().spi());
            assertTrue(p.exchange());
        }
    }

    /// Any of its AH with any of its ESP: the responder's order decides.
    @Test
    void theResponderChoosesOfBoth() {
        List<EspProposal> sha1 =
                List.of(
                        Specs.espWith(List.of(Group.MODP_1024))
                                .within(List.of(Integrity.HMAC_SHA1_96)));
        TwoPeers p =
                new TwoPeers(3, TestCrypto.CRYPTO, a().esp(BUNDLE).build(), b().esp(sha1).build())
                        .establish();
        assertEquals("aes128-sha1-modp1024+ah-sha1", sa(p.a).suite().toString());
    }

    /// A bundle is neither of its parts: who wants both gets both or nothing.
    @Test
    void aBundleIsNotItsParts() {
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, a().esp(BUNDLE).build(), b().build());
        p.b.load();
        p.a.load();
        p.run(TwoPeers.SECOND);
        assertFalse(p.a.isUp());
        assertTrue(
                p.b.told(e ->
                        e instanceof Event.Failed f
                                && f.failure().reason().contains("in common")
                                && f.failure().theirs().contains("ah-sha256")));
    }

    @Test
    void rekeyedAndDeletedAsOne() {
        TwoPeers p =
                new TwoPeers(3, TestCrypto.CRYPTO, a().esp(BUNDLE).build(), b().esp(BUNDLE).build())
                        .establish();
        int before = ah(p.a).inbound().spi();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(20 * TwoPeers.SECOND);
        assertNotEquals(before, ah(p.a).inbound().spi());
        assertEquals(1, p.a.backend.size());
        assertEquals(1, p.b.backend.size());
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(TwoPeers.SECOND);
        assertEquals(0, p.b.backend.size());
    }
}

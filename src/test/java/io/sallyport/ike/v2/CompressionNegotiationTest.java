package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.sa.Compression;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// IPCOMP_SUPPORTED (RFC 7296, 2.22): both say it, or nobody compresses.
class CompressionNegotiationTest {
    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").v2();
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().passive();
    }

    private static TwoPeers peers(Specs ofA, Specs ofB) {
        return new TwoPeers(22, TestCrypto.CRYPTO, ofA.build(), ofB.build());
    }

    private static Optional<Compression> of(TwoPeers.Peer peer) {
        return peer.backend.active("Tunnel1").orElseThrow().handling().compression();
    }

    private static void assertAgreed(TwoPeers p) {
        Compression atA = of(p.a).orElseThrow();
        assertEquals(new Compression(atA.outboundCpi(), atA.inboundCpi()), of(p.b).orElseThrow());
        // RFC 3173, 3.3: what is negotiated
        assertTrue(atA.inboundCpi() >= 256 && atA.inboundCpi() <= 61439);
        assertTrue(atA.outboundCpi() >= 256 && atA.outboundCpi() <= 61439);
    }

    @Test
    void bothSayIt() {
        TwoPeers p = peers(a().compressed(), b().compressed()).establish();
        assertAgreed(p);
        assertTrue(p.exchange());
    }

    @Test
    void oneAloneDoesNot() {
        assertEquals(Optional.empty(), of(peers(a().compressed(), b()).establish().a));
        assertEquals(Optional.empty(), of(peers(a().compressed(), b()).establish().b));
        assertEquals(Optional.empty(), of(peers(a(), b().compressed()).establish().a));
        assertEquals(Optional.empty(), of(peers(a(), b().compressed()).establish().b));
    }

    /// A data plane without it, such as the kernel's as we drive it, is not promised to anybody.
    @Test
    void onlyWhatTheDataPlaneCan() {
        for (boolean atA : new boolean[] {true, false}) {
            TwoPeers p = peers(a().compressed(), b().compressed());
            (atA ? p.a : p.b).backend.compresses = false;
            p.establish();
            assertEquals(Optional.empty(), of(p.a));
            assertEquals(Optional.empty(), of(p.b));
        }
    }

    /// Each successor has CPIs of its own, whoever begins.
    @Test
    void rekeyingAgreesAnew() {
        TwoPeers p = peers(a().compressed(), b().compressed()).establish();
        Set<Integer> seen = new HashSet<>();
        for (int n = 0; n < 6; n++) {
            assertAgreed(p);
            assertTrue(seen.add(of(p.a).orElseThrow().inboundCpi()));
            int spi = p.a.backend.active("Tunnel1").orElseThrow().outbound().spi();
            (n % 2 == 0 ? p.a : p.b).command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(10 * TwoPeers.SECOND);
            assertNotEquals(spi, p.a.backend.active("Tunnel1").orElseThrow().outbound().spi());
        }
    }
}

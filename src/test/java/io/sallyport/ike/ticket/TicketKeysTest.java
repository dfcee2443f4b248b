package io.sallyport.ike.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.wire.ike.v2.Identification;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Tickets of a gateway, and the one that a client keeps (RFC 5723).
class TicketKeysTest {
    private static final long HOUR = 3600L * 1_000_000_000L;
    private static final long NOW = 1_000 * HOUR;
    private static final Octets D = Octets.hex("5a".repeat(32));
    private static final IkeSuite SUITE =
            new IkeSuite(
                    Cipher.of(Encryption.AES_CBC, 256),
                    Integrity.HMAC_SHA2_256_128,
                    Prf.HMAC_SHA2_256,
                    Group.CURVE_25519,
                    List.of(Group.ML_KEM_768));

    private final TicketKeys keys = new TicketKeys(TestCrypto.CRYPTO, new ScriptedRandom(5));

    private static TicketState state(long expiresAt) {
        return new TicketState(
                new Identification(true, 2, Octets.ascii("carol.example")),
                new Identification(false, 2, Octets.ascii("sun.example")),
                1,
                2,
                IkeOffers.of(SUITE).answer(0),
                Secret.of(D),
                TicketState.EAP,
                expiresAt);
    }

    private Octets ticket(long now, long expiresAt) {
        try (TicketState s = state(expiresAt)) {
            return keys.seal(s, now).orElseThrow();
        }
    }

    @Test
    void whatIsSealedIsOpened() {
        Octets ticket = ticket(NOW, NOW + HOUR);
        try (TicketState back = keys.open(ticket, NOW + 1).orElseThrow()) {
            assertEquals(state(NOW + HOUR), back);
            assertEquals(SUITE, IkeOffers.of(SUITE).suite());
        }
        assertFalse(ticket.hex().contains(D.hex().substring(0, 16)));
        assertFalse(ticket.hex().contains(Octets.ascii("carol").hex()), "who it is, is sealed");
        assertNotEquals(ticket, ticket(NOW, NOW + HOUR));
    }

    @Test
    void inTimeOnly() {
        Octets ticket = ticket(NOW, NOW + HOUR);
        assertTrue(keys.open(ticket, NOW + HOUR - 1).isPresent());
        assertTrue(keys.open(ticket, NOW + HOUR).isEmpty());
    }

    @Test
    void onceOnly() {
        Octets ticket = ticket(NOW, NOW + HOUR);
        Octets other = ticket(NOW, NOW + HOUR);
        assertTrue(keys.spend(ticket, NOW));
        assertFalse(keys.spend(ticket, NOW));
        assertTrue(keys.open(ticket, NOW).isEmpty());
        assertTrue(keys.open(other, NOW).isPresent());
    }

    /// The keys change, and those before stay until all their tickets are out of time.
    @Test
    void keysOfTheTimeBefore() {
        Octets first = ticket(NOW, NOW + 2 * HOUR);
        Octets late = ticket(NOW + 7 * HOUR, NOW + 15 * HOUR);
        Octets next = ticket(NOW + 9 * HOUR, NOW + 17 * HOUR);
        assertNotEquals(first.slice(4, 12), next.slice(4, 12), "another key");
        assertTrue(keys.open(late, NOW + 14 * HOUR).isPresent());
        assertFalse(keys.open(late, NOW + 16 * HOUR).isPresent());
        Octets third = ticket(NOW + 18 * HOUR, NOW + 26 * HOUR);
        assertTrue(keys.open(first, NOW + 18 * HOUR).isEmpty());
        assertTrue(keys.open(third, NOW + 18 * HOUR).isPresent());
    }

    @Test
    void whatIsForgottenOpensNoMore() {
        Octets ticket = ticket(NOW, NOW + HOUR);
        keys.forget();
        assertTrue(keys.open(ticket, NOW).isEmpty());
        assertFalse(keys.spend(ticket, NOW));
        assertTrue(keys.open(ticket(NOW, NOW + HOUR), NOW).isPresent());
    }

    /// Whatever somebody shows, it is no ticket, and nothing breaks.
    @Test
    void anyOctets() {
        Octets right = ticket(NOW, NOW + HOUR);
        ScriptedRandom random = new ScriptedRandom(9);
        for (int length = 0; length < 400; length++) {
            assertTrue(keys.open(random.octets(length), NOW).isEmpty());
            Octets head = right.slice(0, Math.min(length, 20));
            assertTrue(
                    keys.open(Octets.concat(head, random.octets(length)), NOW).isEmpty(),
                    () -> "behind " + head);
        }
        for (int at = 0; at < right.length(); at++) {
            assertTrue(keys.open(right.slice(0, at), NOW).isEmpty());
        }
    }

    @Test
    void noNumberComesTwice() {
        Set<Octets> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertTrue(seen.add(ticket(NOW, NOW + HOUR).slice(4, 20)));
        }
    }

    // ---- the client's

    private static Resumable resumable(long spi, long expiresAt) {
        return new Resumable(
                Octets.ascii("ticket"),
                IkeOffers.of(SUITE),
                Secret.of(D),
                Identity.fqdn("carol.example"),
                Identity.fqdn("sun.example"),
                spi,
                2,
                expiresAt);
    }

    @Test
    void aWalletKeepsOneAndWipesIt() {
        Wallet wallet = new Wallet();
        Resumable old = resumable(1, NOW + HOUR);
        wallet.keep(old);
        wallet.keep(resumable(3, NOW + HOUR));
        assertThrows(IllegalStateException.class, () -> old.d().expose());
        assertFalse(wallet.drop(1, 2));
        Resumable held = wallet.take(NOW).orElseThrow();
        assertEquals(3, held.spiI());
        assertEquals(Optional.empty(), wallet.take(NOW));
        assertFalse(held.toString().contains("7469636b6574"), held::toString);
        // Given back it is not shown next, but after that
        wallet.giveBack(held);
        assertEquals(Optional.empty(), wallet.take(NOW));
        assertEquals(Optional.of(held), wallet.take(NOW));
        wallet.giveBack(held);
        assertTrue(wallet.drop(3, 2));
        assertThrows(IllegalStateException.class, () -> held.d().expose());
    }

    @Test
    void aTicketOutOfTimeIsNotShown() {
        Wallet wallet = new Wallet();
        Resumable late = resumable(1, NOW);
        wallet.keep(late);
        assertEquals(Optional.empty(), wallet.take(NOW));
        assertThrows(IllegalStateException.class, () -> late.d().expose());
    }
}

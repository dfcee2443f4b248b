package io.sallyport.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.SignedPeers;
import io.sallyport.ike.v1.StateTable.Stand;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.Notary;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// S1-04 for IKEv1: no way to an ISAKMP SA or to a child without a HASH that was verified; and who
/// has not the pre-shared key changes nothing once there are keys.
class StateTableTest {
    @Test
    @Tag("slow")
    void noWayToAnSaWithoutAHash() throws Exception {
        StateTable table = new StateTable(p -> p);
        for (Stand stand : Stand.values()) {
            table.fill(stand);
        }
        System.out.println("state table of IKEv1: " + table.summary());
        assertEquals(List.of(), table.violations().stream().limit(20).toList());
        assertTrue(table.cells() > 35_000, table.summary());
        assertTrue(table.proofs() >= 4, table.summary());
    }

    /// No state of main mode is left out.
    @Test
    void everyStateIsAStand() {
        StateTable table = new StateTable(p -> p);
        Set<String> reached = new TreeSet<>();
        for (Stand stand : Stand.values()) {
            TwoPeers p = table.at(stand);
            String state = stand.target(p).engine().views().getFirst().state();
            assertEquals(stand.done(), state.equals("ESTABLISHED"), stand + " is " + state);
            reached.add(state);
        }
        Set<String> wanted = new TreeSet<>(Set.of("ESTABLISHED"));
        for (Class<?> state : MainState.class.getPermittedSubclasses()) {
            wanted.add(state.getSimpleName());
        }
        // Nothing was sent; both are authenticated, as ESTABLISHED says; nothing is left
        wanted.removeAll(Set.of("Idle", "Done", "Closed"));
        assertEquals(wanted, reached);
    }

    /// The two states where a HASH is awaited, in every build.
    @Test
    void noWayFromTheLastStep() throws Exception {
        StateTable table = new StateTable(p -> p);
        table.fill(Stand.AUTH_AWAITED);
        table.fill(Stand.AUTH_SENT);
        assertEquals(List.of(), table.violations().stream().limit(20).toList());
        assertTrue(table.proofs() >= 4, table.summary());
    }

    /// The same where it is a signature, and where the verdict on one is awaited.
    @Test
    void noWayFromTheLastStepWithoutASignature() throws Exception {
        StateTable table = new StateTable(p -> p);
        for (Stand stand :
                List.of(
                        Stand.SIGNED_AUTH_AWAITED,
                        Stand.JUDGING_R,
                        Stand.SIGNING_R,
                        Stand.SIGNING_I,
                        Stand.SIGNED_AUTH_SENT,
                        Stand.JUDGING_I)) {
            table.fill(stand);
        }
        assertEquals(List.of(), table.violations().stream().limit(20).toList());
        assertTrue(table.proofs() >= 4, table.summary());
    }

    /// A gateway whose notary takes everybody's word.
    @Test
    void theTableFindsANotaryThatBelievesAll() throws Exception {
        for (Stand stand : List.of(Stand.SIGNED_AUTH_AWAITED, Stand.SIGNED_AUTH_SENT)) {
            StateTable table =
                    new StateTable(p -> {
                        RawKeys keys =
                                new RawKeys(StateTable.CRYPTO)
                                        .own(
                                                SignedPeers.pair(
                                                        stand.responder ? "sun" : "moon", "rsa"));
                        stand.target(p)
                                .notary(
                                        new Credulous(keys),
                                        (_, _) -> keys.ownKeys(List.of()),
                                        List.of());
                        return p;
                    });
            table.fill(stand);
            assertTrue(
                    table.violations().stream().anyMatch(v -> v.contains("by another key")),
                    () -> table.summary() + table.violations());
        }
    }

    private record Credulous(RawKeys keys) implements Notary {
        @Override
        public Octets sign(Octets key, SignatureScheme scheme, Octets data)
                throws Signer.CannotSign {
            return keys.sign(key, scheme, data);
        }

        @Override
        public Verdict judge(PeerProof proof) {
            return new Verdict.Trusted(Octets.EMPTY, Octets.EMPTY, proof.identity(), List.of());
        }
    }

    /// A gateway that takes another key than it should.
    @Test
    void theTableFindsAWrongKey() throws Exception {
        for (Stand stand : List.of(Stand.AUTH_AWAITED, Stand.AUTH_SENT)) {
            StateTable table =
                    new StateTable(p -> {
                        p.a.psk("another");
                        p.b.psk("another");
                        return p;
                    });
            table.fill(stand);
            assertTrue(
                    table.violations().stream().anyMatch(v -> v.contains("is not authentic")),
                    table.summary());
        }
    }

    /// A stranger who saw the cookies sends a message 5 that nobody can read: nothing ends by it,
    /// the true one is taken, and where none comes the end of the attempt remembers what was seen.
    @Test
    void aMessageFiveThatNobodyCanReadEndsNothing() {
        TwoPeers p =
                new TwoPeers(
                        9,
                        StateTable.CRYPTO,
                        new Specs().between("192.0.2.1", "192.0.2.2").build(),
                        new Specs().between("192.0.2.2", "192.0.2.1").passive().build());
        p.middle(f -> f.from() == p.a && p.a.sent.size() == 3 ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(400 * TwoPeers.MILLI);
        Path path = p.b.engine().views().getFirst().path();
        byte[] five = p.a.sent.get(2).toArray();
        for (int i = 28; i < five.length; i++) {
            five[i] ^= (byte) (i * 31);
        }
        for (int i = 0; i < 20; i++) {
            p.deliver(p.b, path, Octets.owned(five));
            assertEquals("AuthAwaited", p.b.engine().views().getFirst().state());
        }
        assertEquals(1, p.b.events(Event.Suspected.class).count());
        assertEquals(0, p.b.events(Event.Failed.class).count(), "nothing has failed");
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 10 * TwoPeers.SECOND));
        assertTrue(p.exchange());
    }

    /// The reason is told at once as a guess, and with the end of the attempt.
    @Test
    void theWrongKeyIsRememberedForTheEnd() {
        TwoPeers p =
                new TwoPeers(
                        9,
                        StateTable.CRYPTO,
                        new Specs().between("192.0.2.1", "192.0.2.2").build(),
                        new Specs().between("192.0.2.2", "192.0.2.1").passive().build());
        p.b.psk("another");
        p.b.load();
        p.a.load();
        assertTrue(p.runUntil(() -> p.b.told(Event.Suspected.class::isInstance), TwoPeers.SECOND));
        assertTrue(
                p.b.events(Event.Suspected.class)
                        .findFirst()
                        .orElseThrow()
                        .failure()
                        .reason()
                        .contains("another pre-shared key"));
        assertTrue(
                p.runUntil(() -> p.b.told(Event.Failed.class::isInstance), 60 * TwoPeers.SECOND));
        String end = p.b.events(Event.Failed.class).findFirst().orElseThrow().failure().reason();
        assertTrue(end.contains("another pre-shared key"), end);
    }
}

package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.SignedPeers;
import io.sallyport.model.port.Notary;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// S1-04, and must-show 5 of the third issue: in the whole table there is no way to an IKE SA or to
/// a child without an AUTH that was verified, nothing that is not authentic changes a state, and
/// after all of it the right peer gets in. And the table finds a gateway that is not so.
class StateTableTest {
    @Test
    @Tag("slow")
    void noWayToAnSaWithoutAuth() throws Exception {
        StateTable table = new StateTable(p -> p);
        for (Stand stand : Stand.values()) {
            table.fill(stand);
        }
        System.out.println("state table of IKEv2: " + table.summary());
        assertEquals(List.of(), table.violations().stream().limit(20).toList());
        assertTrue(table.cells() > 400_000, table.summary());
        assertTrue(table.proofs() >= 6, table.summary());
    }

    /// No state of the machine and no task that takes an answer is left out.
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
        for (Class<?> state : V2State.class.getPermittedSubclasses()) {
            wanted.add(state.getSimpleName());
        }
        // Nothing was sent; both are authenticated, as ESTABLISHED says; nothing is left
        wanted.removeAll(Set.of("Idle", "Done", "Closed"));
        assertEquals(wanted, reached);
    }

    /// The two states where an AUTH is awaited, in every build.
    @Test
    void noWayFromTheLastStep() throws Exception {
        StateTable table = new StateTable(p -> p);
        table.fill(Stand.AUTH_AWAITED);
        table.fill(Stand.AUTH_SENT);
        assertEquals(List.of(), table.violations().stream().limit(20).toList());
        assertTrue(table.proofs() >= 2, table.summary());
    }

    /// A gateway that takes another key than it should.
    @Test
    void theTableFindsAWrongKey() throws Exception {
        for (Stand stand : List.of(Stand.AUTH_AWAITED, Stand.AUTH_SENT)) {
            StateTable table =
                    new StateTable(p -> {
                        (stand.responder ? p.b : p.a).psk("another");
                        return p;
                    });
            table.fill(stand);
            assertFinds(table);
        }
    }

    /// A gateway that does without the post-quantum key.
    @Test
    void theTableFindsWhoDoesWithoutThePpk() throws Exception {
        StateTable table =
                new StateTable(p -> {
                    p.b.load(StateTable.withPpk(false, false));
                    return p;
                });
        table.fill(Stand.AUTH_AWAITED_PPK);
        assertFinds(table);
    }

    /// A gateway whose verifier nods.
    @Test
    void theTableFindsAVerifierThatNods() throws Exception {
        for (Stand stand : List.of(Stand.AUTH_AWAITED_SIGNED, Stand.AUTH_SENT_SIGNED)) {
            StateTable table =
                    new StateTable(p -> {
                        p.a.notary(new Nodding(), (_, _) -> moonsKeys(), List.of());
                        p.b.notary(new Nodding(), (_, _) -> moonsKeys(), List.of());
                        return p;
                    });
            table.fill(stand);
            assertFinds(table);
        }
    }

    private static void assertFinds(StateTable table) {
        assertTrue(
                table.violations().stream().anyMatch(v -> v.contains("without a verified")),
                table.summary());
    }

    private static List<OwnKey> moonsKeys() {
        return SignedPeers.keys(
                        "moon", "ed25519", SignedPeers.SUN, SignedPeers.pair("sun", "ed25519"))
                .ownKeys(List.of());
    }

    private static final class Nodding implements Notary {
        @Override
        public Octets sign(Octets key, SignatureScheme scheme, Octets data) {
            return Octets.owned(new byte[64]);
        }

        @Override
        public Verdict judge(PeerProof proof) {
            return new Verdict.Trusted(Octets.EMPTY, Octets.EMPTY, proof.identity(), List.of());
        }
    }
}

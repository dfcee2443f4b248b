package io.sallyport.ike.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Algorithms taken away on either side: what both have is taken, in the initiator's or the
/// responder's order, and nothing that one of them has not.
class SubsetTest {
    private static final List<Encryption> ALL =
            List.of(
                    Encryption.AES_GCM_16,
                    Encryption.CHACHA20_POLY1305,
                    Encryption.AES_CBC,
                    Encryption.AES_CTR);

    /// The word of each in the text of a suite.
    private static final List<String> WORDS =
            List.of("aes256gcm16", "chacha20poly1305", "aes256-", "aes256ctr");

    private static List<IkeProposal> proposals(int subset) {
        List<IkeProposal> all = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            if ((subset & 1 << i) != 0) {
                all.add(Specs.ike2(ALL.get(i), Group.CURVE_25519));
            }
        }
        return all;
    }

    @Test
    void whatBothHaveIsTakenAndNothingElse() {
        for (int ofA = 1; ofA < 1 << ALL.size(); ofA++) {
            for (int ofB = 1; ofB < 1 << ALL.size(); ofB++) {
                TwoPeers p =
                        new TwoPeers(
                                41,
                                TestCrypto.CRYPTO,
                                new Specs()
                                        .between("192.0.2.1", "192.0.2.2")
                                        .v2()
                                        .keyingTries(1)
                                        .ike(proposals(ofA))
                                        .build(),
                                new Specs()
                                        .between("192.0.2.2", "192.0.2.1")
                                        .v2()
                                        .passive()
                                        .ike(proposals(ofB))
                                        .build());
                p.b.load();
                p.a.load();
                p.run(TwoPeers.SECOND);
                String what = proposals(ofA) + " to " + proposals(ofB);
                int both = ofA & ofB;
                assertEquals(both != 0, p.a.isUp() && p.b.isUp(), what);
                assertFalse(p.a.told(Event.InternalError.class::isInstance), what);
                assertFalse(p.b.told(Event.InternalError.class::isInstance), what);
                if (both == 0) {
                    assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), what);
                    continue;
                }
                String suite = p.a.engine().views().getFirst().keys().suite();
                assertEquals(suite, p.b.engine().views().getFirst().keys().suite());
                boolean ofBoth = false;
                for (int i = 0; i < ALL.size(); i++) {
                    ofBoth |= (both & 1 << i) != 0 && suite.startsWith(WORDS.get(i));
                }
                assertTrue(ofBoth, suite + " of " + what);
            }
        }
    }
}

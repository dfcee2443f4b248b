package io.sallyport.ike.sa;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.ike.TestCrypto;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import org.junit.jupiter.api.Test;

/// Which of two child SAs crossed, and which of two that did not came first: both ends must say the
/// same, though each sees other times.
class ChildRecordTest {
    private static ChildRecord.Birth birth(boolean initiator, long startedAt, long establishedAt) {
        return new ChildRecord.Birth(initiator, Octets.EMPTY, startedAt, establishedAt);
    }

    @Test
    void bothEndsBeginBeforeTheyHearOfEachOther() {
        assertTrue(birth(true, 0, 40).crosses(birth(false, 30, 30)));
        assertTrue(birth(false, 30, 30).crosses(birth(true, 0, 40)));
        assertFalse(birth(true, 0, 40).crosses(birth(false, 50, 50)));
    }

    @Test
    void whoBeginsInTheMomentOfItsAnswerCrosses() {
        assertTrue(birth(false, 30, 30).crosses(birth(true, 30, 70)));
        assertFalse(birth(false, 30, 30).crosses(birth(true, 31, 70)));
    }

    /// What who begins sees overlap, the other end sees come one after the other (the simulation:
    /// seed 3457, where the two ends kept different ones).
    @Test
    void twoOfOneEndDoNotCrossAndTheLaterOneIsTheSameAtBothEnds() {
        ChildRecord.Birth first = birth(true, 0, 344);
        ChildRecord.Birth second = birth(true, 278, 622);
        ChildRecord.Birth firstThere = birth(false, 172, 172);
        ChildRecord.Birth secondThere = birth(false, 450, 450);
        assertFalse(first.crosses(second));
        assertFalse(firstThere.crosses(secondThere));
        assertTrue(first.isBefore(second));
        assertTrue(firstThere.isBefore(secondThere));
        // the other end's arithmetic for the first one takes longer
        assertTrue(birth(true, 0, 900).isBefore(second));
        assertFalse(second.isBefore(birth(true, 0, 900)));
    }

    @Test
    void ofTwoEndsThatDidNotCrossTheLaterAnswerCounts() {
        assertTrue(birth(false, 10, 20).isBefore(birth(true, 30, 70)));
        assertFalse(birth(true, 30, 70).isBefore(birth(false, 10, 20)));
    }

    /// Both ends rekeyed the SA at once, and ours lost: it was the successor of what the peer's
    /// replaced, too. When the peer rekeys its own later, the one of ours that is replaced says
    /// nothing of whether both ends do: if it did, the peer's exchange would be taken for one that
    /// began long before it came (RFC 7296, 2.8.1).
    @Test
    void whatIsReplacedIsNoSuccessorOfOurs() {
        TwoPeers.Peer a =
                new TwoPeers(
                                1,
                                TestCrypto.CRYPTO,
                                new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                                new Specs().between("192.0.2.2", "192.0.2.1").v2().build())
                        .establish()
                        .a;
        var spec = new Specs().v2().build().children().getFirst();
        var sa = a.backend.active(a.child()).orElseThrow();
        ChildRecord theirs = new ChildRecord(spec, sa, birth(false, 10, 20), 100, 200);
        ChildRecord ours = new ChildRecord(spec, sa, birth(true, 10, 30), 100, 200);
        assertTrue(ours.isOurSuccessorOf(theirs), "it waits for its turn");
        assertFalse(theirs.isOurSuccessorOf(ours));
        ours.state = ChildRecord.State.ACTIVE;
        assertTrue(ours.isOurSuccessorOf(theirs), "it is in use");
        ours.state = ChildRecord.State.REPLACED;
        assertFalse(ours.isOurSuccessorOf(theirs));
    }
}

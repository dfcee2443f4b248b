package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Account;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.event.Terms;
import io.sallyport.model.spec.Origin;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is kept of failures: the same one counts up, and a stranger washes nothing out.
class FailureLedgerTest {
    private final FailureLedger ledger = new FailureLedger();
    private long seconds = 1_000;

    private static Failure failure(
            String connection, String peer, boolean initiator, boolean proven, String theirs) {
        return new Failure(
                connection,
                peer,
                "IKE_AUTH",
                Cause.SECRET,
                "why",
                "ours",
                theirs,
                new Account(
                        initiator,
                        proven,
                        "",
                        Terms.NONE,
                        Terms.NONE.being("moon.example", ""),
                        ""),
                Origin.NONE);
    }

    private void failed(Failure failure) {
        take(new Event.Failed(failure));
    }

    private void take(Event event) {
        ledger.take(event, Instant.ofEpochSecond(seconds++));
    }

    private List<String> theirs(String peer) {
        return ledger.of(peer).stream().map(r -> r.failure().theirs()).toList();
    }

    @Test
    void theSameAgainCountsUp() {
        failed(failure("office", "192.0.2.1:500", true, false, "x"));
        failed(failure("office", "192.0.2.1:4500", true, false, "x"));
        FailureLedger.Record record = ledger.of("").getFirst();
        assertEquals(1, ledger.of("").size());
        assertEquals(2, record.times());
        assertEquals(1_000, record.first().getEpochSecond());
        assertEquals(1_001, record.last().getEpochSecond());
        assertEquals("192.0.2.1:4500", record.failure().peer());
    }

    @Test
    void theLastToHappenIsFirst() {
        failed(failure("office", "192.0.2.1:500", true, false, "x"));
        failed(failure("office", "192.0.2.1:500", true, false, "y"));
        assertEquals(List.of("y", "x"), theirs("office"));
        failed(failure("office", "192.0.2.1:500", true, false, "x"));
        assertEquals(List.of("x", "y"), theirs("office"));
    }

    @Test
    void aPeerIsAConnectionAnAddressOrAnIdentity() {
        failed(failure("office", "192.0.2.1:500", true, false, "x"));
        failed(failure("", "[2001:db8::1]:500", false, false, "y"));
        assertEquals(List.of("x"), theirs("office"));
        assertEquals(List.of("x"), theirs("192.0.2.1"));
        assertEquals(List.of("x"), theirs("192.0.2.1:500"));
        assertEquals(List.of("y"), theirs("2001:db8::1"));
        assertEquals(List.of("y", "x"), theirs("moon.example"));
        assertEquals(List.of(), theirs("192.0.2"));
        assertEquals(List.of(), theirs("192.0.2.10"));
    }

    /// A thousand first messages in the peer's name, each with another proposal.
    @Test
    void aStrangerWashesNothingOut() {
        failed(failure("office", "192.0.2.1:500", true, false, "begun by us"));
        failed(failure("office", "192.0.2.1:500", false, true, "proven"));
        for (int i = 0; i < 3; i++) {
            failed(failure("office", "192.0.2.1:500", false, false, "the peer, often"));
        }
        for (int i = 0; i < 1_000; i++) {
            failed(failure("office", "192.0.2.1:500", false, false, "noise " + i));
            failed(failure("", "198.51.100.7:500", false, false, "noise " + i));
            failed(failure("", "198.51.100." + i % 256 + ":500", false, false, "noise"));
        }
        List<String> kept = theirs("office");
        assertTrue(kept.contains("begun by us"), kept::toString);
        assertTrue(kept.contains("proven"), kept::toString);
        assertTrue(kept.contains("the peer, often"), kept::toString);
        assertEquals(2 + FailureLedger.MOST_UNPROVEN, kept.size());
        assertEquals(
                FailureLedger.MOST_STRANGERS,
                ledger.of("").stream().filter(r -> r.failure().connection().isEmpty()).count());
    }

    @Test
    void thereIsAnEndToItInAll() {
        for (int i = 0; i < 2_000; i++) {
            failed(failure("road" + i, "192.0.2.1:500", false, i % 2 == 0, "x"));
        }
        List<FailureLedger.Record> all = ledger.of("");
        assertEquals(FailureLedger.MOST, all.size());
        assertEquals(
                1_000,
                all.stream().filter(r -> r.failure().account().proven()).count(),
                "who proved nothing made room");
    }

    /// 64 kB of transforms are no reason to keep 64 kB of text.
    @Test
    void aRecordIsSmall() {
        String much = "aes256-sha256-modp2048,".repeat(3_000);
        Failure f =
                failure("", "198.51.100.7:500", false, false, much)
                        .offering("", much, much, much, much);
        failed(f);
        Failure kept = ledger.of("").getFirst().failure();
        assertTrue(kept.theirs().length() < 1_100 && kept.toString().length() < 8_000);
        assertTrue(kept.account().them().proposals().endsWith(" ..."));
    }

    @Test
    void aSuspicionGoesWhenItIsCertain() {
        Failure f = failure("office", "192.0.2.1:500", true, false, "x");
        take(new Event.Suspected(f));
        assertTrue(ledger.of("").getFirst().suspected());
        failed(f);
        assertEquals(1, ledger.of("").size());
        assertEquals(false, ledger.of("").getFirst().suspected());
    }

    /// Another peer of the same connection does not mend what is wrong with this one.
    @Test
    void itSaysThatItWentWellSince() {
        failed(failure("office", "192.0.2.1:500", true, false, "x"));
        take(established("192.0.2.9"));
        assertTrue(ledger.of("").getFirst().mended().isEmpty());
        take(established("192.0.2.1"));
        assertEquals(1_002, ledger.of("").getFirst().mended().orElseThrow().getEpochSecond());
        failed(failure("office", "192.0.2.1:500", true, false, "x"));
        assertTrue(ledger.of("").getFirst().mended().isEmpty(), "it failed again");
    }

    private static Event established(String remote) {
        return new Event.IkeEstablished(
                "office",
                new Path(
                        new Endpoint(IpAddress.of("192.0.2.2"), 500),
                        new Endpoint(IpAddress.of(remote), 4500)),
                new IkeSaView.Keys("a", "b", "suite", true, "IKEv2"),
                false);
    }
}

package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// An initiator that does not take what the responder answers tells it so (RFC 7296, 2.21.2): the
/// responder, who thinks that all is well, keeps neither IKE SA nor child.
class RejectedProofTest {
    private static final int AUTH = 35;
    private static final int CREATE = 36;
    private static final int INFORMATIONAL = 37;
    private static final String PSK = "aM6ktTm3pv5etv9eC";
    private static final int SPI = 0x0badcafe;

    private static final Path TO_A =
            new Path(
                    new Endpoint(IpAddress.of("192.0.2.1"), 500),
                    new Endpoint(IpAddress.of("192.0.2.2"), 500));

    /// The responder holds the right key and is somebody else than the initiator wants: a wildcard
    /// is not sent as IDr, so it does not know better.
    private static TwoPeers strangers() {
        return new TwoPeers(
                21,
                TestCrypto.CRYPTO,
                new Specs()
                        .between("192.0.2.1", "192.0.2.2")
                        .v2()
                        .keyingTries(1)
                        .ids(Identity.fqdn("moon.example"), Identity.fqdn("*.example"))
                        .build(),
                new Specs()
                        .between("192.0.2.2", "192.0.2.1")
                        .v2()
                        .passive()
                        .ids(Identity.fqdn("sun.elsewhere"), Identity.fqdn("moon.example"))
                        .build());
    }

    private static void nothingIsLeft(TwoPeers p) {
        for (TwoPeers.Peer peer : List.of(p.a, p.b)) {
            assertEquals(0, peer.ikeSas(), peer.name + peer.events);
            assertEquals(0, peer.backend.size(), peer.name + peer.events);
            assertEquals(0, peer.engine().sessionsHeld(), peer.name + peer.events);
            assertFalse(peer.told(Event.InternalError.class::isInstance), () -> "" + peer.events);
        }
    }

    private static boolean says(TwoPeers.Peer peer, String text) {
        return peer.events(Event.Failed.class).anyMatch(e -> e.toString().contains(text));
    }

    /// ```text
    ///  a                                     b
    ///  IKE_AUTH ---------------------------> established
    ///  <--------------------- IKE_AUTH (AUTH of somebody else)
    ///  INFORMATIONAL N(AUTHENTICATION_FAILED), D ---> gone
    /// ```
    @Test
    void theResponderHearsThatItsProofIsNotTaken() {
        TwoPeers p = strangers();
        p.b.load();
        p.a.load();
        assertTrue(p.runUntil(() -> p.b.ikeSas() == 1, TwoPeers.SECOND), "it thinks all is well");
        p.run(200 * TwoPeers.SECOND); // its answer may be asked for once more
        nothingIsLeft(p);
        assertTrue(says(p.a, "another identity"), () -> "" + p.a.events);
        assertTrue(says(p.b, "does not take our proof"), () -> "" + p.b.events);
    }

    /// It is a request like any other: lost, it is sent again.
    @Test
    void andHearsItThoughTheFirstWordIsLost() {
        TwoPeers p = strangers();
        int[] dropped = {0};
        p.middle(f ->
                f.from() == p.a && f.octets().at(18) == INFORMATIONAL && dropped[0]++ < 2
                        ? TwoPeers.LOST
                        : f);
        p.b.load();
        p.a.load();
        p.run(20 * TwoPeers.SECOND);
        assertTrue(dropped[0] >= 2);
        nothingIsLeft(p);
    }

    /// A responder that never answers holds nothing here for ever.
    @Test
    void whoDoesNotListenIsGivenUp() {
        TwoPeers p = strangers();
        p.middle(f -> f.from() == p.a && f.octets().at(18) == INFORMATIONAL ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(600 * TwoPeers.SECOND);
        assertEquals(0, p.a.engine().sessionsHeld());
        assertEquals(0, p.a.ikeSas() + p.a.backend.size());
    }

    /// While the responder is told, nothing that it says makes an SA or a child.
    @Test
    void whoWasRejectedGetsNothingMore() throws MalformedException {
        TwoPeers p = strangers();
        p.middle(f -> f.from() == p.a && f.octets().at(18) == INFORMATIONAL ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(TwoPeers.SECOND);
        assertEquals(1, p.b.ikeSas());
        Forger2 b = forger(p);
        List<Payload> child = new ArrayList<>(child());
        child.add(new Nonce(Octets.owned(new byte[32])));
        p.deliver(p.a, TO_A, b.seal(CREATE, false, 0, child));
        p.deliver(p.a, TO_A, b.seal(INFORMATIONAL, false, 1, List.of()));
        assertEquals(0, p.a.ikeSas() + p.a.backend.size(), () -> "" + p.a.events);
        assertEquals(
                Optional.of(NotifyType.TEMPORARY_FAILURE.number()),
                b.open(p.a.sent.get(p.a.sent.size() - 2)).error().map(n -> n.notifyType()));
    }

    private static Forger2 forger(TwoPeers p) throws MalformedException {
        return new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), false);
    }

    /// A child for everything, whatever was asked for.
    private static List<Payload> child() {
        List<TrafficSelector> all = List.of(TrafficSelector.of(IpPrefix.ALL4));
        return List.of(
                ChildOffers.offer(List.of(Specs.esp2(List.of())), TestCrypto.CRYPTO, false, SPI)
                        .orElseThrow(),
                TrafficSelectors.of(true, all),
                TrafficSelectors.of(false, all));
    }

    private static TwoPeers narrow(int dumbIn) {
        TwoPeers p =
                new TwoPeers(
                        22,
                        TestCrypto.CRYPTO,
                        new Specs()
                                .between("192.0.2.1", "192.0.2.2")
                                .v2()
                                .selectors("10.1.0.0/16", "10.2.0.0/16")
                                .build(),
                        new Specs()
                                .between("192.0.2.2", "192.0.2.1")
                                .v2()
                                .selectors("10.2.0.0/16", "10.1.0.0/16")
                                .passive()
                                .build());
        p.middle(f -> f.from() == p.b && f.octets().at(18) == dumbIn ? TwoPeers.LOST : f);
        return p;
    }

    /// RFC 7296, 2.9: a responder never widens. The IKE SA stands, its child does not, and the
    /// responder is told to take it down.
    @Test
    void aChildThatIsNotTakenIsDeleted() throws MalformedException {
        TwoPeers p = narrow(AUTH);
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        Forger2 b = forger(p);
        Identification id = new Identification(false, 1, IpAddress.of("192.0.2.2").octets());
        List<Payload> answer = new ArrayList<>(List.of(id, b.proof(PSK, id)));
        answer.addAll(child());
        p.deliver(p.a, TO_A, b.seal(AUTH, true, 1, answer));
        assertEquals(1, p.a.ikeSas(), () -> "" + p.a.events);
        assertEquals(0, p.a.backend.size());
        assertEquals(spiAskedFor(p, b, AUTH), deleted(p, b));
    }

    @Test
    void norOneOfAnExchangeOfItsOwn() throws MalformedException {
        TwoPeers p = narrow(CREATE).establish();
        p.run(TwoPeers.SECOND);
        int before = p.a.backend.size();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(300 * TwoPeers.MILLI);
        Forger2 b = forger(p);
        List<Payload> answer = new ArrayList<>(child());
        answer.add(1, new Nonce(Octets.owned(new byte[32])));
        p.deliver(p.a, TO_A, b.seal(CREATE, true, lastId(p), answer));
        assertEquals(before, p.a.backend.size(), () -> "" + p.a.events);
        assertEquals(spiAskedFor(p, b, CREATE), deleted(p, b));
    }

    private static int lastId(TwoPeers p) throws MalformedException {
        return IkeHeader.parse(p.a.sent.getLast()).messageId();
    }

    /// The SPI of the child in the last request of this type.
    private static Octets spiAskedFor(TwoPeers p, Forger2 b, int exchangeType)
            throws MalformedException {
        Octets request =
                p.a.sent.reversed().stream()
                        .filter(m -> m.at(18) == exchangeType)
                        .findFirst()
                        .orElseThrow();
        return b.open(request).first(SaPayload.class).orElseThrow().proposals().getFirst().spi();
    }

    /// What the last message deletes.
    private static Octets deleted(TwoPeers p, Forger2 b) throws MalformedException {
        PayloadChain last = b.open(p.a.sent.getLast());
        Delete delete = last.first(Delete.class).orElseThrow();
        assertEquals(ProtocolId.ESP, delete.protocolId());
        return delete.spis().getFirst();
    }
}

package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.Childless;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// IKE SAs whose first child comes by an exchange of its own (RFC 6023), as dialogues.
class ChildlessTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static ConnectionSpec caller(Childless childless) {
        return new Specs()
                .between("192.0.2.1", "192.0.2.2")
                .v2()
                .keyingTries(1)
                .build(h -> h.childless(childless));
    }

    private static ConnectionSpec called(Childless childless) {
        return new Specs()
                .between("192.0.2.2", "192.0.2.1")
                .v2()
                .passive()
                .build(h -> h.childless(childless));
    }

    private static TwoPeers peers(long seed, Childless ofA, Childless ofB) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, caller(ofA), called(ofB));
    }

    private static List<Integer> exchanges(TwoPeers.Peer peer) {
        return peer.sent.stream()
                .map(o -> {
                    try {
                        return IkeHeader.parse(o).exchangeType();
                    } catch (MalformedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    /// A -> B IKE_SA_INIT, IKE_AUTH, and CREATE_CHILD_SA where the child did not come along.
    @ParameterizedTest
    @CsvSource({
        "NEVER, ALLOW, 2",
        "ALLOW, ALLOW, 2",
        "PREFER, ALLOW, 3",
        "PREFER, PREFER, 3",
        "PREFER, FORCE, 3",
        "PREFER, NEVER, 2",
        "FORCE, ALLOW, 3",
        "FORCE, FORCE, 3",
    })
    void eachPairThatGetsOn(Childless ofA, Childless ofB, int messages) {
        TwoPeers p = peers(3, ofA, ofB).establish();
        assertEquals(List.of(34, 35, 36).subList(0, messages), exchanges(p.a));
        assertTrue(p.exchange());
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.a.backend.size());
        p.run(30 * SECOND);
        assertEquals(1, p.a.backend.size(), "the child is made once");
    }

    /// `force` as initiator: a peer that does not announce it gets no IKE_AUTH at all.
    @Test
    void forceAndAPeerThatCannot() {
        TwoPeers p = peers(3, Childless.FORCE, Childless.NEVER);
        p.b.load();
        p.a.load();
        p.run(20 * SECOND);
        assertEquals(List.of(34), exchanges(p.a));
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        assertTrue(p.a.events(Event.Failed.class).anyMatch(e -> e.toString().contains("RFC 6023")));
    }

    /// `force` as responder: the child that comes along is refused, the IKE SA stands (RFC 7296,
    /// 2.21.2), and the child comes by itself.
    @ParameterizedTest
    @CsvSource({"NEVER", "ALLOW"})
    void forceRefusesTheChildThatComesAlong(Childless ofA) {
        TwoPeers p = peers(3, ofA, Childless.FORCE);
        p.b.load();
        p.a.load();
        p.run(2 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.ikeSas());
        assertFalse(p.a.isUp() || p.b.isUp());
        assertTrue(
                p.b.events(Event.Failed.class)
                        .anyMatch(e -> e.toString().contains("childless = force")));
    }

    /// A connection without children: asked for, its IKE SA comes up alone, in two exchanges, and
    /// stays; taken down, it stays down.
    @ParameterizedTest
    @CsvSource({"ALLOW, ALLOW", "PREFER, ALLOW", "FORCE, FORCE"})
    void aConnectionWithoutChildren(Childless ofA, Childless ofB) {
        ConnectionSpec alone = caller(ofA).with(List.of());
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, alone, called(ofB).with(List.of()));
        p.b.load();
        p.a.load();
        p.run(10 * SECOND);
        assertEquals(0, p.a.ikeSas(), "nobody asked for it");
        p.a.command(new Command.Initiate(alone.name(), ""));
        p.run(60 * SECOND);
        assertEquals(List.of(34, 35), exchanges(p.a).subList(0, 2));
        assertFalse(exchanges(p.a).contains(36), "there is no child to make");
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.ikeSas());
        assertEquals(0, p.a.backend.size());
        p.a.command(new Command.Terminate(alone.name()));
        p.run(60 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 20; seed++) {
            TwoPeers p = peers(seed, Childless.PREFER, Childless.ALLOW);
            p.wire.faults(20, 20, 20);
            assertTrue(p.establish().exchange(), "seed " + seed);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertEquals(1, p.a.backend.size(), "seed " + seed);
            assertEquals(1, p.b.backend.size(), "seed " + seed);
        }
    }
}

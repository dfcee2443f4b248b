package io.sallyport.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Group;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Proposal;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.Signature;
import io.sallyport.wire.ike.v1.Transform;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Authentic messages that no peer of ours would send, or not then.
class AuthenticButOddTest {
    private static final Crypto CRYPTO = EngineChooser.choose(List.of(new JceEngine()));
    private static final long SECOND = TwoPeers.SECOND;

    private static TwoPeers peers() {
        return new TwoPeers(
                9,
                CRYPTO,
                new Specs()
                        .between("192.0.2.1", "192.0.2.2")
                        .esp(List.of(Specs.espWith(List.of(Group.NONE, Group.MODP_1024))))
                        .build(),
                new Specs()
                        .between("192.0.2.2", "192.0.2.1")
                        .esp(List.of(Specs.espWith(List.of(Group.NONE, Group.MODP_1024))))
                        .passive()
                        .build());
    }

    private static Path path(TwoPeers p) {
        return p.a.engine().views().getFirst().path();
    }

    private static Notification notify(int type, int protocol, Octets spi, Octets data) {
        return new Notification(1, protocol, spi, type, data);
    }

    /// racoon sends INITIAL-CONTACT in a message of its own, which may come late: children that
    /// were made under this very SA are no memory of old times.
    @Test
    void lateInitialContactSparesWhatIsNew() throws MalformedException {
        TwoPeers p = peers().establish();
        p.run(SECOND);
        Forger forger = new Forger(p, CRYPTO);
        Octets contact =
                forger.informational(
                        77,
                        notify(
                                NotifyType.INITIAL_CONTACT,
                                ProtocolId.ISAKMP,
                                forger.protection.cookies(),
                                Octets.EMPTY));
        p.deliver(p.a, path(p), contact);
        assertTrue(p.a.isUp());
        assertTrue(p.exchange());
    }

    /// A proof by signature where a pre-shared key was agreed: refused, and no bug of ours.
    @Test
    void signatureInPlaceOfTheHash() {
        TwoPeers p = peers();
        p.middle(f -> {
            if (f.from() != p.a
                    || f.octets().at(18) != ExchangeType.MAIN
                    || f.octets().at(19) != 1) {
                return f;
            }
            try {
                Octets forged =
                        new Forger(p, CRYPTO)
                                .mainFive(
                                        List.of(
                                                new Identification(
                                                        1,
                                                        0,
                                                        0,
                                                        Octets.of(
                                                                (byte) 192,
                                                                (byte) 0,
                                                                (byte) 2,
                                                                (byte) 1)),
                                                new Signature(Octets.of(new byte[20]))));
                return new TwoPeers.Flying(f.from(), f.path(), forged);
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        });
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), () -> "" + p.b.events);
        assertEquals(0, p.b.ikeSas());
        p.middle(f -> f);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 60 * SECOND), "and then as usual");
    }

    /// A lifetime of 2^40 seconds, in eight octets, is as good as no limit; it is not negative.
    @Test
    void lifetimeBeyondAllTime() throws MalformedException {
        TwoPeers p = peers().establish();
        p.run(SECOND);
        Transform t =
                new Transform(
                        1,
                        12,
                        List.of(
                                Attribute.basic(4, 1),
                                Attribute.basic(6, 128),
                                Attribute.basic(5, 2),
                                Attribute.basic(1, 1),
                                Attribute.variable(2, Octets.ofLong(1L << 40))));
        Octets quick =
                new Forger(p, CRYPTO)
                        .quickOne(
                                4711,
                                List.of(
                                        SaPayload.ipsec(
                                                List.of(
                                                        new Proposal(
                                                                1,
                                                                ProtocolId.ESP,
                                                                Octets.ofInt(0x12345678),
                                                                List.of(t)))),
                                        new Nonce(Octets.of(new byte[32])),
                                        new Identification(4, 0, 0, Octets.of(new byte[8])),
                                        new Identification(4, 0, 0, Octets.of(new byte[8]))));
        p.deliver(p.a, path(p), quick);
        List<ChildSaView> children =
                p.a.engine().views().stream().flatMap(v -> v.children().stream()).toList();
        assertEquals(2, children.size(), () -> "" + p.a.events);
        for (ChildSaView c : children) {
            assertTrue(c.expiryNanos() > p.now() + 3000 * SECOND, "expires in the past");
        }
    }

    /// INVALID-SPI is about a packet that the peer could not place, not about the offer that waits
    /// for its answer just then.
    @Test
    void invalidSpiDoesNotEndAQuickMode() throws MalformedException {
        TwoPeers p = peers().establish();
        p.run(SECOND);
        Octets notice =
                new Forger(p, CRYPTO)
                        .informational(
                                78,
                                notify(
                                        NotifyType.INVALID_SPI,
                                        ProtocolId.ESP,
                                        Octets.ofInt(0xabcdef01),
                                        Octets.EMPTY));
        int installs = p.a.backend.installs();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.deliver(p.a, path(p), notice);
        p.run(3 * SECOND);
        assertEquals(installs + 1, p.a.backend.installs());
        assertTrue(p.exchange());
    }

    /// A probe that was answered is not answered again, however many came since (RFC 3706, 6: a
    /// replay would prove a life that is over, and behind a NAT move us to wherever it came from).
    @Test
    void oldProbesStayOld() throws MalformedException {
        TwoPeers p = peers().establish();
        p.run(SECOND);
        Forger forger = new Forger(p, CRYPTO);
        Octets first = probe(forger, 1);
        p.deliver(p.a, path(p), first);
        for (int i = 2; i < 6000; i++) {
            p.deliver(p.a, path(p), probe(forger, i));
        }
        int sent = p.a.sent.size();
        p.deliver(p.a, path(p), first);
        assertEquals(sent, p.a.sent.size());
    }

    private static Octets probe(Forger forger, int number) {
        return forger.informational(
                number,
                notify(
                        NotifyType.R_U_THERE,
                        ProtocolId.ISAKMP,
                        forger.protection.cookies(),
                        Octets.ofInt(number)));
    }
}

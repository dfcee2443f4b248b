package io.sallyport.ike.eap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.wire.ike.v2.Eap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both ends of each method, packet by packet.
class EapMethodsTest {
    private static final EapUser CAROL = new EapUser(Octets.utf8("carol"));

    /// Knows one user.
    private record Known(Octets user, String password) implements Credentials {
        @Override
        public Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote) {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> password(Octets asked) {
            return asked.equals(user) ? Optional.of(Secret.utf8(password)) : Optional.empty();
        }
    }

    private static EapPeer peer(EapMethod method, EapUser user, String password) {
        return new EapPeer(method, user, new Known(user.name(), password), new ScriptedRandom(1));
    }

    private static EapServer server(EapMethod method, Optional<EapUser> user) {
        return new EapServer(method, user, new Known(CAROL.name(), "tux"), new ScriptedRandom(2));
    }

    private record End(EapServer.Outcome server, EapPeer.Outcome peer) {}

    /// Lets them talk until one is done.
    private static End talk(EapServer server, EapPeer peer) {
        Eap next = server.begin();
        for (int i = 0; i < 20; i++) {
            EapPeer.Outcome said = peer.handle(next);
            if (!(said instanceof EapPeer.Outcome.Answer(Eap answer))) {
                throw new AssertionError(said.toString());
            }
            EapServer.Outcome heard = server.handle(answer);
            switch (heard) {
                case EapServer.Outcome.Ask(Eap packet) -> next = packet;
                case EapServer.Outcome.Speak speak -> throw new AssertionError(speak.toString());
                case EapServer.Outcome.Succeeded s -> {
                    return new End(heard, peer.handle(s.packet()));
                }
                case EapServer.Outcome.Failed f -> {
                    return new End(heard, peer.handle(f.packet()));
                }
            }
        }
        throw new AssertionError("no end");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS") // EapTlsTest
    void theRightPassword(EapMethod method) {
        for (Optional<EapUser> given : List.of(Optional.<EapUser>empty(), Optional.of(CAROL))) {
            End end = talk(server(method, given), peer(method, CAROL, "tux"));
            var server = assertInstanceOf(EapServer.Outcome.Succeeded.class, end.server());
            var peer = assertInstanceOf(EapPeer.Outcome.Succeeded.class, end.peer());
            assertEquals(CAROL, server.user());
            assertEquals(server.key(), peer.key());
            assertEquals(method == EapMethod.MSCHAPV2, peer.key().isPresent());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS") // EapTlsTest
    void anotherPasswordAndAnotherUser(EapMethod method) {
        EapUser dave = new EapUser(Octets.utf8("dave"));
        End wrong = talk(server(method, Optional.empty()), peer(method, CAROL, "tucks"));
        End unknown = talk(server(method, Optional.empty()), peer(method, dave, "tux"));
        for (End end : List.of(wrong, unknown)) {
            assertInstanceOf(EapServer.Outcome.Failed.class, end.server());
            var peer = assertInstanceOf(EapPeer.Outcome.Failed.class, end.peer());
            assertEquals("EAP-Failure", peer.why());
        }
    }

    /// The name with a domain before it, as Windows says it.
    @Test
    void aDomainIsNotHashed() {
        EapUser windows = new EapUser(Octets.utf8("WORK\\carol"));
        End end =
                talk(
                        server(EapMethod.MSCHAPV2, Optional.empty()),
                        peer(EapMethod.MSCHAPV2, windows, "tux"));
        var in = assertInstanceOf(EapServer.Outcome.Succeeded.class, end.server());
        assertEquals(CAROL, in.user(), "one password, one user: whatever domain she says");
    }

    @Test
    void anotherMethodIsAnsweredWithOurs() {
        EapPeer peer = peer(EapMethod.MSCHAPV2, CAROL, "tux");
        Eap md5 = server(EapMethod.MD5, Optional.of(CAROL)).begin();
        var nak = assertInstanceOf(EapPeer.Outcome.Answer.class, peer.handle(md5)).packet();
        assertEquals(EapPacket.NAK, nak.method().orElseThrow());
        assertEquals(Octets.of((byte) 26), EapPacket.data(nak));
        EapServer server = server(EapMethod.MD5, Optional.of(CAROL));
        Eap asked = server.begin();
        var refused =
                assertInstanceOf(
                        EapServer.Outcome.Failed.class,
                        server.handle(
                                EapPacket.response(
                                        asked.identifier(), EapPacket.NAK, Octets.of((byte) 26))));
        assertTrue(refused.why().contains("does not do eap-md5"));
    }

    /// A server that took our response and does not know the password gets no further.
    @ParameterizedTest
    @ValueSource(strings = {"", "S=", "S=407A5589115FD0D6209F510FE9C04566932CDA56 M=welcome"})
    void aServerThatDoesNotKnowThePassword(String proof) {
        EapPeer peer = peer(EapMethod.MSCHAPV2, CAROL, "tux");
        peer.handle(server(EapMethod.MSCHAPV2, Optional.of(CAROL)).begin());
        Octets success = MsChap.of(MsChap.SUCCESS, 1, Octets.ascii(proof));
        var end =
                assertInstanceOf(
                        EapPeer.Outcome.Failed.class,
                        peer.handle(EapPacket.request(9, 26, success)));
        assertEquals("the server does not know our password", end.why());
        assertInstanceOf(EapPeer.Outcome.Failed.class, peer.handle(EapPacket.end(Eap.SUCCESS, 9)));
    }

    /// EAP-Success proves nothing: it counts after the method alone.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS") // EapTlsTest
    void successTooEarly(EapMethod method) {
        EapPeer peer = peer(method, CAROL, "tux");
        assertInstanceOf(EapPeer.Outcome.Failed.class, peer.handle(EapPacket.end(Eap.SUCCESS, 1)));
    }

    /// What Windows' servers say before EAP-Failure.
    @Test
    void aReasonIsHeard() {
        EapPeer peer = peer(EapMethod.MSCHAPV2, CAROL, "tux");
        peer.handle(server(EapMethod.MSCHAPV2, Optional.of(CAROL)).begin());
        Octets failure = MsChap.of(MsChap.FAILURE, 1, Octets.ascii("E=691 R=0 C=00 V=3 M=no"));
        var answer =
                assertInstanceOf(
                        EapPeer.Outcome.Answer.class,
                        peer.handle(EapPacket.request(9, 26, failure)));
        assertEquals(Octets.of((byte) MsChap.FAILURE), EapPacket.data(answer.packet()));
        var end =
                assertInstanceOf(
                        EapPeer.Outcome.Failed.class, peer.handle(EapPacket.end(Eap.FAILURE, 9)));
        assertTrue(end.why().contains("E=691"), end.why());
    }

    /// Every packet of a talk, cut, lengthened and with each octet changed: an answer or a failure,
    /// no exception, and no success.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS") // EapTlsTest
    void bentPackets(EapMethod method) {
        Eap challenge = server(method, Optional.of(CAROL)).begin();
        var honest =
                assertInstanceOf(
                        EapPeer.Outcome.Answer.class, peer(method, CAROL, "tux").handle(challenge));
        Octets right = honest.packet().packet();
        int whole = method == EapMethod.MD5 ? 5 + 17 : right.length(); // the name may be left out
        for (int cut = 5; cut < whole; cut++) {
            Octets body = right.slice(5, cut);
            refuses(method, EapPacket.response(right.at(1), right.at(4), body));
            peer(method, CAROL, "tux")
                    .handle(
                            EapPacket.request(
                                    1,
                                    method.number(),
                                    challenge.packet().slice(5, Math.min(cut, 10))));
        }
        int proof = method == EapMethod.MSCHAPV2 ? 9 + 1 + 24 : method == EapMethod.MD5 ? 6 : 5;
        for (int at = proof; at < proof + (method == EapMethod.GTC ? 3 : 16); at++) {
            byte[] bent = right.toArray();
            bent[at] ^= 1;
            refuses(method, new Eap(Octets.owned(bent)));
        }
    }

    private static void refuses(EapMethod method, Eap packet) {
        EapServer server = server(method, Optional.of(CAROL));
        server.begin();
        assertInstanceOf(EapServer.Outcome.Failed.class, server.handle(packet));
    }

    @Test
    void aPacketOfAnotherIdentifier() {
        EapServer server = server(EapMethod.GTC, Optional.of(CAROL));
        Eap asked = server.begin();
        assertInstanceOf(
                EapServer.Outcome.Failed.class,
                server.handle(EapPacket.response(asked.identifier() + 1, 6, Octets.utf8("tux"))));
    }
}

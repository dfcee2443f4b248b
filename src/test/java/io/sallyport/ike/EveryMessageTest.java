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
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every exchange type in every state, right, wrong, with a payload missing, with one twice, and
/// unauthenticated: there is no way to an IKE SA or to a child without an AUTH that was verified.
class EveryMessageTest {
    private static final String PSK = "aM6ktTm3pv5etv9eC";
    private static final int INIT = 34;
    private static final int AUTH = 35;
    private static final int CREATE = 36;
    private static final int INFORMATIONAL = 37;

    /// Where the end that is attacked stands, by the states of docs/machines/ikev2.md.
    private enum Stand {
        /// Responder in MakingKeyR, AgreeingR, AuthAwaited, Done.
        MAKING_KEY_R(true),
        AGREEING_R(true),
        AUTH_AWAITED(true),
        DONE_R(true),
        /// Initiator in InitSent, AgreeingI, AuthSent, Done.
        INIT_SENT(false),
        AGREEING_I(false),
        AUTH_SENT(false),
        DONE_I(false);

        final boolean responder;

        Stand(boolean responder) {
            this.responder = responder;
        }

        boolean done() {
            return this == DONE_R || this == DONE_I;
        }
    }

    private static TwoPeers peers() {
        return new TwoPeers(
                7,
                TestCrypto.CRYPTO,
                new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build());
    }

    private static int type(Octets message) {
        return message.at(18);
    }

    /// Two peers, of which the one that is attacked stands where it shall.
    private static TwoPeers at(Stand stand) {
        TwoPeers p = peers();
        p.middle(f -> {
            boolean fromA = f.from() == p.a;
            boolean drop =
                    switch (stand) {
                        case AUTH_AWAITED -> fromA && type(f.octets()) == AUTH;
                        case INIT_SENT -> !fromA;
                        case AUTH_SENT -> !fromA && type(f.octets()) == AUTH;
                        default -> false;
                    };
            return drop ? TwoPeers.LOST : f;
        });
        switch (stand) {
            case MAKING_KEY_R -> p.b.withhold(Output.Generate.class::isInstance);
            case AGREEING_R -> p.b.withhold(Output.Agree.class::isInstance);
            case AGREEING_I -> p.a.withhold(Output.Agree.class::isInstance);
            default -> {}
        }
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        return p;
    }

    /// The contents that are tried, by name.
    private static Map<String, List<Payload>> contents(Forger2 forger, boolean initiator) {
        Identification id =
                new Identification(
                        initiator, 1, IpAddress.of(initiator ? "192.0.2.1" : "192.0.2.2").octets());
        Authentication wrong = forger.proof("another", id);
        Authentication right = forger.proof(PSK, id);
        List<Payload> child = new ArrayList<>();
        child.add(
                ChildOffers.offer(List.of(Specs.esp2(List.of())), TestCrypto.CRYPTO, false, 0x12345)
                        .orElseThrow());
        List<TrafficSelector> all = List.of(TrafficSelector.of(IpPrefix.ALL4));
        child.add(TrafficSelectors.of(true, all));
        child.add(TrafficSelectors.of(false, all));
        Nonce nonce = new Nonce(Octets.owned(new byte[32]));
        Map<String, List<Payload>> contents = new LinkedHashMap<>();
        contents.put("empty", List.of());
        contents.put("wrong AUTH", with(child, id, wrong));
        contents.put("AUTH of nothing", with(child, id, new Authentication(2, Octets.EMPTY)));
        contents.put("NULL authentication", with(child, id, new Authentication(13, right.data())));
        contents.put("a signature", with(child, id, new Authentication(14, right.data())));
        contents.put("no AUTH", with(child, id));
        contents.put("no ID", with(child, right));
        contents.put("wrong AUTH, then a right one", with(child, id, wrong, right));
        contents.put("ID of the other end", with(child, otherEnd(id), right));
        contents.put("child alone", with(child, nonce));
        contents.put("delete", List.of(Delete.ofIkeSa()));
        contents.put("AUTHENTICATION_FAILED", List.of(Notify.of(NotifyType.AUTHENTICATION_FAILED)));
        contents.put("right", with(child, id, right));
        return contents;
    }

    private static Identification otherEnd(Identification id) {
        return new Identification(!id.initiator(), id.idType(), id.data());
    }

    private static List<Payload> with(List<Payload> rest, Payload... first) {
        List<Payload> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    private static Path pathTo(TwoPeers.Peer to, TwoPeers p) {
        Endpoint a = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint b = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        return to == p.a ? new Path(a, b) : new Path(b, a);
    }

    private record Outcome(long ikeSas, int children) {
        static Outcome of(TwoPeers.Peer peer) {
            return new Outcome(peer.ikeSas(), peer.backend.size());
        }
    }

    private void attack(Stand stand, int exchangeType, boolean sealed) throws Exception {
        for (boolean response : new boolean[] {false, true}) {
            for (String name : names()) {
                TwoPeers p = at(stand);
                TwoPeers.Peer target = stand.responder ? p.b : p.a;
                // What an attacker knows who did IKE_SA_INIT with the target: everything but the
                // pre-shared key. Where the target has no keys yet, those of another dialogue.
                TwoPeers heard = p.a.shared.isEmpty() || p.b.sent.isEmpty() ? at(Stand.DONE_R) : p;
                Forger2 forger =
                        new Forger2(
                                p.a.sent.getFirst(),
                                heard.b.sent.getFirst(),
                                heard.a.shared.isEmpty()
                                        ? heard.b.shared.getFirst()
                                        : heard.a.shared.getFirst(),
                                stand.responder);
                List<Payload> payloads =
                        contents(forger, stand.responder).getOrDefault(name, List.of());
                int id = response == stand.responder ? 0 : nextId(stand);
                Octets message =
                        sealed
                                ? forger.seal(exchangeType, response, id, payloads)
                                : forger.clear(exchangeType, response, id, payloads);
                Outcome before = Outcome.of(target);
                p.deliver(target, pathTo(target, p), message);
                p.deliver(target, pathTo(target, p), message);
                String what = stand + ", " + exchangeType + (response ? "R " : " ") + name;
                assertFalse(target.told(Event.InternalError.class::isInstance), what);
                boolean mayEstablish =
                        sealed
                                && name.equals("right")
                                && exchangeType == AUTH
                                && (stand == Stand.AUTH_AWAITED && !response
                                        || stand == Stand.AUTH_SENT && response);
                if (mayEstablish) {
                    assertEquals(1, target.ikeSas(), what);
                } else if (!stand.done()) {
                    assertEquals(new Outcome(0, 0), Outcome.of(target), what);
                } else if (!sealed) {
                    assertEquals(before, Outcome.of(target), what);
                    assertTrue(p.exchange(), what);
                }
            }
        }
    }

    private static List<String> names() throws Exception {
        TwoPeers p = at(Stand.DONE_R);
        Forger2 forger =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), true);
        return List.copyOf(contents(forger, true).keySet());
    }

    /// The ID that would be taken.
    private static int nextId(Stand stand) {
        return switch (stand) {
            case MAKING_KEY_R, AGREEING_R, AUTH_AWAITED, AUTH_SENT -> 1;
            case DONE_R -> 2;
            case INIT_SENT, AGREEING_I -> 0;
            case DONE_I -> 1;
        };
    }

    /// S1-04, and must-show 5 of the third issue: the exchanges of RFC 7296.
    @Test
    @Tag("slow")
    void noWayToAnSaWithoutAuth() throws Exception {
        for (Stand stand : Stand.values()) {
            for (int exchangeType : new int[] {INIT, AUTH, CREATE, INFORMATIONAL, 38, 43, 44, 0}) {
                attack(stand, exchangeType, true);
                attack(stand, exchangeType, false);
            }
        }
    }

    /// The same where it matters most, in every build.
    @Test
    void noWayFromTheLastStepWithoutAuth() throws Exception {
        attack(Stand.AUTH_AWAITED, AUTH, true);
        attack(Stand.AUTH_SENT, AUTH, true);
        attack(Stand.AUTH_AWAITED, CREATE, true);
        attack(Stand.DONE_R, INFORMATIONAL, false);
    }

    /// Any flipped bit of any message on the way: either it is told apart, or the handshake works.
    @Test
    void flippedBits() throws Exception {
        for (int seed = 1; seed <= 40; seed++) {
            int flip = seed;
            TwoPeers p = peers();
            int[] seen = {0};
            p.middle(f -> {
                if (seen[0]++ >= 4) {
                    return f;
                }
                byte[] octets = f.octets().toArray();
                int at = 19 + flip * 31 % (octets.length - 19);
                octets[at] ^= (byte) (1 << flip % 8);
                return new TwoPeers.Flying(f.from(), f.path(), Octets.owned(octets));
            });
            p.b.load();
            p.a.load();
            p.run(60 * TwoPeers.SECOND);
            String what = "seed " + seed + p.a.events + p.b.events;
            assertFalse(p.a.told(Event.InternalError.class::isInstance), what);
            assertFalse(p.b.told(Event.InternalError.class::isInstance), what);
            assertTrue(p.a.isUp() && p.b.isUp(), what);
        }
    }

    /// What answers a stranger is never longer than what he sent.
    @Test
    void strangersGetNoMoreThanTheySend() throws Exception {
        TwoPeers p = at(Stand.DONE_R);
        Octets first = p.a.sent.getFirst();
        for (int length = IkeHeader.LENGTH; length < first.length(); length += 7) {
            byte[] cut = first.slice(0, length).toArray();
            cut[0] ^= 1; // another SPI
            cut[26] = (byte) (length >> 8);
            cut[27] = (byte) length;
            int before = p.b.sent.size();
            p.deliver(p.b, pathTo(p.b, p), Octets.owned(cut));
            for (Octets answer : p.b.sent.subList(before, p.b.sent.size())) {
                assertTrue(answer.length() <= length, "answer to " + length);
            }
        }
    }
}

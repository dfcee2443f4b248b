package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import org.junit.jupiter.api.Test;

/// Any bit of any message of a handshake wrong, and what strangers get for an answer. (Every
/// message in every state: [StateTable].)
class EveryMessageTest {
    private static TwoPeers peers() {
        return new TwoPeers(
                7,
                TestCrypto.CRYPTO,
                new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build());
    }

    private static Path pathTo(TwoPeers.Peer to, TwoPeers p) {
        Endpoint a = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint b = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        return to == p.a ? new Path(a, b) : new Path(b, a);
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
        TwoPeers p = peers().establish();
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

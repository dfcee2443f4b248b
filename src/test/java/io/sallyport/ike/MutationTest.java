package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A wrong octet anywhere in any message of a real dialogue: nothing is thrown, no SA comes, goes
/// or moves, and what is half-open is bounded and forgotten.
class MutationTest {
    private static final long SECOND = TwoPeers.SECOND;

    /// Everything said in a life: main mode, quick mode, probes, a rekey of both phases, deletes.
    private static List<Octets> wholeLife() {
        TwoPeers p = peers(5);
        p.establish();
        p.run(15 * SECOND);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(10 * SECOND);
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(10 * SECOND);
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(SECOND);
        return List.copyOf(p.a.sent);
    }

    private static TwoPeers peers(long seed) {
        return new TwoPeers(
                seed,
                TestCrypto.CRYPTO,
                new Specs().between("192.0.2.1", "192.0.2.2").build(),
                new Specs().between("192.0.2.2", "192.0.2.1").passive().build());
    }

    /// At an engine in mid-life, with the very messages of its own dialogue, of which each has
    /// exactly one octet wrong.
    private static void storm(int count) {
        List<Octets> strangers = wholeLife();
        TwoPeers p = peers(6);
        p.establish();
        p.run(SECOND);
        List<Octets> messages = new ArrayList<>(strangers);
        messages.addAll(p.a.sent);
        IkeSaView before = p.b.engine().views().getFirst();
        long child = p.b.backend.active("Tunnel1").orElseThrow().id();
        int installs = p.b.backend.installs();
        Random random = new Random(11);
        for (int i = 0; i < count; i++) {
            byte[] octets = messages.get(random.nextInt(messages.size())).toArray();
            octets[random.nextInt(octets.length)] ^= (byte) (1 + random.nextInt(255));
            if (i % 97 == 0) {
                octets = java.util.Arrays.copyOf(octets, random.nextInt(octets.length + 1));
            }
            p.deliver(p.b, before.path(), Octets.owned(octets));
            if (i % 50_000 == 0) {
                p.b.sent.clear();
                p.b.events.removeIf(e -> !(e instanceof Event.InternalError));
            }
        }
        assertFalse(p.b.told(Event.InternalError.class::isInstance), () -> p.b.events.toString());
        assertEquals(child, p.b.backend.active("Tunnel1").orElseThrow().id());
        assertEquals(installs, p.b.backend.installs());
        assertEquals(1, p.b.ikeSas());
        IkeSaView after =
                p.b.engine().views().stream()
                        .filter(v -> v.state().equals("ESTABLISHED"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(before.keys(), after.keys());
        assertEquals(before.path(), after.path());
        assertTrue(
                p.b.engine().views().size() <= 11,
                "half-open is bounded: " + p.b.engine().views().size());
        p.run(40 * SECOND);
        assertEquals(1, p.b.engine().views().size(), "half-open is forgotten");
        assertTrue(p.exchange());
    }

    @Test
    void aWrongOctetChangesNothing() {
        storm(30_000);
    }

    /// Must show 9, the engine's half: a million.
    @Test
    @Tag("slow")
    void aMillionWrongOctetsChangeNothing() {
        storm(1_000_000);
    }

    /// The same while a main mode is under way: it may fail, but nothing else may happen, and the
    /// next try succeeds.
    @Test
    void aWrongOctetDuringMainMode() {
        for (int seed = 1; seed <= 60; seed++) {
            TwoPeers p = peers(seed);
            Random random = new Random(seed);
            p.middle(f -> {
                if (random.nextInt(3) > 0) {
                    return f;
                }
                byte[] octets = f.octets().toArray();
                octets[random.nextInt(octets.length)] ^= (byte) (1 + random.nextInt(255));
                return new TwoPeers.Flying(f.from(), f.path(), Octets.owned(octets));
            });
            p.b.load();
            p.a.load();
            p.run(20 * SECOND);
            p.middle(f -> f);
            int s = seed;
            assertTrue(
                    p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 90 * SECOND),
                    () -> "seed " + s + " " + p.a.events);
            assertFalse(p.a.told(Event.InternalError.class::isInstance));
            assertFalse(p.b.told(Event.InternalError.class::isInstance));
        }
    }

    /// Pure noise, at both roles and at ports where nobody speaks.
    @Test
    void noise() {
        TwoPeers p = peers(8);
        p.establish();
        Path path = p.b.engine().views().getFirst().path();
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            if (octets.length >= 28 && i % 2 == 0) {
                octets[17] = 0x10;
                octets[24] = octets[25] = octets[26] = 0;
                octets[27] = (byte) octets.length;
            }
            p.b.input(new Input.Datagram(path, Octets.owned(octets)));
        }
        assertFalse(p.b.told(Event.InternalError.class::isInstance), () -> p.b.events.toString());
        assertTrue(p.exchange());
    }

    /// What is not authentic gets at most as many octets back as it sent (RFC 2408 has no cookie
    /// round trip to spare).
    @Test
    void noAmplification() {
        TwoPeers p = peers(9);
        p.b.load();
        List<Octets> messages = wholeLife();
        Random random = new Random(4);
        Path path =
                new Path(
                        new io.sallyport.base.net.Endpoint(
                                io.sallyport.base.net.IpAddress.of("192.0.2.2"), 500),
                        new io.sallyport.base.net.Endpoint(
                                io.sallyport.base.net.IpAddress.of("192.0.2.1"), 500));
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = messages.get(random.nextInt(messages.size())).toArray();
            if (i % 3 > 0) {
                octets[random.nextInt(octets.length)] ^= (byte) (1 + random.nextInt(255));
            }
            int before = p.b.sent.size();
            p.deliver(p.b, path, Octets.owned(octets));
            int answered =
                    p.b.sent.subList(before, p.b.sent.size()).stream()
                            .mapToInt(Octets::length)
                            .sum();
            assertTrue(answered <= octets.length, answered + " octets for " + octets.length);
        }
    }
}

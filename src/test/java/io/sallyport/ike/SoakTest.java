package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Seeded bad days in virtual time: crashes of either end, partitions, loss, rekeying every few
/// seconds by both, reloads. And then: one tunnel again, in time, with nothing left over.
class SoakTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final long MILLI = TwoPeers.MILLI;

    private record Day(TwoPeers peers, Random dice, StringBuilder diary) {
        static Day of(long seed) {
            Random dice = new Random(seed);
            boolean bothBegin = dice.nextBoolean();
            boolean dpd = dice.nextInt(4) > 0;
            TwoPeers p =
                    new TwoPeers(
                            seed,
                            TestCrypto.CRYPTO,
                            spec(dice, dpd).between("192.0.2.1", "192.0.2.2").build(),
                            bothBegin
                                    ? spec(dice, dpd).between("192.0.2.2", "192.0.2.1").build()
                                    : spec(dice, dpd)
                                            .between("192.0.2.2", "192.0.2.1")
                                            .passive()
                                            .build());
            return new Day(p, dice, new StringBuilder("both " + bothBegin + ", dpd " + dpd));
        }

        private static Specs spec(Random dice, boolean dpd) {
            return new Specs()
                    .dpd(
                            dpd
                                    ? new DpdSpec(Duration.ofSeconds(5), Duration.ofSeconds(15))
                                    : DpdSpec.OFF)
                    .actions(
                            new Actions(
                                    Actions.Start.START,
                                    dice.nextBoolean() ? Actions.Close.START : Actions.Close.NONE,
                                    Actions.Dpd.RESTART))
                    .lives(
                            Duration.ofSeconds(20 + dice.nextInt(40)),
                            Duration.ofSeconds(10 + dice.nextInt(20)),
                            Duration.ofSeconds(2 + dice.nextInt(3)));
        }

        private void crash(TwoPeers.Peer peer) {
            peer.backend.clear();
            peer.boot();
            peer.load();
        }

        private void misfortune() {
            int kind = dice.nextInt(9);
            diary.append("\n").append(peers.now() / MILLI).append(": ").append(kind);
            switch (kind) {
                case 0 -> crash(peers.a);
                case 1 -> crash(peers.b);
                case 2 -> {
                    peers.wire.cut(true);
                    peers.run(dice.nextLong(40 * SECOND));
                    peers.wire.cut(false);
                }
                case 3 -> peers.wire.faults(dice.nextInt(30), dice.nextInt(10), dice.nextInt(20));
                case 4 -> peers.wire.faults(0, 0, 0);
                case 5 -> peers.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
                case 6 -> peers.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
                case 7 -> {
                    peers.a.command(new Command.Rekey("Tunnel1", ""));
                    peers.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
                }
                default -> {
                    peers.b.command(new Command.Terminate("Tunnel1"));
                    peers.b.load();
                }
            }
        }

        void live(int misfortunes) {
            peers.b.load();
            peers.a.load();
            for (int i = 0; i < misfortunes; i++) {
                peers.run(dice.nextLong(8 * SECOND));
                misfortune();
                peers.exchange();
            }
            peers.wire.faults(0, 0, 0);
            peers.wire.cut(false);
        }

        boolean isOne() {
            return peers.a.backend.size() == 1
                    && peers.b.backend.size() == 1
                    && peers.a.ikeSas() == 1
                    && peers.b.ikeSas() == 1
                    && peers.a.engine().sessionsHeld() == 1
                    && peers.b.engine().sessionsHeld() == 1
                    && peers.a.isUp()
                    && peers.b.isUp();
        }

        String story() {
            return diary
                    + "\nA "
                    + last(peers.a.events)
                    + "\nB "
                    + last(peers.b.events)
                    + "\n"
                    + peers.a.engine().views()
                    + "\n"
                    + peers.b.engine().views();
        }

        private static List<Event> last(List<Event> events) {
            return events.subList(Math.max(0, events.size() - 12), events.size());
        }
    }

    private static void soak(long seed, int misfortunes) {
        Day day = Day.of(seed);
        TwoPeers p = day.peers();
        day.live(misfortunes);
        assertTrue(
                p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 90 * SECOND),
                () -> "seed " + seed + ": not up. " + day.story());
        assertTrue(
                p.runUntil(day::isOne, 60 * SECOND),
                () -> "seed " + seed + ": more than one. " + day.story());
        // What is half done when the line heals may still cost a token; after that nothing may.
        p.run(60 * SECOND);
        int lost = 0;
        for (int i = 0; i < 300; i++) {
            p.run(100 * MILLI);
            lost += p.exchange() ? 0 : 1;
        }
        int tokens = lost;
        assertEquals(
                0, lost, () -> "seed " + seed + ": lost " + tokens + " of 300. " + day.story());
        assertTrue(
                p.runUntil(day::isOne, 60 * SECOND),
                () -> "seed " + seed + ": later more than one. " + day.story());
        assertFalse(p.a.told(Event.InternalError.class::isInstance), () -> "seed " + seed);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), () -> "seed " + seed);
    }

    @Test
    void badDaysEndWell() {
        for (long seed = 1; seed <= 8; seed++) {
            soak(seed, 15);
        }
    }

    @Test
    @Tag("slow")
    void manyBadDaysEndWell() {
        int failures = 0;
        StringBuilder stories = new StringBuilder();
        for (long seed = 100; seed < 200; seed++) {
            try {
                soak(seed, 30);
            } catch (AssertionError e) {
                if (failures++ < 3) {
                    stories.append(e.getMessage()).append('\n');
                }
            }
        }
        assertEquals(0, failures, stories::toString);
    }
}

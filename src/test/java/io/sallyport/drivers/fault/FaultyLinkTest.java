package io.sallyport.drivers.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultyLinkTest {
    private static final int PACKETS = 10_000;

    private static List<Integer> run(Faults faults) {
        FaultyLink<Integer> line = new FaultyLink<>(faults);
        List<Integer> out = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            line.pass(i, out::add);
        }
        line.drain(out::add);
        return out;
    }

    private static List<Integer> inOrder() {
        return IntStream.range(0, PACKETS).boxed().toList();
    }

    @Test
    void aPerfectLineChangesNothing() {
        assertEquals(inOrder(), run(Faults.NONE));
    }

    @Test
    void aSeedIsALine() {
        assertEquals(run(new Faults(7, 10, 10, 10, 4)), run(new Faults(7, 10, 10, 10, 4)));
        assertNotEquals(run(new Faults(7, 10, 10, 10, 4)), run(new Faults(8, 10, 10, 10, 4)));
    }

    @Test
    void lossLosesAboutThatManyAndKeepsTheOrder() {
        List<Integer> out = run(new Faults(1, 10, 0, 0, 1));
        assertTrue(Math.abs(out.size() - 9000) < 200, out.size() + " of " + PACKETS);
        assertEquals(out.stream().sorted().distinct().toList(), out);
        assertEquals(List.of(), run(new Faults(1, 100, 0, 0, 1)));
    }

    @Test
    void doublingDoublesAboutThatMany() {
        List<Integer> out = run(new Faults(1, 0, 10, 0, 1));
        assertTrue(Math.abs(out.size() - 11_000) < 200, out.size() + " of " + PACKETS);
        assertEquals(inOrder(), out.stream().distinct().toList());
    }

    @Test
    void reorderingLosesNothingAndHoldsBackNoLongerThanTold() {
        List<Integer> out = run(new Faults(1, 0, 0, 10, 4));
        assertEquals(PACKETS, out.size());
        assertEquals(PACKETS, new HashSet<>(out).size());
        assertNotEquals(inOrder(), out);
        for (int at = 0; at < out.size(); at++) {
            int packet = out.get(at);
            long overtakers = out.subList(0, at).stream().filter(p -> p > packet).count();
            assertTrue(overtakers <= 4, packet + " was overtaken by " + overtakers);
        }
    }

    @Test
    void whatIsHeldBackComesAfterAsManyAsItWasHeldFor() {
        List<Integer> out = new ArrayList<>();
        FaultyLink<Integer> line = new FaultyLink<>(new Faults(1, 0, 0, 100, 1));
        for (int i = 0; i < 4; i++) {
            line.pass(i, out::add);
        }
        // Each waits until one more has entered.
        assertEquals(List.of(0, 1), out);
        line.drain(out::add);
        assertEquals(List.of(0, 1, 2, 3), out);
        assertEquals(4, line.counts().reordered());
    }

    @Test
    void aBatchKeepsWhatItsPacketsCarryAndTheRestComesWithTheNext() {
        PacketBatch in = new PacketBatch(Arena.ofAuto(), 4, 256, 64);
        PacketBatch out = new PacketBatch(Arena.ofAuto(), 6, 256, 32);
        for (int k = 0; k < 4; k++) {
            int i = in.add();
            in.fill(i, new byte[] {(byte) k, 9}, 0, 2);
            in.lane(i, Lane.RAW);
            in.link(i, 5);
            in.trafficClass(i, 0x28);
            in.dontFragment(i, true);
            in.sequenceHigh(i, 3);
        }
        FaultyBatches faults = new FaultyBatches(new Faults(1, 0, 100, 0, 1));
        faults.enter(in);
        assertEquals(6, faults.leave(out));
        assertTrue(faults.hasMore());
        for (int i = 0; i < 6; i++) {
            assertEquals(Octets.of((byte) (i / 2), (byte) 9), Octets.owned(out.copy(i)));
            assertEquals(Lane.RAW, out.lane(i));
            assertEquals(5, out.link(i));
            assertEquals(0x28, out.trafficClass(i));
            assertTrue(out.dontFragment(i));
            assertEquals(3, out.sequenceHigh(i));
        }
        out.clear();
        assertEquals(2, faults.leave(out));
        assertEquals(3, out.copy(1)[0]);
        assertFalse(faults.hasMore());
        assertEquals(4, faults.counts().entered());
        assertEquals(4, faults.counts().doubled());
    }

    @Test
    void everyPeerHasALineOfItsOwnAndNeighboursAreUnlike() {
        Map<String, Long> sameLuck = new TreeMap<>();
        for (int last = 1; last <= 100; last++) {
            FaultyLines<Integer> lines = new FaultyLines<>(new Faults(7, 10, 10, 10, 3));
            List<Integer> out = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                lines.pass(IpAddress.of("192.0.2." + last), i, out::add);
                lines.pass(IpAddress.of("192.0.2.200"), -1, _ -> {});
            }
            sameLuck.merge(out.toString(), 1L, Long::sum);
            assertEquals(40, lines.counts().entered());
        }
        assertTrue(sameLuck.size() > 90, sameLuck.size() + " different lines of 100");
    }

    @Test
    void aPersonsWords() {
        assertEquals(
                new Faults(7, 10, 20, 30, 2),
                Faults.parse("loss=10, duplicate=20,reorder=30,hold=2,seed=7"));
        assertEquals(new Faults(0, 5, 0, 0, 3), Faults.parse("loss=5"));
        assertEquals(Faults.NONE, Faults.parse(" "));
        assertTrue(Faults.parse("seed=4").isNone());
        Faults said = new Faults(-3, 1, 2, 3, 4);
        assertEquals(said, Faults.parse(said.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "los=1 | 'los=1' is not one of loss=N,duplicate=N,reorder=N,hold=N,seed=N",
                "loss=101 | 'loss=101' wants a number from 0 to 100",
                "loss | 'loss' wants a number from 0 to 100",
                "loss=1,hold=0 | 'hold=0' wants a number from 1 to 1000",
                "seed=x | 'seed=x' wants a number from -9223372036854775808 to 9223372036854775807",
            })
    void wrongWordsAreNamed(String text, String why) {
        assertEquals(
                why,
                assertThrows(IllegalArgumentException.class, () -> Faults.parse(text))
                        .getMessage());
    }

    @Test
    void nonsenseNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Faults(1, 101, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Faults(1, 0, -1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Faults(1, 0, 0, 0, 0));
    }
}

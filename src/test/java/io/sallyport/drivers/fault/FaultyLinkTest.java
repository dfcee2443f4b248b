package io.sallyport.drivers.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
        assertEquals(4, line.reordered());
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
        assertEquals(6, faults.process(in, out));
        for (int i = 0; i < 6; i++) {
            assertEquals(Octets.of((byte) (i / 2), (byte) 9), Octets.owned(out.copy(i)));
            assertEquals(Lane.RAW, out.lane(i));
            assertEquals(5, out.link(i));
            assertEquals(0x28, out.trafficClass(i));
            assertTrue(out.dontFragment(i));
            assertEquals(3, out.sequenceHigh(i));
        }
        in.clear();
        out.clear();
        assertEquals(2, faults.process(in, out));
        assertEquals(3, out.copy(1)[0]);
        assertEquals(4, faults.line().doubled());
    }

    @Test
    void nonsenseNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Faults(1, 101, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Faults(1, 0, -1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Faults(1, 0, 0, 0, 0));
    }
}

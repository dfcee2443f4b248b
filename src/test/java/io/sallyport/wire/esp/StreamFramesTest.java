package io.sallyport.wire.esp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.testkit.Allocation;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A TCP stream comes in any pieces, and gives the same messages.
class StreamFramesTest {
    private static final Octets IKE =
            Octets.concat(Octets.ofInt(0), Octets.ascii("an IKE message"));
    private static final Octets ESP = Octets.concat(Octets.ofInt(0x1234), Octets.ascii("sealed"));
    private static final Octets KEEPALIVE = Octets.of((byte) 0xff);

    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 18);
    private final List<Octets> came = new ArrayList<>();

    private static byte[] stream(boolean prefix, Octets... messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (prefix) {
            out.writeBytes("IKETCP".getBytes(US_ASCII));
        }
        for (Octets message : messages) {
            int framed = message.length() + 2;
            out.write(framed >> 8);
            out.write(framed);
            out.writeBytes(message.toArray());
        }
        return out.toByteArray();
    }

    private void feed(StreamFrames frames, byte[] octets, int from, int to) {
        int kept = frames.begin(memory);
        MemorySegment.copy(octets, from, memory, ValueLayout.JAVA_BYTE, kept, to - from);
        frames.take(kept + to - from);
        while (frames.next()) {
            came.add(
                    Octets.owned(
                            memory.asSlice(frames.start(), frames.length())
                                    .toArray(ValueLayout.JAVA_BYTE)));
        }
        frames.keep();
        memory.fill((byte) 0xa5); // it is others' memory now
    }

    private void feed(StreamFrames frames, byte[] octets) {
        feed(frames, octets, 0, octets.length);
    }

    @Test
    void messagesAreTheSameWhereverTheStreamIsCutInTwo() {
        byte[] octets = stream(true, IKE, ESP, KEEPALIVE, ESP);
        for (int cut = 0; cut <= octets.length; cut++) {
            came.clear();
            StreamFrames frames = new StreamFrames(true);
            feed(frames, octets, 0, cut);
            feed(frames, octets, cut, octets.length);
            assertEquals(List.of(IKE, ESP, KEEPALIVE, ESP), came, "cut at " + cut);
            assertFalse(frames.isWrong());
        }
    }

    @Test
    void andWhenEveryOctetComesAlone() {
        byte[] octets = stream(true, IKE, ESP, ESP, IKE);
        StreamFrames frames = new StreamFrames(true);
        for (int i = 0; i < octets.length; i++) {
            feed(frames, octets, i, i + 1);
        }
        assertEquals(List.of(IKE, ESP, ESP, IKE), came);
    }

    /// RFC 9329, 4: the prefix is sent by who opens the connection only, and once.
    @Test
    void whoOpenedTheConnectionGetsNoPrefix() {
        StreamFrames frames = new StreamFrames(false);
        feed(frames, stream(false, IKE, ESP));
        assertEquals(List.of(IKE, ESP), came);
    }

    @Test
    void nothingIsTakenBeforeTheWholePrefix() {
        byte[] octets = stream(true, ESP);
        StreamFrames frames = new StreamFrames(true);
        feed(frames, octets, 0, 5);
        assertTrue(frames.isPrefixDue());
        assertFalse(frames.isWrong());
        feed(frames, octets, 5, 6);
        assertFalse(frames.isPrefixDue());
        assertEquals(List.of(), came);
    }

    /// Whatever else speaks on this port: found out by the first octet that differs.
    @Test
    void anotherPrefixIsWrongAtOnce() {
        byte[] right = stream(true, ESP);
        for (int i = 0; i < 6; i++) {
            byte[] octets = right.clone();
            octets[i] ^= 0x20;
            StreamFrames frames = new StreamFrames(true);
            feed(frames, octets, 0, i + 1);
            assertTrue(frames.isWrong(), "octet " + i);
            feed(frames, right);
            assertEquals(List.of(), came);
        }
    }

    /// RFC 9329, 3: 0 and 1 are fatal, what came before them is not lost.
    @Test
    void aLengthThatDoesNotCountItselfIsFatal() {
        for (int length : new int[] {0, 1}) {
            came.clear();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(stream(true, IKE));
            out.write(0);
            out.write(length);
            out.writeBytes(stream(false, ESP));
            StreamFrames frames = new StreamFrames(true);
            feed(frames, out.toByteArray());
            assertEquals(List.of(IKE), came);
            assertTrue(frames.isWrong());
        }
    }

    @Test
    void anEmptyMessageIsIgnored() {
        StreamFrames frames = new StreamFrames(true);
        feed(frames, stream(true, Octets.EMPTY, IKE, Octets.EMPTY, Octets.EMPTY, ESP));
        assertEquals(List.of(IKE, ESP), came);
        assertFalse(frames.isWrong());
    }

    @Test
    void theLongestMessageComesWhole() {
        Octets longest = Octets.owned(new byte[StreamFrames.MOST]);
        byte[] octets = stream(true, longest, ESP);
        StreamFrames frames = new StreamFrames(true);
        for (int at = 0; at < octets.length; at += 1448) {
            feed(frames, octets, at, Math.min(at + 1448, octets.length));
        }
        assertEquals(List.of(longest, ESP), came);
    }

    @Test
    void cuttingAllocatesNothing() {
        byte[] octets = stream(false, ESP, ESP, ESP, ESP);
        StreamFrames frames = new StreamFrames(false);
        int[] seen = new int[1];
        Runnable burst =
                () -> {
                    for (int from = 0; from < octets.length; from += 7) {
                        int kept = frames.begin(memory);
                        int count = Math.min(7, octets.length - from);
                        MemorySegment.copy(
                                octets, from, memory, ValueLayout.JAVA_BYTE, kept, count);
                        frames.take(kept + count);
                        while (frames.next()) {
                            seen[0]++;
                        }
                        frames.keep();
                    }
                };
        assertEquals(0, Allocation.octetsWhenWarm(burst));
        assertTrue(seen[0] > 0);
    }
}

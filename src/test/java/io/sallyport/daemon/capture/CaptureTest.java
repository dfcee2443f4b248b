package io.sallyport.daemon.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.time.Clock;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ipsec.fragment.OuterFragmenter;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A capture beside a road whose stages the test plays itself; lab `tshark` has the real one.
class CaptureTest {
    private static final Path PATH4 = path("192.0.2.1", "198.51.100.2", 4500);
    private static final Path PATH6 = path("2001:db8::1", "2001:db8::2", 4500);
    private static final byte[] ESP = HexFormat.of().parseHex("c3a80a1f0000000100112233445566");

    private long nanos;
    private final Clock clock =
            new Clock() {
                @Override
                public long nanos() {
                    return nanos;
                }

                @Override
                public Instant now() {
                    return Instant.ofEpochSecond(1_767_323_045L, 123_456_789);
                }
            };
    private final Tap tap = new Tap(clock);
    private final LogRing log = new LogRing(clock, 100);
    private int asked;
    private final CaptureDesk desk =
            new CaptureDesk(
                    tap,
                    "sallyport test",
                    true,
                    number -> "tun" + number,
                    () -> {
                        asked++;
                        return Map.of(0xc3a80a1f, "office/net");
                    },
                    clock,
                    log);
    private final PacketBatch batch = batch();
    private final PacketBatch spare = batch();
    private final byte[] ping = InnerPackets.udpOf(100, "10.1.0.9", "10.2.0.9", new Random(1));

    private static Path path(String local, String remote, int port) {
        return new Path(
                new Endpoint(IpAddress.of(local), port), new Endpoint(IpAddress.of(remote), port));
    }

    private static PacketBatch batch() {
        return new PacketBatch(Arena.ofAuto(), 8, 2048, 128);
    }

    private static int put(PacketBatch batch, byte[] octets, Lane lane, @Nullable Path path) {
        int i = batch.add();
        batch.fill(i, octets, 0, octets.length);
        batch.lane(i, lane);
        batch.path(i, path);
        batch.link(i, 3);
        return i;
    }

    private static CaptureRequest both(int count, int seconds) {
        return new CaptureRequest(true, true, count, seconds, false);
    }

    @Test
    void whileNobodyLooksNothingIsMade() {
        put(batch, ping, Lane.TUN, PATH4);
        Runnable burst =
                () -> {
                    assertNull(tap.outbound(batch));
                    assertNull(tap.inbound(batch));
                    assertNull(tap.released());
                };
        for (int i = 0; i < 10_000; i++) {
            burst.run();
        }
        assertEquals(0, AllocatedOctets.of(10_000, burst));
    }

    @Test
    void aPacketOutIsSeenAsItCameAndWithWhatBecameOfIt() throws InterruptedException {
        Bucket bucket = tap.open(true, true, false).orElseThrow();
        put(batch, ping, Lane.TUN, PATH4);
        put(batch, ping, Lane.TUN, PATH4);
        put(batch, ping, Lane.TUN, PATH4);
        Glimpse glimpse = tap.outbound(batch);
        assertNotNull(glimpse);
        batch.fill(0, ESP, 0, ESP.length); // the road writes over what came
        batch.lane(0, Lane.UDP);
        batch.trafficClass(0, 0xb8);
        batch.dontFragment(0, true);
        batch.lane(1, Lane.DROPPED);
        batch.lane(2, Lane.WAITING);
        put(spare, ESP, Lane.RAW, PATH6);
        glimpse.left(batch, spare);

        List<Seen> seen = bucket.take(10, 1);
        assertEquals(5, seen.size());
        assertEquals(Octets.of(ping), Octets.of(seen.get(0).ip()));
        assertTrue(seen.get(0).inner() && seen.get(0).out());
        assertEquals(0xc3a80a1f, seen.get(0).spi());
        Seen outer = seen.get(1);
        assertFalse(outer.inner());
        MemorySegment ip = MemorySegment.ofArray(outer.ip());
        assertTrue(Ipv4.fits(ip, 0, outer.ip().length) && Ipv4.checksumCorrect(ip, 0));
        assertEquals(28 + ESP.length, Ipv4.totalLength(ip, 0));
        assertEquals(0xb8, Ipv4.trafficClass(ip, 0));
        assertTrue(Ipv4.dontFragment(ip, 0));
        assertEquals((int) PATH4.local().address().low(), Ipv4.source(ip, 0));
        assertEquals("dropped", seen.get(2).verdict());
        assertEquals("waits for an SA, or for its other fragments", seen.get(3).verdict());
        MemorySegment ip6 = MemorySegment.ofArray(seen.get(4).ip());
        assertEquals(50, Ipv6.nextHeader(ip6, 0));
        assertEquals(40 + ESP.length, Ipv6.totalLength(ip6, 0));
    }

    /// What is cut for an IPv6 path leaves as whole packets, as what a policy lets pass does; a
    /// capture must not say of it that it is in clear.
    @Test
    void thePiecesOfASealedPacketAreNotInClear() throws InterruptedException {
        Bucket bucket = tap.open(true, true, false).orElseThrow();
        for (boolean udp : new boolean[] {true, false}) {
            batch.clear();
            spare.clear();
            int cut = put(batch, ping, Lane.TUN, null);
            int passing = put(batch, ping, Lane.TUN, null);
            Glimpse glimpse = tap.outbound(batch);
            assertNotNull(glimpse);
            byte[] sealed = Arrays.copyOf(ESP, 1400);
            batch.fill(cut, sealed, 0, sealed.length);
            batch.path(cut, PATH6);
            assertTrue(OuterFragmenter.cut(batch, cut, PATH6, udp, 50, 1280, 7, spare));
            batch.lane(passing, Lane.CLEAR);
            glimpse.left(batch, spare);

            List<Seen> seen = bucket.take(10, 1);
            assertEquals(5, seen.size());
            assertTrue(seen.get(0).inner());
            assertEquals("", seen.get(0).verdict());
            assertEquals(0xc3a80a1f, seen.get(0).spi());
            assertEquals("", seen.get(1).verdict());
            assertEquals(0xc3a80a1f, seen.get(1).spi());
            assertEquals(1280, seen.get(1).ip().length);
            assertEquals("leaves in clear, as its policy says", seen.get(2).verdict());
            assertEquals("in clear, as its policy says", seen.get(3).verdict());
            assertEquals("", seen.get(4).verdict(), "the second piece");
            assertEquals(0, seen.get(4).spi());
            assertEquals(44, Ipv6.nextHeader(MemorySegment.ofArray(seen.get(4).ip()), 0));
        }
    }

    @Test
    void aPacketInIsSeenSealedAndOpened() throws InterruptedException {
        Bucket bucket = tap.open(true, true, false).orElseThrow();
        put(batch, ESP, Lane.UDP, PATH4);
        put(batch, ESP, Lane.UDP, PATH4);
        put(batch, new byte[] {(byte) 0xff}, Lane.UDP, PATH4); // a NAT keepalive
        put(batch, new byte[40], Lane.UDP, PATH4); // IKE behind its marker
        Glimpse glimpse = tap.inbound(batch);
        assertNotNull(glimpse);
        batch.fill(0, ping, 0, ping.length);
        batch.lane(0, Lane.TUN);
        batch.lane(1, Lane.DROPPED);
        batch.lane(2, Lane.DROPPED);
        batch.lane(3, Lane.IKE);
        glimpse.came(batch);

        List<Seen> seen = bucket.take(10, 1);
        assertEquals(5, seen.size());
        assertEquals(ESP.length + 28, seen.get(0).ip().length);
        MemorySegment ip = MemorySegment.ofArray(seen.get(0).ip());
        assertEquals((int) PATH4.remote().address().low(), Ipv4.source(ip, 0));
        assertTrue(seen.get(1).inner() && !seen.get(1).out());
        assertEquals(Octets.of(ping), Octets.of(seen.get(1).ip()));
        assertEquals(0xc3a80a1f, seen.get(1).spi());
        assertEquals("not delivered", seen.get(2).verdict());
        assertEquals("", seen.get(3).verdict(), "a keepalive is no loss");
        assertEquals(0, seen.get(4).spi());
    }

    @Test
    void overIpv6TheChecksumOfUdpIsThere() {
        byte[] packet = OuterPacket.udp(PATH6, Octets.of(ESP));
        MemorySegment ip = MemorySegment.ofArray(packet);
        long sum = Checksum.sum(ip, 8, 32) + (packet.length - 40) + 17;
        assertEquals(0xffff, Checksum.fold(sum + Checksum.sum(ip, 40, packet.length - 40)));
    }

    @Test
    void whatASlowReaderCannotTakeIsCountedAndTheRestIsTold() throws InterruptedException {
        CaptureStream stream = desk.begin(both(0, 1));
        put(batch, ping, Lane.TUN, PATH4);
        int more = 1000;
        for (int i = 0; i < Bucket.MOST_PACKETS + more; i++) {
            Glimpse glimpse = tap.outbound(batch);
            assertNotNull(glimpse);
            glimpse.left(batch, spare);
            batch.lane(0, Lane.DROPPED);
        }
        int octets = 0;
        // the first pass of a batch in lane TUN tells two: the packet and what is taken for its
        // answer
        assertEquals(1, batch.count());
        Optional<CapturePiece> piece = stream.next();
        while (piece.isPresent()) {
            octets += piece.get() instanceof CapturePiece.Blocks(Octets some) ? some.length() : 0;
            if (stream.end().packets() == Bucket.MOST_PACKETS) {
                nanos = 2_000_000_000;
            }
            piece = stream.next();
        }
        assertEquals(Bucket.MOST_PACKETS, stream.end().packets());
        assertEquals(more + 1, stream.end().dropped());
        assertTrue(octets > Bucket.MOST_PACKETS * ping.length);
        assertFalse(tap.isOpen(), "a capture that ended is looked at no more");
    }

    @Test
    void whatCameBeforeTheTimeWasOverIsToldAfterIt() throws InterruptedException {
        CaptureStream stream = desk.begin(both(150, 1));
        put(batch, ping, Lane.DROPPED, PATH4);
        for (int i = 0; i < 200; i++) {
            Glimpse glimpse = tap.outbound(batch);
            assertNotNull(glimpse);
            glimpse.left(batch, spare);
        }
        nanos = 2_000_000_000;
        while (stream.next().isPresent()) {
            // to the end
        }
        assertEquals(150, stream.end().packets(), "the count holds, too");
        assertFalse(tap.isOpen());
    }

    @Test
    void aCountEndsItAndASecondCloseDoesNothing() throws InterruptedException {
        CaptureStream stream = desk.begin(both(3, 0));
        put(batch, ping, Lane.DROPPED, PATH4);
        for (int i = 0; i < 5; i++) {
            Glimpse glimpse = tap.outbound(batch);
            assertNotNull(glimpse);
            glimpse.left(batch, spare);
        }
        while (stream.next().isPresent()) {
            // to the end
        }
        assertEquals(3, stream.end().packets());
        stream.close();
        stream.close();
        assertFalse(tap.isOpen());
    }

    @Test
    void keysAreToldOnceAndOnlyToWhoAsked() throws InterruptedException {
        tapped(desk.begin(new CaptureRequest(true, true, 4, 0, false)), false);
        assertTrue(log.last(10).isEmpty());
        tapped(desk.begin(new CaptureRequest(true, true, 4, 0, true)), true);
        assertEquals(1, log.last(10).size(), "the log tells of it");
        assertFalse(log.last(10).getFirst().toString().contains("uat"));
    }

    private void tapped(CaptureStream stream, boolean keys) throws InterruptedException {
        tap.came(() -> "uat:one\nuat:two\n");
        for (int i = 0; i < 4; i++) {
            tap.told(PATH4, Octets.of(ESP));
            batch.clear();
            put(batch, ESP, Lane.UDP, PATH4);
            Glimpse glimpse = tap.inbound(batch);
            assertNotNull(glimpse);
            glimpse.came(batch);
        }
        int lines = 0;
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (Optional<CapturePiece> piece = stream.next();
                piece.isPresent();
                piece = stream.next()) {
            switch (piece.get()) {
                case CapturePiece.Key _ -> lines++;
                case CapturePiece.Blocks(Octets octets) -> file.writeBytes(octets.toArray());
            }
        }
        assertEquals(keys ? 2 : 0, lines);
        String text = file.toString(StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("uat"));
        assertTrue(text.contains("SPI c3a80a1f"), "the comment of a packet that came");
    }

    @Test
    void theNameOfAnSaIsInItsComment() throws InterruptedException {
        CaptureStream stream = desk.begin(both(2, 0));
        put(batch, ping, Lane.TUN, PATH4);
        Glimpse glimpse = tap.outbound(batch);
        assertNotNull(glimpse);
        batch.fill(0, ESP, 0, ESP.length);
        batch.lane(0, Lane.RAW);
        glimpse.left(batch, spare);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (Optional<CapturePiece> piece = stream.next();
                piece.isPresent();
                piece = stream.next()) {
            if (piece.get() instanceof CapturePiece.Blocks(Octets octets)) {
                file.writeBytes(octets.toArray());
            }
        }
        String text = file.toString(StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("office/net SPI c3a80a1f"));
        assertTrue(text.contains("tun3"));
        assertEquals(1, asked);
    }

    @Test
    void thereAreNotMoreThanFourAtATime() {
        for (int i = 0; i < Tap.MOST; i++) {
            assertEquals("", desk.begin(both(0, 0)).end().refused());
        }
        assertEquals("4 captures run, no more may", desk.begin(both(0, 0)).end().refused());
    }

    @Test
    void withTheKernelAsDataPlaneThereIsNothingInnerToSee() {
        CaptureDesk kernel = new CaptureDesk(tap, "x", false, number -> "", Map::of, clock, log);
        assertTrue(kernel.begin(both(1, 1)).end().refused().startsWith("the kernel carries"));
        assertEquals(
                "", kernel.begin(new CaptureRequest(false, true, 1, 1, false)).end().refused());
    }
}

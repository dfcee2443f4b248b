package io.sallyport.daemon.capture;

import io.sallyport.base.Octets;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.control.view.CaptureView;
import io.sallyport.wire.pcap.PcapngWriter;
import io.sallyport.wire.pcap.PcapngWriter.Direction;
import io.sallyport.wire.pcap.PcapngWriter.LinkType;
import io.sallyport.wire.pcap.PcapngWriter.Resolution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A capture on its way to its reader, as a pcapng file: an interface for each TUN and one for the
/// outer network; a comment says the SA of a packet and what became of it.
///
/// One thread takes; any may close.
final class Running implements CaptureStream {
    /// Packets a piece.
    private static final int BURST = 64;

    /// How long a reader waits before the end is looked for again.
    private static final long NAP_MILLIS = 1000;

    /// The SAD is not asked more often than this for an SPI that it does not have.
    private static final long ASK_NANOS = 1_000_000_000;

    private static final int OUTER = -1;

    private final CaptureDesk desk;
    private final CaptureRequest request;
    private final Bucket bucket;
    private final long beganNanos;
    private final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    private final PcapngWriter writer;
    private final Map<Integer, Integer> interfaces = new LinkedHashMap<>();
    private final Map<Integer, Long> received = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Deque<CapturePiece> ready = new ArrayDeque<>();
    private long packets;
    private boolean asked;
    private long askedNanos;
    private boolean over;

    Running(CaptureDesk desk, CaptureRequest request, Bucket bucket) {
        this.desk = desk;
        this.request = request;
        this.bucket = bucket;
        this.beganNanos = desk.clock().nanos();
        try {
            this.writer = new PcapngWriter(blocks, desk.application());
            if (request.outer()) {
                interfaceOf(OUTER);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        flush(); // a reader sees at once that it runs
    }

    @Override
    public Optional<CapturePiece> next() throws InterruptedException {
        while (ready.isEmpty() && !over) {
            long left = millisLeft();
            List<Seen> some =
                    left == 0 || bucket.isClosed()
                            ? List.of()
                            : bucket.take(most(), Math.min(left, NAP_MILLIS));
            for (String lines : bucket.takeKeys()) {
                lines.lines().forEach(line -> ready.add(new CapturePiece.Key(line)));
            }
            try {
                for (Seen seen : some) {
                    write(seen);
                }
                if (isEnough() || bucket.isClosed()) {
                    finish();
                } else if (millisLeft() == 0) {
                    desk.tap().close(bucket);
                    tellTheRest();
                    finish();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            flush();
        }
        return Optional.ofNullable(ready.poll());
    }

    /// What was seen before the time was over and waits still.
    private void tellTheRest() throws IOException, InterruptedException {
        List<Seen> rest = bucket.take(most(), NAP_MILLIS);
        while (!rest.isEmpty()) {
            for (Seen seen : rest) {
                write(seen);
            }
            rest = bucket.take(most(), NAP_MILLIS);
        }
    }

    private int most() {
        return request.count() == 0 ? BURST : (int) Math.min(BURST, request.count() - packets);
    }

    private boolean isEnough() {
        return request.count() > 0 && packets >= request.count();
    }

    private long millisLeft() {
        if (request.seconds() == 0) {
            return Long.MAX_VALUE;
        }
        long end = beganNanos + TimeUnit.SECONDS.toNanos(request.seconds());
        long left = end - desk.clock().nanos();
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    private void write(Seen seen) throws IOException {
        int key = seen.inner() ? seen.link() : OUTER;
        int number = interfaceOf(key);
        received.merge(key, 1L, Long::sum);
        packets++;
        writer.write(
                number,
                seen.epochNanos(),
                ByteBuffer.wrap(seen.ip()),
                seen.out() ? Direction.OUT : Direction.IN,
                comments(seen));
    }

    private int interfaceOf(int key) throws IOException {
        Integer known = interfaces.get(key);
        if (known != null) {
            return known;
        }
        int number =
                key == OUTER
                        ? writer.addInterface(
                                LinkType.RAW_IP,
                                "outer",
                                "ESP, AH and IKE; IP headers as the kernel writes them",
                                Resolution.NANOSECONDS)
                        : writer.addInterface(
                                LinkType.RAW_IP,
                                desk.links().apply(key),
                                "inner packets",
                                Resolution.NANOSECONDS);
        interfaces.put(key, number);
        return number;
    }

    private List<String> comments(Seen seen) {
        List<String> comments = new ArrayList<>();
        if (seen.spi() != 0) {
            String name = seen.verdict().isEmpty() ? name(seen.spi()) : "";
            comments.add(
                    (name.isEmpty() ? "" : name + " ") + "SPI " + "%08x".formatted(seen.spi()));
        }
        if (!seen.verdict().isEmpty()) {
            comments.add(seen.verdict());
        }
        return comments;
    }

    /// The SA of a packet that was sealed or opened, so that it stands or stood a moment ago.
    private String name(int spi) {
        if (!names.containsKey(spi)) {
            learn();
        }
        return names.getOrDefault(spi, "");
    }

    /// Off the road, and not for each packet of an SA that is gone.
    private void learn() {
        long now = desk.clock().nanos();
        if (asked && now - askedNanos < ASK_NANOS) {
            return;
        }
        asked = true;
        askedNanos = now;
        names.putAll(desk.sas().get());
    }

    /// What was seen and what is missing, at the end of the file.
    private void finish() throws IOException {
        over = true;
        desk.tap().close(bucket);
        for (Map.Entry<Integer, Integer> each : interfaces.entrySet()) {
            // which TUN a dropped packet was of is not kept: the first one has them
            boolean inner = each.getKey() != OUTER;
            boolean first =
                    interfaces.keySet().stream()
                            .filter(key -> key != OUTER == inner)
                            .findFirst()
                            .filter(each.getKey()::equals)
                            .isPresent();
            long dropped = first ? bucket.dropped(inner) : 0;
            writer.statistics(
                    each.getValue(),
                    desk.tap().epochNanos(),
                    received.getOrDefault(each.getKey(), 0L) + dropped,
                    dropped);
        }
    }

    private void flush() {
        if (blocks.size() > 0) {
            ready.add(new CapturePiece.Blocks(Octets.owned(blocks.toByteArray())));
            blocks.reset();
        }
    }

    @Override
    public CaptureView end() {
        return new CaptureView("", packets, bucket.dropped(true) + bucket.dropped(false));
    }

    @Override
    public void close() {
        desk.tap().close(bucket);
    }
}

package io.sallyport.daemon.capture;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where captures reach the road. While none runs, a burst costs one read of a volatile field and
/// nothing is made; while one runs, packets are copied, and whoever drives the road never waits.
public final class Tap {
    /// Captures that may run at a time.
    static final int MOST = 4;

    private final Clock clock;

    /// Null while nobody looks.
    private volatile @Nullable List<Bucket> buckets;

    public Tap(Clock clock) {
        this.clock = clock;
    }

    /// Before a burst from a TUN is worked on; null: nobody looks.
    public @Nullable Glimpse outbound(PacketBatch batch) {
        List<Bucket> now = buckets;
        return now == null ? null : Glimpse.outbound(batch, now, epochNanos());
    }

    /// Before packets that have waited are worked on: they were seen when they came.
    public @Nullable Glimpse released() {
        List<Bucket> now = buckets;
        return now == null ? null : Glimpse.released(now, epochNanos());
    }

    /// Before a burst from the outer network is worked on; null: nobody looks.
    public @Nullable Glimpse inbound(PacketBatch batch) {
        List<Bucket> now = buckets;
        return now == null ? null : Glimpse.inbound(batch, now, epochNanos());
    }

    /// A datagram that the IKE loop sends, its marker included.
    public void told(Path path, Octets datagram) {
        List<Bucket> now = buckets;
        if (now != null) {
            byte[] ip = OuterPacket.udp(path, datagram);
            give(now, new Seen(epochNanos(), false, true, 0, ip, 0, ""));
        }
    }

    /// An SA came.
    ///
    /// @param keyLines its keys, for Wireshark; asked only if a capture wants them
    public void came(Supplier<String> keyLines) {
        List<Bucket> now = buckets;
        if (now != null) {
            for (Bucket bucket : now) {
                bucket.offerKeys(keyLines);
            }
        }
    }

    static void give(List<Bucket> buckets, Seen seen) {
        for (Bucket bucket : buckets) {
            bucket.offer(seen);
        }
    }

    /// Begins a capture; empty: there are enough.
    synchronized Optional<Bucket> open(boolean inner, boolean outer, boolean keys) {
        List<Bucket> was = buckets;
        List<Bucket> now = was == null ? new ArrayList<>() : new ArrayList<>(was);
        if (now.size() == MOST) {
            return Optional.empty();
        }
        Bucket bucket = new Bucket(inner, outer, keys);
        now.add(bucket);
        buckets = List.copyOf(now);
        return Optional.of(bucket);
    }

    synchronized void close(Bucket bucket) {
        bucket.close();
        List<Bucket> was = buckets;
        if (was != null) {
            List<Bucket> now = new ArrayList<>(was);
            now.remove(bucket);
            buckets = now.isEmpty() ? null : List.copyOf(now);
        }
    }

    /// Whether anybody looks.
    boolean isOpen() {
        return buckets != null;
    }

    long epochNanos() {
        Instant now = clock.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}

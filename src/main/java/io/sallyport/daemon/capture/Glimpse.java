package io.sallyport.daemon.capture;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.esp.NatKeepalive;
import io.sallyport.wire.esp.NonEspMarker;
import io.sallyport.wire.ip.Fragment6;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Udp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a capture sees of one burst: its packets before the road changes them, and what became of
/// each. Packet `i` stays packet `i` all along the road, so before and after are put together.
public final class Glimpse {
    /// The port on which there is only IKE.
    private static final int IKE_PORT = 500;

    private final List<Bucket> buckets;
    private final long epochNanos;
    private final @Nullable Seen[] before = new Seen[PacketBatch.MOST];

    private Glimpse(List<Bucket> buckets, long epochNanos) {
        this.buckets = buckets;
        this.epochNanos = epochNanos;
    }

    static Glimpse outbound(PacketBatch batch, List<Bucket> buckets, long epochNanos) {
        Glimpse glimpse = new Glimpse(buckets, epochNanos);
        for (int i = 0; i < batch.count(); i++) {
            glimpse.before[i] =
                    new Seen(epochNanos, true, true, batch.link(i), batch.copy(i), 0, "");
        }
        return glimpse;
    }

    static Glimpse released(List<Bucket> buckets, long epochNanos) {
        return new Glimpse(buckets, epochNanos);
    }

    static Glimpse inbound(PacketBatch batch, List<Bucket> buckets, long epochNanos) {
        Glimpse glimpse = new Glimpse(buckets, epochNanos);
        for (int i = 0; i < batch.count(); i++) {
            Path path = batch.path(i);
            if (path != null) {
                byte[] ip = OuterPacket.of(batch, i, path, false);
                glimpse.before[i] =
                        new Seen(epochNanos, false, false, 0, ip, spi(batch, i, path), "");
            }
        }
        return glimpse;
    }

    /// After the burst of [Tap#outbound] was worked on.
    ///
    /// @param spare the fragments for which the batch had no room
    public void left(PacketBatch batch, PacketBatch spare) {
        for (int i = 0; i < batch.count(); i++) {
            Seen inner = before[i];
            if (inner != null) {
                Path path = batch.path(i);
                Tap.give(
                        buckets,
                        path != null && isSealed(batch.lane(i))
                                ? inner.with(spi(batch, i, path), "")
                                : inner.with(0, outboundVerdict(batch.lane(i))));
            }
            leaves(batch, i);
        }
        for (int i = 0; i < spare.count(); i++) {
            leaves(spare, i);
        }
    }

    private void leaves(PacketBatch batch, int i) {
        Path path = batch.path(i);
        if (batch.lane(i) == Lane.TUN) {
            Tap.give(
                    buckets,
                    new Seen(
                            epochNanos,
                            true,
                            false,
                            batch.link(i),
                            batch.copy(i),
                            0,
                            "an answer of this gateway"));
        } else if (path != null && isSealed(batch.lane(i))) {
            boolean piece = batch.lane(i) == Lane.CLEAR;
            byte[] ip = piece ? batch.copy(i) : OuterPacket.of(batch, i, path, true);
            int spi = spi(batch, i, path);
            Tap.give(buckets, new Seen(epochNanos, false, true, 0, ip, spi, ""));
        } else if (batch.lane(i) == Lane.CLEAR) {
            String verdict = "in clear, as its policy says";
            Tap.give(buckets, new Seen(epochNanos, false, true, 0, batch.copy(i), 0, verdict));
        }
    }

    /// After the burst of [Tap#inbound] was worked on.
    public void came(PacketBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            Seen outer = before[i];
            if (outer == null) {
                continue;
            }
            Lane lane = batch.lane(i);
            // dropped, or a fragment that is kept for the others
            boolean stays = lane == Lane.DROPPED && outer.spi() != 0;
            Tap.give(buckets, outer.with(outer.spi(), stays ? "not delivered" : ""));
            if (lane == Lane.TUN) {
                byte[] ip = batch.copy(i);
                Tap.give(
                        buckets,
                        new Seen(epochNanos, true, false, batch.link(i), ip, outer.spi(), ""));
            }
        }
    }

    /// Of a packet that has its path already; in lane CLEAR that is a piece of one that was cut for
    /// an IPv6 path.
    private static boolean isSealed(Lane lane) {
        return lane == Lane.UDP
                || lane == Lane.TCP
                || lane == Lane.RAW
                || lane == Lane.AH
                || lane == Lane.CLEAR;
    }

    private static String outboundVerdict(Lane lane) {
        return switch (lane) {
            case DROPPED -> "dropped";
            case WAITING -> "waits for an SA, or for its other fragments";
            case CLEAR -> "leaves in clear, as its policy says";
            case TUN -> "too big: answered by ICMP";
            case UDP, TCP, RAW, AH, ICMP, IKE -> "";
        };
    }

    /// The SPI of packet `i`; 0 if it has none.
    private static int spi(PacketBatch batch, int i, Path path) {
        int at = batch.start(i);
        int length = batch.length(i);
        switch (batch.lane(i)) {
            case UDP, TCP -> {
                if (path.local().port() == IKE_PORT && !path.tcp()
                        || NatKeepalive.is(batch.memory(), at, length)
                        || length < NonEspMarker.OCTETS
                        || NonEspMarker.isMarker(batch.memory(), at)) {
                    return 0;
                }
                return Esp.spi(batch.memory(), at);
            }
            case RAW -> {
                return length < 4 ? 0 : Esp.spi(batch.memory(), at);
            }
            case AH -> {
                int header =
                        path.local().address().v6() || length < Ipv4.HEADER
                                ? 0
                                : Ipv4.headerLength(batch.memory(), at);
                return length < header + 8 ? 0 : Ah.spi(batch.memory(), at + header);
            }
            case CLEAR -> {
                return ofPiece(batch, at, length);
            }
            default -> {
                return 0;
            }
        }
    }

    /// Of a piece of a sealed packet: the first one has it.
    private static int ofPiece(PacketBatch batch, int at, int length) {
        int fragment = at + Ipv6.HEADER;
        int body = fragment + Fragment6.HEADER;
        if (length < Ipv6.HEADER + Fragment6.HEADER + Udp.HEADER + 8
                || Fragment6.fragmentOffset(batch.memory(), fragment) != 0) {
            return 0;
        }
        return switch (Fragment6.nextHeader(batch.memory(), fragment)) {
            case Protocol.UDP -> Esp.spi(batch.memory(), body + Udp.HEADER);
            case Protocol.ESP -> Esp.spi(batch.memory(), body);
            case Protocol.AH -> Ah.spi(batch.memory(), body);
            default -> 0;
        };
    }
}

package io.sallyport.ipsec.pipeline;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.wire.esp.NatKeepalive;
import io.sallyport.wire.esp.NonEspMarker;

/// Tells apart what comes by UDP or TCP: IKE, ESP and keepalives. One thread; allocates nothing.
public final class Demux {
    private final int ikePort;
    private final DropCounters drops;
    private final Counter keepalives = new Counter();

    /// @param ikePort our UDP port on which nothing but IKE comes; on every other port an IKE
    ///   message bears the non-ESP marker
    /// @param drops where what is neither is counted
    public Demux(int ikePort, DropCounters drops) {
        this.ikePort = ikePort;
        this.drops = drops;
    }

    /// Whether packet `i`, of lane UDP or TCP, is ESP, and left alone. Else it is in lane IKE,
    /// without its marker, or DROPPED.
    public boolean isEsp(PacketBatch batch, int i) {
        int at = batch.start(i);
        int length = batch.length(i);
        Lane arrived = batch.lane(i);
        batch.lane(i, Lane.DROPPED);
        if (NatKeepalive.is(batch.memory(), at, length)) {
            // RFC 3948, 2.3: "The receiver SHOULD ignore a received NAT-keepalive packet." RFC
            // 9329, 6.6, has it so over TCP, too
            keepalives.increment();
            return false;
        }
        Path path = batch.path(i);
        if (path != null && path.local().port() == ikePort && !path.tcp()) {
            batch.lane(i, Lane.IKE);
            return false;
        }
        if (length < NonEspMarker.OCTETS) {
            drops.count(Drop.TOO_SHORT);
            return false;
        }
        if (NonEspMarker.isMarker(batch.memory(), at)) {
            batch.place(i, at + NonEspMarker.OCTETS, length - NonEspMarker.OCTETS);
            batch.lane(i, Lane.IKE);
            return false;
        }
        batch.lane(i, arrived);
        return true;
    }

    /// NAT keepalives received.
    public Counter keepalives() {
        return keepalives;
    }
}

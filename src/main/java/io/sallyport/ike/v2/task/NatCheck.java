package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;

/// NAT detection (RFC 7296, 2.23): "SHA-1 digest of the SPIs (in the order they appear in the
/// header), IP address, and port from which this packet was sent", and the same for where it was
/// sent to.
public final class NatCheck {
    private final PrfFunction sha1;
    private final long spiI;
    private final long spiR;

    /// @param sha1 a PRF whose bare hash is SHA-1
    /// @param spiR 0 in the first message
    public NatCheck(PrfFunction sha1, long spiI, long spiR) {
        this.sha1 = sha1;
        this.spiI = spiI;
        this.spiR = spiR;
    }

    /// Where a NAT sits, as far as we can see.
    public record Finding(boolean us, boolean peer) {
        public static final Finding NONE = new Finding(false, false);

        public boolean any() {
            return us || peer;
        }
    }

    private Octets hash(Endpoint end) {
        return sha1.digest(
                Octets.ofLong(spiI),
                Octets.ofLong(spiR),
                end.address().octets(),
                Octets.ofInt(end.port()).slice(2, 4));
    }

    /// @param force our own end is told wrong, so that the peer sees a NAT too
    public List<Notify> payloads(Path path, boolean force) {
        Endpoint local =
                force
                        ? new Endpoint(path.local().address(), path.local().port() ^ 1)
                        : path.local();
        return List.of(
                Notify.of(NotifyType.NAT_DETECTION_SOURCE_IP, hash(local)),
                Notify.of(NotifyType.NAT_DETECTION_DESTINATION_IP, hash(path.remote())));
    }

    /// "If none of the NAT_DETECTION_SOURCE_IP payload(s) received matches the expected value"
    /// there is a NAT before the peer. A peer that sends none of these knows no NAT traversal.
    public Finding find(PayloadChain chain, Path path) {
        List<Notify> sources = chain.notifies(NotifyType.NAT_DETECTION_SOURCE_IP.number());
        List<Notify> destinations =
                chain.notifies(NotifyType.NAT_DETECTION_DESTINATION_IP.number());
        if (sources.isEmpty() || destinations.isEmpty()) {
            return Finding.NONE;
        }
        Octets theirs = hash(path.remote());
        Octets ours = hash(path.local());
        return new Finding(
                destinations.stream().noneMatch(n -> n.data().equals(ours)),
                sources.stream().noneMatch(n -> n.data().equals(theirs)));
    }
}

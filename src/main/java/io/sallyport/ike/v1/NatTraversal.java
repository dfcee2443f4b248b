package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.wire.ike.v1.NatDetection;
import java.util.List;

/// NAT detection of RFC 3947, 3.2: `HASH = HASH(CKY-I | CKY-R | IP | Port)`.
final class NatTraversal {
    private final PrfFunction prf;
    private final long initiatorCookie;
    private final long responderCookie;

    NatTraversal(PrfFunction prf, long initiatorCookie, long responderCookie) {
        this.prf = prf;
        this.initiatorCookie = initiatorCookie;
        this.responderCookie = responderCookie;
    }

    /// Where a NAT sits, as far as we can see.
    record Finding(boolean us, boolean peer) {
        boolean any() {
            return us || peer;
        }
    }

    private Octets hash(Endpoint end) {
        return prf.digest(
                Octets.ofLong(initiatorCookie),
                Octets.ofLong(responderCookie),
                end.address().octets(),
                Octets.ofInt(end.port()).slice(2, 4));
    }

    /// "The first payload contains the remote end's IP address and port (i.e., the destination
    /// address of the UDP packet)." To force encapsulation our own end is told wrong, so that the
    /// peer sees a NAT too.
    List<NatDetection> payloads(Path path, boolean force) {
        Endpoint local =
                force
                        ? new Endpoint(path.local().address(), path.local().port() ^ 1)
                        : path.local();
        return List.of(new NatDetection(hash(path.remote())), new NatDetection(hash(local)));
    }

    Finding find(List<NatDetection> received, Path path) {
        if (received.size() < 2) {
            return new Finding(false, false);
        }
        Octets ours = hash(path.local());
        Octets theirs = hash(path.remote());
        boolean us = !received.getFirst().hash().equals(ours);
        boolean peer = received.stream().skip(1).noneMatch(d -> d.hash().equals(theirs));
        return new Finding(us, peer);
    }
}

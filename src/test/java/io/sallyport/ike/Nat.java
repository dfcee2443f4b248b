package io.sallyport.ike;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.testkit.TwoPeers;
import java.util.function.UnaryOperator;

/// A NAPT in front of peer A: 192.0.2.1:p leaves as 198.51.100.9:(p + shift).
final class Nat implements UnaryOperator<TwoPeers.Flying> {
    private static final IpAddress INSIDE = IpAddress.of("192.0.2.1");
    private static final IpAddress OUTSIDE = IpAddress.of("198.51.100.9");

    private final TwoPeers peers;
    int shift = 30_000;

    Nat(TwoPeers peers) {
        this.peers = peers;
    }

    @Override
    public TwoPeers.Flying apply(TwoPeers.Flying f) {
        Path p = f.path();
        if (f.from() == peers.a) {
            Endpoint outside = new Endpoint(OUTSIDE, p.local().port() + shift);
            return new TwoPeers.Flying(f.from(), new Path(outside, p.remote()), f.octets());
        }
        Endpoint inside = new Endpoint(INSIDE, Math.max(0, p.remote().port() - shift));
        return new TwoPeers.Flying(f.from(), new Path(p.local(), inside), f.octets());
    }
}

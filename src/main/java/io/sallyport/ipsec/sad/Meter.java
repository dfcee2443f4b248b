package io.sallyport.ipsec.sad;

import io.sallyport.base.telemetry.Counter;
import io.sallyport.model.sa.SaUsage;

/// What one SA carried: one worker adds, any thread reads. Lifetimes by volume are measured here.
public final class Meter {
    private final Counter packets = new Counter();
    private final Counter octets = new Counter();
    private final Counter last = new Counter();

    public Meter() {
        last.set(SaUsage.NEVER);
    }

    /// @param innerOctets of the inner packet
    public void add(int innerOctets, long nowNanos) {
        packets.increment();
        octets.add(innerOctets);
        last.set(nowNanos);
    }

    /// An authentic packet came, whatever becomes of it: the peer lives.
    public void seen(long nowNanos) {
        last.set(nowNanos);
    }

    public long packets() {
        return packets.get();
    }

    /// Inner octets.
    public long octets() {
        return octets.get();
    }

    /// When the last packet passed or was seen, [SaUsage#NEVER] if none did.
    public long lastNanos() {
        return last.get();
    }
}

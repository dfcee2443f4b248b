package io.sallyport.ipsec.sad;

import io.sallyport.model.sa.SaUsage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// What one SA carried: one worker adds, any thread reads. One object, so that a packet touches
/// little memory.
public final class Meter {
    private static final VarHandle PACKETS;
    private static final VarHandle OCTETS;
    private static final VarHandle LAST;
    private static final VarHandle LARGE;
    private static final VarHandle DUMMIES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PACKETS = lookup.findVarHandle(Meter.class, "packets", long.class);
            OCTETS = lookup.findVarHandle(Meter.class, "octets", long.class);
            LARGE = lookup.findVarHandle(Meter.class, "large", long.class);
            DUMMIES = lookup.findVarHandle(Meter.class, "dummies", long.class);
            LAST = lookup.findVarHandle(Meter.class, "last", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long packets;
    private long octets;
    private long last = SaUsage.NEVER;
    private long large = SaUsage.NEVER;
    private long dummies;

    /// Another worker's meter, which may lie behind this one, is in another cache line.
    @SuppressWarnings("unused")
    private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;

    /// @param innerOctets of the inner packet
    public void add(int innerOctets, long nowNanos) {
        PACKETS.setOpaque(this, packets + 1);
        OCTETS.setOpaque(this, octets + innerOctets);
        LAST.setOpaque(this, nowNanos);
    }

    /// A dummy packet went out, which is no traffic: neither its octets nor its time count.
    public void dummy() {
        DUMMIES.setOpaque(this, dummies + 1);
    }

    /// Dummy packets sent.
    public long dummies() {
        return (long) DUMMIES.getOpaque(this);
    }

    /// A packet went out that is large and must not be cut on its way.
    public void large(long nowNanos) {
        LARGE.setOpaque(this, nowNanos);
    }

    /// When the last of those went, [SaUsage#NEVER] if none did.
    public long largeNanos() {
        return (long) LARGE.getOpaque(this);
    }

    /// An authentic packet came, whatever becomes of it: the peer lives.
    public void seen(long nowNanos) {
        LAST.setOpaque(this, nowNanos);
    }

    public long packets() {
        return (long) PACKETS.getOpaque(this);
    }

    /// Inner octets.
    public long octets() {
        return (long) OCTETS.getOpaque(this);
    }

    /// When the last packet passed or was seen, [SaUsage#NEVER] if none did.
    public long lastNanos() {
        return (long) LAST.getOpaque(this);
    }
}

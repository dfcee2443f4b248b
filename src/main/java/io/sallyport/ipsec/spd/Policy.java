package io.sallyport.ipsec.spd;

import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Selectors;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import org.jspecify.annotations.Nullable;

/// One PROTECT entry of the SPD (RFC 4301, 4.4.1): its packets leave through [#active] or not at
/// all. The IKE loop turns it to another SA with one write.
public final class Policy {
    /// A policy asks for an SA once in this time, however many packets want it.
    public static final long ACQUIRE_INTERVAL_NANOS = 1_000_000_000L;

    private final PolicyEntry entry;
    private final Selectors selectors;
    private final DropCounters drops;
    private volatile @Nullable OutboundSa active;
    private boolean asked;
    private long askedNanos;

    /// @param drops of the owner's policies so far
    Policy(PolicyEntry entry, @Nullable OutboundSa active, DropCounters drops) {
        this.entry = entry;
        this.selectors = new Selectors(entry.selectors());
        this.active = active;
        this.drops = drops;
    }

    public Owner owner() {
        return entry.owner();
    }

    public Selectors selectors() {
        return selectors;
    }

    /// Packets that this policy covers and that found no SA. The outbound worker counts.
    public DropCounters drops() {
        return drops;
    }

    /// The SA that outbound packets take now.
    public @Nullable OutboundSa active() {
        return active;
    }

    void active(@Nullable OutboundSa sa) {
        active = sa;
    }

    /// Whether to ask for an SA now: this is a trap, and none was asked for of late. The outbound
    /// worker only.
    public boolean acquireDue(long nowNanos) {
        if (!entry.trap() || asked && nowNanos - askedNanos < ACQUIRE_INTERVAL_NANOS) {
            return false;
        }
        asked = true;
        askedNanos = nowNanos;
        return true;
    }
}

package io.sallyport.ipsec.spd;

import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One entry of the SPD (RFC 4301, 4.4.1). Packets of a PROTECT entry leave through one of its
/// active SAs or not at all; the IKE loop turns it to another SA with one write.
public final class Policy {
    /// A policy asks for an SA once in this time, however many packets want it.
    public static final long ACQUIRE_INTERVAL_NANOS = 1_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private static final VarHandle ASKED;

    static {
        try {
            ASKED = MethodHandles.lookup().findVarHandle(Policy.class, "askedNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PolicyEntry entry;
    private final Verdict verdict;
    private final PolicyState state;
    private final DropCounters drops;
    private volatile long askedNanos = NEVER;

    /// @param drops of the owner's policies so far
    Policy(PolicyEntry entry, PolicyState state, DropCounters drops) {
        this.entry = entry;
        this.drops = drops;
        this.state = state;
        this.verdict =
                switch (entry.action()) {
                    case PROTECT -> Verdict.PROTECT;
                    case BYPASS -> Verdict.BYPASS;
                    case DISCARD -> Verdict.DISCARD;
                };
    }

    public Owner owner() {
        return entry.owner();
    }

    public PolicyEntry entry() {
        return entry;
    }

    /// Packets that this policy covers and that found no SA. The outbound workers count.
    public DropCounters drops() {
        return drops;
    }

    public PolicyAction action() {
        return entry.action();
    }

    Verdict verdict() {
        return verdict;
    }

    /// Packets that it covered, whatever became of them. Any thread.
    public long packets() {
        return state.packets();
    }

    /// Octets of the packets that it covered. Any thread.
    public long octets() {
        return state.octets();
    }

    void count(int worker, int length) {
        state.count(worker, length);
    }

    /// The SA that the packet takes now; null if none carries it.
    public @Nullable OutboundSa carrying(Flow flow) {
        return state.carrying(flow, entry.selectors());
    }

    /// Whether packets take this SA.
    public boolean takes(OutboundSa sa) {
        return state.takes(sa);
    }

    /// Whether any SA is active.
    public boolean hasSa() {
        return !state.isEmpty();
    }

    /// Whether to ask for an SA now: this is a trap without one, and none was asked for of late.
    /// With an SA that was negotiated for less, another one would be no better. Any outbound
    /// worker: one of them is told so.
    public boolean acquireDue(long nowNanos) {
        long asked = askedNanos;
        return waitsForSa()
                && (asked == NEVER || nowNanos - asked >= ACQUIRE_INTERVAL_NANOS)
                && ASKED.compareAndSet(this, asked, nowNanos);
    }

    /// Whether a packet may wait here for an SA that was asked for.
    public boolean waitsForSa() {
        return entry.trap() && !hasSa();
    }
}

package io.sallyport.ipsec.spd;

import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.select.FlowCache;
import org.jspecify.annotations.Nullable;

/// Asks the SPD. One for each outbound worker: the answer's parts stay here until the next
/// question, so that nothing is created. What was found for a flow is kept until a policy changes
/// (RFC 4301, 4.4.1: the "SPD cache"); the SA is asked for anew each time.
public final class Classifier {
    private static final int FLOWS = 2048;

    private final Spd spd;
    private final int worker;
    private final FlowCache<Object> cache = new FlowCache<>(FLOWS);
    private @Nullable OutboundSa sa;
    private @Nullable Policy policy;
    private boolean known;

    /// @param worker whose it is
    public Classifier(Spd spd, int worker) {
        this.spd = spd;
        this.worker = worker;
    }

    /// What becomes of a packet read from TUN `link`. A fragment that may be of a packet which a
    /// policy with ports covers is of no use alone (RFC 4301, 7).
    public Verdict classify(Flow flow, int link) {
        // Read first: what is found while policies change is of no use for the next packet
        long generation = spd.generation();
        Object found = cache.find(flow, link, generation);
        known = found != null;
        if (found == null) {
            found = spd.search(flow, link);
            cache.put(flow, link, generation, found);
        }
        sa = null;
        policy = null;
        if (!(found instanceof Policy covering)) {
            return (Verdict) found;
        }
        policy = covering;
        covering.count(worker, flow.totalLength());
        if (covering.verdict() != Verdict.PROTECT) {
            return covering.verdict();
        }
        sa = covering.carrying(flow);
        if (sa == null) {
            return flow.isFragment() && covering.hasSa() ? Verdict.FRAGMENT : Verdict.NO_SA;
        }
        return Verdict.PROTECT;
    }

    /// With [Verdict#PROTECT].
    public @Nullable OutboundSa sa() {
        return sa;
    }

    /// Where a policy covers the packet.
    public @Nullable Policy policy() {
        return policy;
    }

    /// Whether the last answer was known from a packet of the same flow.
    public boolean known() {
        return known;
    }

    /// Lets go of the last answer, so that a removed SA is not held.
    public void forget() {
        sa = null;
        policy = null;
    }
}

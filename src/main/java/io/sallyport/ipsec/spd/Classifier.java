package io.sallyport.ipsec.spd;

import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.select.Match;
import org.jspecify.annotations.Nullable;

/// Asks the SPD. One for each outbound worker: the answer's parts stay here until the next
/// question, so that nothing is created.
public final class Classifier {
    private final Spd spd;
    private @Nullable OutboundSa sa;
    private @Nullable Policy policy;

    public Classifier(Spd spd) {
        this.spd = spd;
    }

    /// What becomes of a packet read from TUN `link`. A later fragment passes over policies that
    /// ask for ports (RFC 4301, 7): it leaves by one that covers all ports, or not.
    public Verdict classify(Flow flow, int link) {
        sa = null;
        policy = null;
        LinkPolicies on = spd.on(link);
        if (on == null) {
            return Verdict.NO_POLICY;
        }
        boolean portless = false;
        for (Policy candidate : on.ordered) {
            Match match = candidate.selectors().coversOutbound(flow);
            if (match == Match.YES) {
                policy = candidate;
                return bySa(candidate.active(), flow);
            }
            portless |= match == Match.UNKNOWN_PORTS;
        }
        return portless ? Verdict.FRAGMENT : Verdict.NO_POLICY;
    }

    private Verdict bySa(@Nullable OutboundSa active, Flow flow) {
        if (active == null) {
            return Verdict.NO_SA;
        }
        // The peer checks what it agreed to, which narrowing may have made less than the policy
        if (active.selectors().coversOutbound(flow) != Match.YES) {
            return Verdict.NO_SA;
        }
        sa = active;
        return Verdict.PROTECT;
    }

    /// With [Verdict#PROTECT].
    public @Nullable OutboundSa sa() {
        return sa;
    }

    /// With [Verdict#PROTECT] and [Verdict#NO_SA].
    public @Nullable Policy policy() {
        return policy;
    }

    /// Lets go of the last answer, so that a removed SA is not held.
    public void forget() {
        sa = null;
        policy = null;
    }
}

package io.sallyport.ipsec.spd;

import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.select.Match;
import io.sallyport.ipsec.select.Rule;
import io.sallyport.ipsec.select.RuleTable;
import io.sallyport.model.spec.SelectorPair;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stays when a policy is replaced: the SAs that its packets take, and what it counted.
///
/// Mostly there is one SA; but a policy for many peers (RFC 4301, 4.4.1.2, the PFP flags) has one
/// for each selectors that were negotiated. Of several that cover a packet the one activated last
/// is taken.
///
/// The IKE loop changes the SAs, any worker asks; each outbound worker counts in a place of its
/// own, anybody reads.
final class PolicyState {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    /// Counts of a worker: packets, octets, and nothing, so that another worker's stand in another
    /// cache line.
    private static final int STRIDE = 8;

    private record Held(OutboundSa sa, List<Rule<OutboundSa>> rules) {}

    /// The one SA, as long as there was only one.
    private volatile @Nullable OutboundSa only;

    /// All of them, where there are or were several; then [#only] says nothing.
    private volatile @Nullable RuleTable<OutboundSa> many;

    private final long[] counts;
    private @Nullable Map<SelectorPair, Held> bySelectors;
    private @Nullable OutboundSa first;
    private long activations;

    /// @param workers that count
    PolicyState(int workers) {
        counts = new long[workers * STRIDE];
    }

    /// The SA that carries the packet, which a policy with selectors `covered` covers; null if none
    /// does.
    @SuppressWarnings("ReferenceEquality") // a short cut; equal ones take the longer way
    @Nullable OutboundSa carrying(Flow flow, SelectorPair covered) {
        RuleTable<OutboundSa> table = many;
        if (table != null) {
            Rule<OutboundSa> rule = table.find(flow);
            return rule == null ? null : rule.target();
        }
        OutboundSa sa = only;
        // The peer checks what it agreed to, which narrowing may have made less than the policy
        return sa == null
                        || sa.pair() == covered
                        || sa.selectors().coversOutbound(flow) == Match.YES
                ? sa
                : null;
    }

    /// The IKE loop only.
    boolean takes(OutboundSa sa) {
        Held held = bySelectors == null ? null : bySelectors.get(sa.pair());
        return only == sa && many == null || held != null && held.sa() == sa;
    }

    /// Whether there is any.
    boolean isEmpty() {
        return only == null && many == null;
    }

    /// Puts `sa` in place of the one with the same selectors.
    void activate(OutboundSa sa) {
        OutboundSa alone = first;
        if (many == null && (alone == null || alone.pair().equals(sa.pair()))) {
            first = sa;
            only = sa;
            return;
        }
        RuleTable<OutboundSa> table = many;
        Map<SelectorPair, Held> held = bySelectors;
        if (table == null || held == null) {
            table = new RuleTable<>();
            held = new HashMap<>();
            bySelectors = held;
            if (alone != null) {
                held.put(alone.pair(), held(alone, table));
            }
        }
        Held was = held.put(sa.pair(), held(sa, table));
        if (was != null) {
            table.remove(was.rules());
        }
        many = table;
    }

    private Held held(OutboundSa sa, RuleTable<OutboundSa> table) {
        long came = - ++activations; // the latest first
        return new Held(sa, table.add(sa.pair().local(), sa.pair().remote(), 1, came, sa));
    }

    void deactivate(OutboundSa sa) {
        if (first == sa) {
            first = null;
            only = null;
        }
        RuleTable<OutboundSa> table = many;
        Map<SelectorPair, Held> held = bySelectors;
        if (table == null || held == null) {
            return;
        }
        Held one = held.get(sa.pair());
        if (one != null && one.sa() == sa) {
            held.remove(sa.pair());
            table.remove(one.rules());
            if (held.isEmpty()) {
                clear();
            }
        }
    }

    /// No packet takes any of them any more.
    void clear() {
        first = null;
        bySelectors = null;
        only = null;
        many = null;
    }

    /// This worker only.
    void count(int worker, int length) {
        int at = worker * STRIDE;
        COUNT.setOpaque(counts, at, counts[at] + 1);
        COUNT.setOpaque(counts, at + 1, counts[at + 1] + length);
    }

    long packets() {
        return sum(0);
    }

    long octets() {
        return sum(1);
    }

    private long sum(int which) {
        long sum = 0;
        for (int at = which; at < counts.length; at += STRIDE) {
            sum += (long) COUNT.getOpaque(counts, at);
        }
        return sum;
    }
}

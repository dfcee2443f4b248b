package io.sallyport.ipsec.spd;

import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.select.Rule;
import io.sallyport.ipsec.select.RuleTable;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Security Policy Database (RFC 4301, 4.4.1; S1-05): for each TUN an ordered set of policies
/// of which the first that covers a packet decides; the order is that of [PolicyEntry]. What no
/// policy covers is discarded.
///
/// The IKE loop changes it, each policy in time that does not grow with their number; workers read
/// without a lock.
public final class Spd {
    private final int workers;
    private final Map<String, LinkSettings> links = new HashMap<>();
    private final Map<Owner, Placed> policies = new LinkedHashMap<>();
    private final Map<Owner, PolicyState> states = new HashMap<>();
    private final Map<Owner, DropCounters> drops = new HashMap<>();
    private volatile @Nullable LinkPolicies[] byNumber = new LinkPolicies[8];
    private volatile long generation = 1;

    private record Placed(Policy policy, LinkPolicies on, List<Rule<Policy>> rules) {
        boolean passes() {
            return policy.action() == PolicyAction.BYPASS;
        }
    }

    /// @param workers that count packets
    public Spd(int workers) {
        this.workers = workers;
    }

    /// Names a TUN, or gives a named one other settings.
    public void link(String name, LinkSettings settings) {
        links.put(name, settings);
        int number = settings.number();
        LinkPolicies on = on(number);
        if (on != null) {
            on.settings = settings;
            return;
        }
        @Nullable LinkPolicies[] was = byNumber;
        @Nullable LinkPolicies[] now =
                number < was.length
                        ? was.clone()
                        : Arrays.copyOf(was, Math.max(number + 1, was.length * 2));
        now[number] = new LinkPolicies(settings);
        byNumber = now;
    }

    /// The number of the owner's TUN.
    ///
    /// @throws IllegalArgumentException if its link was never named
    public int linkOf(Owner owner) {
        LinkSettings settings = links.get(owner.link());
        if (settings == null) {
            throw new IllegalArgumentException("no link named '" + owner.link() + "'");
        }
        return settings.number();
    }

    /// Adds or replaces the policies of the entries' owners, and removes those of `gone`. An SA
    /// that is active for a policy that is replaced stays so, and what was counted stays counted.
    ///
    /// As long as any PASS of before stands, so does all else of before, and as long as any of
    /// those after, all else of after: what a PASS comes first for, it may let pass.
    ///
    /// @throws IllegalArgumentException if a side of the selectors is empty ("dynamic" is resolved
    ///   before it comes here), or a link was never named; nothing was changed then
    public void replace(Collection<PolicyEntry> entries, Collection<Owner> gone) {
        entries.forEach(this::check);
        List<Placed> were = new ArrayList<>();
        put(entries, false, were);
        put(entries, true, were);
        for (Owner owner : gone) {
            PolicyState state = states.remove(owner);
            if (state != null) {
                state.clear();
            }
            keep(policies.remove(owner), were);
        }
        remove(were, true);
        remove(were, false);
    }

    private void check(PolicyEntry entry) {
        linkOf(entry.owner());
        if (entry.selectors().local().isEmpty() || entry.selectors().remote().isEmpty()) {
            throw new IllegalArgumentException("selectors not resolved: " + entry.selectors());
        }
    }

    private static void keep(@Nullable Placed was, List<Placed> were) {
        if (was != null) {
            were.add(was);
        }
    }

    private void put(Collection<PolicyEntry> entries, boolean passes, List<Placed> were) {
        for (PolicyEntry entry : entries) {
            if ((entry.action() == PolicyAction.BYPASS) == passes) {
                put(entry, were);
            }
        }
        published();
    }

    private void put(PolicyEntry entry, List<Placed> were) {
        LinkPolicies on = on(linkOf(entry.owner()));
        if (on == null) {
            throw new IllegalStateException("link without policies");
        }
        Policy policy = new Policy(entry, state(entry.owner()), drops(entry.owner()));
        List<Rule<Policy>> rules =
                on.rules.add(
                        entry.selectors().local(),
                        entry.selectors().remote(),
                        entry.priority(),
                        entry.place(),
                        policy);
        on.count++;
        keep(policies.put(entry.owner(), new Placed(policy, on, rules)), were);
    }

    private void remove(List<Placed> were, boolean passes) {
        for (Placed was : were) {
            if (was.passes() == passes) {
                was.on().rules.remove(was.rules());
                was.on().count--;
            }
        }
        published();
    }

    private PolicyState state(Owner owner) {
        return states.computeIfAbsent(owner, _ -> new PolicyState(workers));
    }

    /// Turns the owner's policy to `sa`, now or when the policy comes: what the active SA with the
    /// same selectors carried, or nobody did.
    public void activate(Owner owner, OutboundSa sa) {
        state(owner).activate(sa);
    }

    /// No packet takes `sa` any more.
    public void deactivate(Owner owner, OutboundSa sa) {
        PolicyState state = states.get(owner);
        if (state != null) {
            state.deactivate(sa);
            if (state.isEmpty() && !policies.containsKey(owner)) {
                states.remove(owner);
            }
        }
    }

    /// What the owner's policies dropped for want of an SA, those of the past included.
    public DropCounters drops(Owner owner) {
        return drops.computeIfAbsent(owner, _ -> new DropCounters());
    }

    /// What was read from TUN `link` and no policy of it covers; null if it was never named. Any
    /// thread; the outbound worker counts.
    public @Nullable DropCounters linkDrops(int link) {
        LinkPolicies on = on(link);
        return on == null ? null : on.drops;
    }

    /// What was read from the owner's TUN and not covered, if the TUN has no other owner: where
    /// several share it, it is nobody's. The IKE loop only.
    public Map<Drop, Long> linkDropsOf(Owner owner) {
        LinkSettings settings = links.get(owner.link());
        LinkPolicies on = settings == null ? null : on(settings.number());
        return on == null || on.count != 1 || !policies.containsKey(owner)
                ? Map.of()
                : on.drops.snapshot();
    }

    /// All policies, in the order of the configuration. The IKE loop only.
    public Collection<Policy> policies() {
        return policies.values().stream()
                .map(Placed::policy)
                .sorted(Comparator.comparingInt(p -> p.entry().place()))
                .toList();
    }

    /// The policy of an owner; null if it has none. The IKE loop only.
    public @Nullable Policy policy(Owner owner) {
        Placed placed = policies.get(owner);
        return placed == null ? null : placed.policy();
    }

    /// What is known of a TUN, null if it was never named. Any thread.
    public @Nullable LinkSettings settings(int link) {
        LinkPolicies on = on(link);
        return on == null ? null : on.settings;
    }

    /// The [Policy] that covers a packet read from TUN `link`, or the [Verdict] where none does.
    /// Any thread.
    public Object search(Flow flow, int link) {
        LinkPolicies on = on(link);
        if (on == null) {
            return Verdict.NO_POLICY;
        }
        Object found;
        long before;
        do {
            // Who looked for what protects before it came must not find the PASS that came after
            before = generation;
            found = search(flow, on.rules);
        } while (before != generation);
        return found;
    }

    private static Object search(Flow flow, RuleTable<Policy> rules) {
        Rule<Policy> rule = rules.find(flow);
        // RFC 4301, 7: all fragments of a packet go one way; where a policy asks for ports, the
        // first one alone tells which
        if (flow.isFragment() && rules.fragmentUncertain(flow, rule)) {
            return Verdict.FRAGMENT;
        }
        return rule == null ? Verdict.NO_POLICY : rule.target();
    }

    @Nullable LinkPolicies on(int link) {
        @Nullable LinkPolicies[] now = byNumber;
        return link >= 0 && link < now.length ? now[link] : null;
    }

    /// Grows with each change of a policy. Any thread.
    long generation() {
        return generation;
    }

    /// The IKE loop is the only one who writes it; it counts up after the change.
    private void published() {
        long next = generation + 1;
        generation = next;
    }
}

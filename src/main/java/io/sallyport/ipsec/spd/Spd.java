package io.sallyport.ipsec.spd;

import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.select.Rule;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Security Policy Database (RFC 4301, 4.4.1; S1-05): for each TUN an ordered set of policies
/// of which the first that covers a packet decides; the order is that of [PolicyEntry]. A policy
/// that is replaced keeps its place among equals. What no policy covers is discarded.
///
/// The IKE loop changes it, policy by policy, in time that does not grow with their number; workers
/// read without a lock.
public final class Spd {
    private final int workers;
    private final Map<String, LinkSettings> links = new HashMap<>();
    private final Map<Owner, Placed> policies = new LinkedHashMap<>();
    private final Map<Owner, PolicyState> states = new HashMap<>();
    private final Map<Owner, DropCounters> drops = new HashMap<>();
    private volatile @Nullable LinkPolicies[] byNumber = new LinkPolicies[8];
    private volatile long generation = 1;
    private long came;

    private record Placed(Policy policy, List<Rule<Policy>> rules, long came) {}

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

    /// Adds or replaces the policy of the entry's owner; an SA that is active stays so, and what
    /// was counted stays counted.
    ///
    /// @throws IllegalArgumentException if a side of the selectors is empty: "dynamic" is resolved
    ///   before it comes here
    public void protect(PolicyEntry entry) {
        LinkPolicies on = on(linkOf(entry.owner()));
        if (on == null) {
            throw new IllegalStateException("link without policies");
        }
        if (entry.selectors().local().isEmpty() || entry.selectors().remote().isEmpty()) {
            throw new IllegalArgumentException("selectors not resolved: " + entry.selectors());
        }
        Placed was = policies.get(entry.owner());
        long place = was == null ? ++came : was.came();
        Policy policy = new Policy(entry, state(entry.owner()), drops(entry.owner()));
        List<Rule<Policy>> rules =
                on.rules.add(
                        entry.selectors().local(),
                        entry.selectors().remote(),
                        entry.priority(),
                        place,
                        policy);
        if (was == null) {
            on.count++;
        } else {
            on.rules.remove(was.rules());
        }
        policies.put(entry.owner(), new Placed(policy, rules, place));
        published();
    }

    public void unprotect(Owner owner) {
        PolicyState state = states.remove(owner);
        if (state != null) {
            state.clear();
        }
        Placed placed = policies.remove(owner);
        LinkPolicies on = placed == null ? null : on(linkOf(owner));
        if (placed != null && on != null) {
            on.rules.remove(placed.rules());
            on.count--;
            published();
        }
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

    /// Owners of all policies, in the order in which they came.
    public List<Owner> owners() {
        return List.copyOf(policies.keySet());
    }

    /// All policies, in the order in which they came. The IKE loop only.
    public Collection<Policy> policies() {
        return policies.values().stream().map(Placed::policy).toList();
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
        Rule<Policy> rule = on.rules.find(flow);
        // RFC 4301, 7: all fragments of a packet go one way; where a policy asks for ports, the
        // first one alone tells which
        if (flow.isFragment() && on.rules.fragmentUncertain(flow, rule)) {
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

package io.sallyport.ipsec.spd;

import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The Security Policy Database (RFC 4301, 4.4.1; S1-05): for each TUN an ordered list of policies
/// of which the first that covers a packet decides. The order is that in which the policies came; a
/// policy that is replaced keeps its place. There is no BYPASS here: what shall bypass is not
/// routed into a TUN; what no policy covers is discarded.
///
/// The IKE loop changes it; each change publishes a new array, so workers read without a lock.
public final class Spd {
    private final Map<String, LinkSettings> links = new HashMap<>();
    private final Map<Owner, Policy> policies = new LinkedHashMap<>();
    private final Map<Owner, OutboundSa> active = new HashMap<>();
    private final Map<Owner, DropCounters> drops = new HashMap<>();
    private volatile @Nullable LinkPolicies[] published = new LinkPolicies[0];

    /// Names a TUN, or gives a named one other settings.
    public void link(String name, LinkSettings settings) {
        links.put(name, settings);
        publish(settings);
    }

    /// The number of the owner's TUN.
    ///
    /// @throws IllegalArgumentException if its link was never named
    public int linkOf(Owner owner) {
        return settingsOf(owner).number();
    }

    private LinkSettings settingsOf(Owner owner) {
        LinkSettings settings = links.get(owner.link());
        if (settings == null) {
            throw new IllegalArgumentException("no link named '" + owner.link() + "'");
        }
        return settings;
    }

    /// Adds or replaces the policy of the entry's owner; an SA that is active stays so.
    public void protect(PolicyEntry entry) {
        LinkSettings settings = settingsOf(entry.owner());
        policies.put(
                entry.owner(), new Policy(entry, active.get(entry.owner()), drops(entry.owner())));
        publish(settings);
    }

    public void unprotect(Owner owner) {
        active.remove(owner);
        Policy policy = policies.remove(owner);
        if (policy != null) {
            policy.active(null);
            publish(settingsOf(owner));
        }
    }

    /// Turns the owner's policy to `sa`, now or when the policy comes; null: to none.
    public void activate(Owner owner, @Nullable OutboundSa sa) {
        if (sa == null) {
            active.remove(owner);
        } else {
            active.put(owner, sa);
        }
        Policy policy = policies.get(owner);
        if (policy != null) {
            policy.active(sa);
        }
    }

    public Optional<OutboundSa> active(Owner owner) {
        return Optional.ofNullable(active.get(owner));
    }

    /// What the owner's policies dropped for want of an SA, those of the past included.
    public DropCounters drops(Owner owner) {
        return drops.computeIfAbsent(owner, _ -> new DropCounters());
    }

    /// Owners of all policies, in order.
    public List<Owner> owners() {
        return List.copyOf(policies.keySet());
    }

    /// What is known of a TUN, null if it was never named. Any thread.
    public @Nullable LinkSettings settings(int link) {
        LinkPolicies on = on(link);
        return on == null ? null : on.settings;
    }

    @Nullable LinkPolicies on(int link) {
        @Nullable LinkPolicies[] now = published;
        return link >= 0 && link < now.length ? now[link] : null;
    }

    private void publish(LinkSettings changed) {
        @Nullable LinkPolicies[] was = published;
        int number = changed.number();
        @Nullable LinkPolicies[] fresh = Arrays.copyOf(was, Math.max(was.length, number + 1));
        Policy[] ordered =
                policies.values().stream()
                        .filter(p -> linkOf(p.owner()) == number)
                        .toArray(Policy[]::new);
        fresh[number] = new LinkPolicies(changed, ordered);
        published = fresh;
    }
}

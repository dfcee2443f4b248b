package io.sallyport.model.spec.child;

import java.time.Duration;
import java.util.Optional;

/// What most children leave as it is.
///
/// @param inactivity a child without traffic for so long is closed; zero: never
/// @param manual its SAs, where a person keys them and IKE does not
public record ChildOptions(
        PacketSpec packets,
        PolicySpec policy,
        HookSpec hook,
        Duration inactivity,
        Optional<ManualKeys> manual) {
    /// strongSwan's defaults.
    public static final ChildOptions DEFAULT =
            new ChildOptions(PacketSpec.DEFAULT, PolicySpec.DEFAULT, HookSpec.NONE, Duration.ZERO);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /// The defaults with another replay window.
    public static ChildOptions window(int packets) {
        return DEFAULT.with(PacketSpec.DEFAULT.window(packets));
    }

    /// Keyed by IKE.
    public ChildOptions(PacketSpec packets, PolicySpec policy, HookSpec hook, Duration inactivity) {
        this(packets, policy, hook, inactivity, Optional.empty());
    }

    /// [#inactivity] in nanoseconds, 0: never. More than can be counted is never, too.
    public long inactivityNanos() {
        return inactivity.compareTo(LONGEST) > 0 ? 0 : inactivity.toNanos();
    }

    public ChildOptions with(PacketSpec other) {
        return new ChildOptions(other, policy, hook, inactivity, manual);
    }

    public ChildOptions with(HookSpec other) {
        return new ChildOptions(packets, policy, other, inactivity, manual);
    }

    /// @param idle zero: it is kept however idle it is
    public ChildOptions closedAfter(Duration idle) {
        return new ChildOptions(packets, policy, hook, idle, manual);
    }

    public ChildOptions keyed(ManualKeys keys) {
        return new ChildOptions(packets, policy, hook, inactivity, Optional.of(keys));
    }
}

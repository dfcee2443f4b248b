package io.sallyport.model.spec.child;

import java.time.Duration;

/// What most children leave as it is.
///
/// @param inactivity a child without traffic for so long is closed; zero: never
public record ChildOptions(
        PacketSpec packets, PolicySpec policy, HookSpec hook, Duration inactivity) {
    /// strongSwan's defaults.
    public static final ChildOptions DEFAULT =
            new ChildOptions(PacketSpec.DEFAULT, PolicySpec.DEFAULT, HookSpec.NONE, Duration.ZERO);

    /// The defaults with another replay window.
    public static ChildOptions window(int packets) {
        return DEFAULT.with(PacketSpec.DEFAULT.window(packets));
    }

    public ChildOptions with(PacketSpec other) {
        return new ChildOptions(other, policy, hook, inactivity);
    }
}

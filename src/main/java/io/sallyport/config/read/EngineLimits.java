package io.sallyport.config.read;

import io.sallyport.model.spec.AddressingSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeVersion;
import java.util.Optional;
import java.util.stream.Stream;

/// What the dialects can say and our engine cannot do yet. This is the one place that refuses it: a
/// line goes with each feature that arrives.
final class EngineLimits {
    private EngineLimits() {}

    /// Why `c` cannot run; empty if it can.
    static Optional<String> why(ConnectionSpec c) {
        boolean byKey =
                Stream.of(c.local(), c.remote())
                        .allMatch(p -> p.rounds().size() == 1 && p.auth() instanceof AuthSpec.Psk);
        if (!byKey) {
            return Optional.of(
                    "authenticates with more than a pre-shared key, which arrives in a later"
                            + " release");
        }
        if (!c.addressing().equals(AddressingSpec.NONE)) {
            return Optional.of(
                    "asks for or lends virtual addresses, which arrives in a later release");
        }
        boolean bundle =
                c.children().stream()
                        .flatMap(child -> child.proposals().stream())
                        .anyMatch(p -> !p.outer().isEmpty());
        if (bundle && c.ike().version() != IkeVersion.IKEV1) {
            return Optional.of("wants AH round ESP, which IKEv2 has no way to negotiate");
        }
        return Optional.empty();
    }
}

package io.sallyport.config.read;

import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeVersion;

import java.util.Optional;

/// What the dialects can say and our engine cannot do yet. This is the one place that refuses it: a
/// line goes with each feature that arrives.
final class EngineLimits {
    private EngineLimits() {}

    /// Why `c` cannot run; empty if it can.
    static Optional<String> why(ConnectionSpec c) {
        if (c.ike().version() != IkeVersion.IKEV1) {
            return Optional.of(
                    (c.ike().version() == IkeVersion.ANY
                                    ? "says no version, which means IKEv2 first"
                                    : "speaks IKEv2")
                            + ": IKEv2 arrives in a later release; use IKEv1 (ipsec.conf:"
                            + " keyexchange=ikev1, swanctl.conf: version = 1)");
        }
        return Optional.empty();
    }
}

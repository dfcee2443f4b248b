package io.sallyport.model.spec;

import java.time.Duration;

/// Dead peer detection (RFC 3706): after `delay` without a sign of life we ask, after `timeout`
/// without one the peer is dead. A zero `delay` turns it off (we still answer).
public record DpdSpec(Duration delay, Duration timeout) {
    public static final DpdSpec OFF = new DpdSpec(Duration.ZERO, Duration.ZERO);

    public boolean isOn() {
        return !delay.isZero();
    }
}

package io.sallyport.ike.v1.offer;

import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.IpsecAttribute;
import java.util.ArrayList;
import java.util.List;

/// Lifetimes as attributes of a phase 2 transform, or of a RESPONDER-LIFETIME notify (RFC 2407, 4.5
/// and 4.6.3.1): types and durations in pairs, in order.
///
/// @param seconds 0: none given
/// @param kilobytes 0: none given
public record Phase2Life(long seconds, long kilobytes) {
    /// RFC 2407 does not say which kilobyte it means; the smaller one keeps either peer's limit.
    private static final long KILOBYTE = 1000;

    private static final long MOST_KILOBYTES = 0xffff_ffffL;

    public static Phase2Life of(LifetimeSpec spec) {
        long kilobytes = spec.octets() == 0 ? 0 : Math.max(1, spec.octets() / KILOBYTE);
        return new Phase2Life(spec.life().toSeconds(), Math.min(kilobytes, MOST_KILOBYTES));
    }

    public static Phase2Life parse(List<Attribute> attributes) {
        long seconds = 0;
        long kilobytes = 0;
        long type = -1;
        for (Attribute a : attributes) {
            if (a.type() == IpsecAttribute.LIFE_TYPE) {
                type = a.number().orElse(-1);
            } else if (a.type() == IpsecAttribute.LIFE_DURATION && type == IpsecAttribute.SECONDS) {
                seconds = a.number().orElse(0);
            } else if (a.type() == IpsecAttribute.LIFE_DURATION
                    && type == IpsecAttribute.KILOBYTES) {
                kilobytes = a.number().orElse(0);
            }
        }
        return new Phase2Life(seconds, kilobytes);
    }

    public List<Attribute> attributes() {
        List<Attribute> attributes = new ArrayList<>();
        if (seconds > 0) {
            attributes.add(Attribute.basic(IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS));
            attributes.add(Attribute.number(IpsecAttribute.LIFE_DURATION, seconds));
        }
        if (kilobytes > 0) {
            attributes.add(Attribute.basic(IpsecAttribute.LIFE_TYPE, IpsecAttribute.KILOBYTES));
            attributes.add(Attribute.number(IpsecAttribute.LIFE_DURATION, kilobytes));
        }
        return attributes;
    }

    /// Of each kind the smaller.
    public Phase2Life shorter(Phase2Life other) {
        return new Phase2Life(smaller(seconds, other.seconds), smaller(kilobytes, other.kilobytes));
    }

    private static long smaller(long a, long b) {
        return a == 0 ? b : b == 0 ? a : Math.min(a, b);
    }

    /// In octets; 0: none given. Never more than our own limit.
    public long octets(LifetimeSpec ours) {
        if (kilobytes == 0 || kilobytes > Long.MAX_VALUE / KILOBYTE) {
            return ours.octets();
        }
        return smaller(ours.octets(), kilobytes * KILOBYTE);
    }
}

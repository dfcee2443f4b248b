package io.sallyport.ike.sa;

import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.LifetimeSpec;
import java.util.function.LongUnaryOperator;

/// Limits of a child SA by what it carries.
final class Volume {
    /// RFC 4303, 3.3.3: without extended sequence numbers no packet may be sent after this one.
    private static final long SEQUENCE_NUMBERS = 0xffff_ffffL;

    /// A quarter of all numbers is left then: more than a minute at ten million packets a second.
    private static final long SEQUENCE_SOFT = 3L << 30;

    /// So that not both ends begin at once.
    private static final long SEQUENCE_FUZZ = 1L << 28;

    private Volume() {}

    /// @param octets agreed with the peer; 0: no limit
    static VolumeLimits limits(
            LifetimeSpec spec, long octets, boolean esn, LongUnaryOperator below) {
        long hardOctets = octets == 0 ? VolumeLimits.NO_LIMIT : octets;
        long hardPackets = spec.packets() == 0 ? VolumeLimits.NO_LIMIT : spec.packets();
        long softOctets = VolumeLimits.NO_LIMIT;
        long softPackets = VolumeLimits.NO_LIMIT;
        if (spec.rekey()) {
            softOctets = octets == 0 ? softOctets : spec.softOf(octets, below);
            softPackets = spec.packets() == 0 ? softPackets : spec.softOf(hardPackets, below);
        }
        if (!esn) {
            hardPackets = Math.min(hardPackets, SEQUENCE_NUMBERS);
            if (spec.rekey()) {
                long soft = SEQUENCE_SOFT - below.applyAsLong(SEQUENCE_FUZZ);
                softPackets = Math.min(softPackets, soft);
            }
        }
        return new VolumeLimits(softOctets, hardOctets, softPackets, hardPackets);
    }
}

package io.sallyport.ipsec.sad;

import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.sa.VolumeMark;

/// What one direction of an SA may still carry (S4-47). It belongs to the worker of that direction,
/// which asks before it sends, or releases, a packet: so nothing goes beyond the limit, and the
/// news of a mark is as old as the packet that reached it, however fast the line.
public final class VolumeMeter {
    private final VolumeLimits limits;
    private final long lowOctets;
    private final long lowPackets;
    private long octets;
    private long packets;
    private VolumeMark mark = VolumeMark.PLENTY;
    private VolumeMark told = VolumeMark.PLENTY;

    public VolumeMeter(VolumeLimits limits) {
        this.limits = limits;
        this.lowOctets = low(limits.softOctets(), limits.hardOctets());
        this.lowPackets = low(limits.softPackets(), limits.hardPackets());
    }

    private static long low(long soft, long hard) {
        return soft == VolumeLimits.NO_LIMIT ? soft : hard - (hard - soft) / 2;
    }

    /// Counts a packet, or answers false if it would go beyond a hard limit: then the SA carries
    /// nothing more, and no smaller packet either.
    public boolean take(int innerOctets) {
        if (mark == VolumeMark.OVER
                || packets >= limits.hardPackets()
                || innerOctets > limits.hardOctets() - octets) {
            mark = VolumeMark.OVER;
            return false;
        }
        octets += innerOctets;
        packets++;
        if (octets >= lowOctets || packets >= lowPackets) {
            mark = VolumeMark.LOW;
        } else if (octets >= limits.softOctets() || packets >= limits.softPackets()) {
            mark = VolumeMark.SOFT;
        }
        return true;
    }

    /// Whether a mark was reached that nobody was told of yet.
    public boolean isDue() {
        return mark != told;
    }

    /// Tells, if it is due, and again with the next packet if nobody listened.
    public void tell(long childSaId, Listener listener) {
        if (isDue() && listener.volumeSpent(childSaId, mark)) {
            told = mark;
        }
    }

    /// Called by a worker; must not block. Puts the news in a mailbox.
    @FunctionalInterface
    public interface Listener {
        /// For roads whose SAs have no limits.
        Listener NONE = (_, _) -> true;

        /// @return whether the news was taken; else it comes again
        boolean volumeSpent(long childSaId, VolumeMark mark);
    }
}

package io.sallyport.ipsec.sad;

import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.sa.VolumeMark;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// What one direction of an SA may still carry (S4-47). Its worker, or each of those who share the
/// SA, asks before it sends, or releases, a packet: so nothing goes beyond the limit, and the news
/// of a mark is as old as the packet that reached it, however fast the line.
public final class VolumeMeter {
    private static final VarHandle OCTETS;
    private static final VarHandle PACKETS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OCTETS = lookup.findVarHandle(VolumeMeter.class, "octets", long.class);
            PACKETS = lookup.findVarHandle(VolumeMeter.class, "packets", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final VolumeLimits limits;
    private final long lowOctets;
    private final long lowPackets;
    private final boolean shared;
    private long octets;
    private long packets;
    private volatile VolumeMark told = VolumeMark.PLENTY;

    /// Of one worker.
    public VolumeMeter(VolumeLimits limits) {
        this(limits, false);
    }

    /// @param shared whether several workers ask at the same time
    public VolumeMeter(VolumeLimits limits, boolean shared) {
        this.limits = limits;
        this.shared = shared;
        this.lowOctets = low(limits.softOctets(), limits.hardOctets());
        this.lowPackets = low(limits.softPackets(), limits.hardPackets());
    }

    private static long low(long soft, long hard) {
        return soft == VolumeLimits.NO_LIMIT ? soft : hard - (hard - soft) / 2;
    }

    /// Counts a packet, or answers false if it would go beyond a hard limit: then the SA carries
    /// nothing more, and no smaller packet either, for what was refused stays counted.
    public boolean take(int innerOctets) {
        if (mark(octets, packets) == VolumeMark.OVER) {
            return false;
        }
        if (shared) {
            long more = (long) OCTETS.getAndAdd(this, (long) innerOctets) + innerOctets;
            return mark(more, (long) PACKETS.getAndAdd(this, 1L) + 1) != VolumeMark.OVER;
        }
        octets += innerOctets;
        packets++;
        return mark(octets, packets) != VolumeMark.OVER;
    }

    private VolumeMark mark(long carried, long carriedPackets) {
        if (carried > limits.hardOctets() || carriedPackets > limits.hardPackets()) {
            return VolumeMark.OVER;
        }
        if (carried >= lowOctets || carriedPackets >= lowPackets) {
            return VolumeMark.LOW;
        }
        return carried >= limits.softOctets() || carriedPackets >= limits.softPackets()
                ? VolumeMark.SOFT
                : VolumeMark.PLENTY;
    }

    private VolumeMark mark() {
        return mark((long) OCTETS.getOpaque(this), (long) PACKETS.getOpaque(this));
    }

    /// Whether a mark was reached that nobody was told of yet.
    public boolean isDue() {
        return mark() != told;
    }

    /// Tells, if it is due, and again with the next packet if nobody listened. Of workers that tell
    /// at the same moment each may: whoever hears it hears it twice.
    public void tell(long childSaId, Listener listener) {
        VolumeMark reached = mark();
        if (reached != told && listener.volumeSpent(childSaId, reached)) {
            told = reached;
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

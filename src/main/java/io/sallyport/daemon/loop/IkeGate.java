package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.ring.Mailbox;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.RateLimit;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.SpiSieve;
import io.sallyport.wire.ike.IkeHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Where IKE messages leave the packet road for the IKE loop. Nothing of them is authentic yet, so
/// a flood must cost little here and nothing behind:
///
/// ```text
///  1  IkeHeader.fits    a whole message?                      IKE_MALFORMED
///  2  SpiSieve          no first message, and an SPI of ours:
///                       lane of the peers                     MAILBOX_FULL
///                       else: lane of the strangers
///  3  SourceLimit       strangers: each source so many        IKE_FLOOD
///     room in the lane  strangers: all together so many, and  IKE_FLOOD
///                       as many who show a cookie
///  4  a copy            the one out of the packet memory: the engine keeps what it gets
/// ```
///
/// So who floods as a stranger does not delay those who have an SA, and what the loop is told or
/// asked by us goes neither lane. A few malformed messages are let through, that a person may read
/// of them.
///
/// Whoever receives admits, one at a time; the IKE loop takes.
public final class IkeGate {
    private static final int PEERS = 1024;
    private static final int STRANGERS = 256;
    private static final int SOURCES = 4096;

    /// First messages of one address in a second, and at once: hundreds of peers may begin behind
    /// one NAT.
    private static final int PER_SOURCE = 100;

    /// Malformed ones, of all.
    private static final int WRONG = 10;

    /// Of so many turns one is the strangers' first.
    private static final int TURNS = 4;

    private final SpiSieve ours;
    private final SourceLimit sources;
    private final RateLimit wrong = new RateLimit(WRONG, WRONG);
    private final Mailbox<Input.Datagram> peers;
    private final Mailbox<Input.Datagram> strangers;

    /// Who shows a cookie was let in once: that luck need not be had twice.
    private final Mailbox<Input.Datagram> returning;

    private final DropCounters drops = new DropCounters();
    private int turn;

    /// @param seed of the table of sources: not to be guessed
    /// @param wake wakes the taker
    /// @param now monotonic nanoseconds
    IkeGate(SpiSieve ours, long seed, Runnable wake, long now) {
        this.ours = ours;
        this.sources = new SourceLimit(SOURCES, PER_SOURCE, PER_SOURCE, seed, now);
        this.peers = new Mailbox<>(PEERS, wake);
        this.strangers = new Mailbox<>(STRANGERS, wake);
        this.returning = new Mailbox<>(STRANGERS, wake);
    }

    /// Takes packet `i`, an ISAKMP message without its marker, or counts why not. Any thread: most
    /// of it comes to [IkeReader], a little in trains of ESP to the workers.
    ///
    /// @param now monotonic nanoseconds
    synchronized void admit(PacketBatch packets, int i, long now) {
        Path path = packets.path(i);
        if (path == null) {
            return;
        }
        MemorySegment memory = packets.memory();
        int at = packets.start(i);
        boolean fits = IkeHeader.fits(memory, at, packets.length(i));
        if (fits
                && !IkeHeader.isFirst(memory, at)
                && (ours.mayHave(IkeHeader.responderSpi(memory, at))
                        || ours.mayHave(IkeHeader.initiatorSpi(memory, at)))) {
            pass(packets, i, path, peers, Drop.MAILBOX_FULL);
        } else if (!fits && !wrong.take(now)) {
            drops.count(Drop.IKE_MALFORMED);
        } else if (!sources.take(path.remote().address(), now)) {
            drops.count(Drop.IKE_FLOOD);
        } else if (fits
                && IkeHeader.isFirst(memory, at)
                && IkeHeader.showsCookie(memory, at, packets.length(i))) {
            pass(packets, i, path, returning, Drop.IKE_FLOOD);
        } else {
            pass(packets, i, path, strangers, Drop.IKE_FLOOD);
        }
    }

    private void pass(
            PacketBatch packets, int i, Path path, Mailbox<Input.Datagram> lane, Drop ifFull) {
        if (lane.isFull() || !lane.offer(new Input.Datagram(path, Octets.owned(packets.copy(i))))) {
            drops.count(ifFull);
        }
    }

    /// The next message; null if there is none. The IKE loop only.
    Input.@Nullable Datagram poll() {
        turn = (turn + 1) % TURNS;
        Input.Datagram next = (turn == 0 ? strangers : turn == 1 ? returning : peers).poll();
        if (next == null) {
            next = peers.poll();
        }
        if (next == null) {
            next = returning.poll();
        }
        return next != null ? next : strangers.poll();
    }

    /// IKE messages that went no further.
    public DropCounters drops() {
        return drops;
    }
}

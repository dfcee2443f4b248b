package io.sallyport.daemon.loop;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.ring.Mailbox;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.esp.NatKeepalive;
import io.sallyport.wire.esp.NonEspMarker;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Between inbound workers, and from whoever reads IKE or TCP connections to them. The kernel gives
/// a worker the datagrams of the SPIs that it owns, but a train goes whole to the owner of its
/// first packet, and may bear packets of other SAs: those are copied and handed to their owner
/// here, so that every replay window has one writer. So is what strangers send as protocol 50 or
/// 51: the first worker reads it all.
///
/// ```text
///  worker 0: | mine | 1's | mine | 1's |   ->   parcel: | 1's | 1's |   ->   the inbox of worker 1
///                                               and back, when it is empty
/// ```
///
/// All memory is set aside at the beginning: whoever has no parcel left drops.
final class Handover {
    /// That are under way from one worker at the same time.
    private static final int PARCELS = 8;

    /// Packets that come to one worker meanwhile: its own do not wait for them.
    private static final int INBOX = 64;

    /// Those of whoever reads IKE, in whose trains ESP is rare.
    private static final int FEW = 2;

    private static final int FEW_SLOTS = 16;

    private static final int NOBODY = -1;

    private static final int SLOT = InboundWorker.SLOT;
    private static final int HEADROOM = InboundWorker.HEADROOM;

    /// Packets for one worker.
    static final class Parcel {
        private final Mailbox<Parcel> home;
        private final PacketBatch packets;

        Parcel(Mailbox<Parcel> home, int slots) {
            this.home = home;
            this.packets = new PacketBatch(Arena.ofAuto(), slots, SLOT, HEADROOM);
        }

        PacketBatch packets() {
            return packets;
        }

        /// The receiver has emptied it.
        void goHome() {
            packets.clear();
            home.offer(this);
        }
    }

    private static final class Desk {
        final Mailbox<Parcel> inbox;
        final Mailbox<Parcel> empty;
        final @Nullable Parcel[] filling;

        /// Parcels that are in [#empty].
        final AtomicInteger home = new AtomicInteger();

        Desk(int workers, Runnable wake, int parcels, int slots) {
            this(workers, wake, parcels, slots, () -> {});
        }

        /// @param back called when a parcel comes home
        Desk(int workers, Runnable wake, int parcels, int slots, Runnable back) {
            inbox = new Mailbox<>(INBOX, wake);
            empty =
                    new Mailbox<>(
                            PARCELS,
                            () -> {
                                home.incrementAndGet();
                                back.run();
                            });
            filling = new Parcel[workers];
            for (int i = 0; i < parcels; i++) {
                empty.offer(new Parcel(empty, slots));
            }
        }
    }

    private final List<Desk> desks = new ArrayList<>();
    private final Desk reader;

    /// Of the reader of TCP; its memory is set aside when there is any.
    private @Nullable Desk stream;

    /// @param wakes what makes each worker look into its inbox
    Handover(List<Runnable> wakes) {
        int workers = wakes.size();
        for (Runnable wake : wakes) {
            desks.add(new Desk(workers, wake, workers > 1 ? PARCELS : 0, PacketBatch.MOST));
        }
        reader = new Desk(workers, () -> {}, FEW, FEW_SLOTS);
    }

    /// Takes what belongs to others out of `batch`, into lane DROPPED, and hands it to them. The
    /// worker `me` only.
    void sort(int me, PacketBatch batch, DropCounters drops) {
        if (desks.size() == 1) {
            return;
        }
        sort(desks.get(me), me, batch, drops);
    }

    /// Takes the ESP out of `batch`, into lane DROPPED, and hands it to the workers. The reader of
    /// IKE only.
    void sortOutOfIke(PacketBatch batch, DropCounters drops) {
        sort(reader, NOBODY, batch, drops);
    }

    /// Whether there is a parcel for every worker. The reader of TCP only.
    ///
    /// @param wake called whenever a parcel comes home
    boolean mayTakeFromTcp(Runnable wake) {
        Desk mine = stream;
        if (mine == null) {
            mine = new Desk(desks.size(), () -> {}, PARCELS, PacketBatch.MOST, wake);
            stream = mine;
        }
        return mine.home.get() >= desks.size();
    }

    /// As [#sortOutOfIke], from connections. The reader of TCP only, when it may.
    void sortOutOfTcp(PacketBatch batch, DropCounters drops) {
        if (stream != null) {
            sort(stream, NOBODY, batch, drops);
        }
    }

    private void sort(Desk mine, int me, PacketBatch batch, DropCounters drops) {
        boolean any = false;
        for (int i = 0; i < batch.count(); i++) {
            int owner =
                    switch (batch.lane(i)) {
                        case UDP, TCP -> owner(me, batch, i);
                        case RAW -> ownerOfRaw(me, batch, i);
                        case AH -> ownerOfAh(me, batch, i);
                        default -> me;
                    };
            if (owner != me) {
                pack(mine, owner, batch, i, drops);
                batch.lane(i, Lane.DROPPED);
                batch.path(i, null); // nobody looks at it here
                any = true;
            }
        }
        if (any) {
            for (int owner = 0; owner < desks.size(); owner++) {
                send(mine, owner, drops);
            }
        }
    }

    /// IKE in a train of ESP may stay where it came, and so may a keepalive.
    private int owner(int me, PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        Path path = batch.path(i);
        if (!Esp.fits(batch.length(i))
                || path == null
                || path.local().port() == Ports.IKE && !path.tcp()
                || NonEspMarker.isMarker(memory, at)
                || NatKeepalive.is(memory, at, batch.length(i))) {
            return me;
        }
        return UserspaceBackend.owner(Esp.spi(memory, at), desks.size());
    }

    /// The workers' raw sockets sort by themselves; that of strangers, which the first worker
    /// reads, has packets of any SPI.
    private int ownerOfRaw(int me, PacketBatch batch, int i) {
        return Esp.fits(batch.length(i))
                ? UserspaceBackend.owner(Esp.spi(batch.memory(), batch.start(i)), desks.size())
                : me;
    }

    private int ownerOfAh(int me, PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        Path path = batch.path(i);
        if (path == null || batch.length(i) < Ah.FIXED) {
            return me;
        }
        // Of IPv6 the IP header does not come
        int header = path.local().address().v6() ? 0 : Ipv4.headerLength(memory, at);
        return header + Ah.FIXED <= batch.length(i)
                ? UserspaceBackend.owner(Ah.spi(memory, at + header), desks.size())
                : me;
    }

    private void pack(Desk mine, int owner, PacketBatch batch, int i, DropCounters drops) {
        int length = batch.length(i);
        if (length > SLOT - HEADROOM) {
            drops.count(Drop.TOO_BIG);
            return;
        }
        Parcel parcel = mine.filling[owner];
        if (parcel != null && parcel.packets().isFull()) {
            send(mine, owner, drops);
            parcel = null;
        }
        if (parcel == null) {
            parcel = mine.empty.poll();
            mine.filling[owner] = parcel;
            if (parcel != null) {
                mine.home.decrementAndGet();
            }
        }
        if (parcel == null) {
            drops.count(Drop.MAILBOX_FULL);
            return;
        }
        PacketBatch to = parcel.packets();
        int k = to.add();
        to.place(k, to.start(k), length);
        MemorySegment.copy(batch.memory(), batch.start(i), to.memory(), to.start(k), length);
        to.lane(k, batch.lane(i));
        to.path(k, batch.path(i));
        to.trafficClass(k, batch.trafficClass(i));
        to.hopLimit(k, batch.hopLimit(i));
    }

    private void send(Desk mine, int owner, DropCounters drops) {
        Parcel parcel = mine.filling[owner];
        mine.filling[owner] = null;
        if (parcel != null && !desks.get(owner).inbox.offer(parcel)) {
            drops.count(Drop.MAILBOX_FULL, parcel.packets().count());
            parcel.goHome();
        }
    }

    /// Whether others handed something to worker `me`.
    boolean isWaiting(int me) {
        return !desks.get(me).inbox.isEmpty();
    }

    /// What others handed to worker `me`, which must send it home; null: nothing.
    @Nullable Parcel next(int me) {
        return desks.get(me).inbox.poll();
    }
}

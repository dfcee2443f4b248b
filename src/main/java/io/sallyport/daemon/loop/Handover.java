package io.sallyport.daemon.loop;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.ring.Mailbox;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.esp.NatKeepalive;
import io.sallyport.wire.esp.NonEspMarker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Between inbound workers. The kernel gives a worker the datagrams of the SPIs that it owns, but a
/// train goes whole to the owner of its first packet, and may bear packets of other SAs: those are
/// copied and handed to their owner here, so that every replay window has one writer.
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

    private static final int FIRST = 0;

    private static final int SLOT = InboundWorker.SLOT;
    private static final int HEADROOM = InboundWorker.HEADROOM;

    /// Packets for one worker.
    static final class Parcel {
        private final Mailbox<Parcel> home;
        private final PacketBatch packets =
                new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, SLOT, HEADROOM);

        Parcel(Mailbox<Parcel> home) {
            this.home = home;
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
        final Mailbox<Parcel> empty = new Mailbox<>(PARCELS, () -> {});
        final @Nullable Parcel[] filling;

        Desk(int workers, Runnable wake) {
            inbox = new Mailbox<>(INBOX, wake);
            filling = new Parcel[workers];
        }
    }

    private final List<Desk> desks = new ArrayList<>();

    /// @param wakes what makes each worker look into its inbox
    Handover(List<Runnable> wakes) {
        for (Runnable wake : wakes) {
            Desk desk = new Desk(wakes.size(), wake);
            if (wakes.size() > 1) {
                for (int i = 0; i < PARCELS; i++) {
                    desk.empty.offer(new Parcel(desk.empty));
                }
            }
            desks.add(desk);
        }
    }

    /// Takes what belongs to others out of `batch`, into lane DROPPED, and hands it to them. The
    /// worker `me` only.
    void sort(int me, PacketBatch batch, DropCounters drops) {
        if (desks.size() == 1) {
            return;
        }
        Desk mine = desks.get(me);
        boolean any = false;
        for (int i = 0; i < batch.count(); i++) {
            int owner = batch.lane(i) == Lane.UDP ? owner(me, batch, i) : me;
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

    /// Raw sockets sort by themselves. IKE in a train of ESP comes to the first, the only one who
    /// may call at the gate; a keepalive may stay where it came.
    private int owner(int me, PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        Path path = batch.path(i);
        if (batch.length(i) < NonEspMarker.OCTETS
                || path == null
                || path.local().port() == Ports.IKE) {
            return me;
        }
        if (NonEspMarker.isMarker(memory, at)) {
            return FIRST;
        }
        if (!Esp.fits(batch.length(i)) || NatKeepalive.is(memory, at, batch.length(i))) {
            return me;
        }
        return UserspaceBackend.owner(Esp.spi(memory, at), desks.size());
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

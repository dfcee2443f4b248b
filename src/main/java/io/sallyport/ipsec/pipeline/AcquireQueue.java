package io.sallyport.ipsec.pipeline;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.spd.Policy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Packets that wait for an SA that was asked for (RFC 4301, 4.4.1.1: a trap), so that the first
/// packets of a connection are late and not lost. Its memory is set aside once; each policy has a
/// share of it, in which the oldest packet makes room for a new one. One thread.
final class AcquireQueue {
    /// Of one policy.
    static final int MOST_PACKETS = 16;

    /// Of one policy.
    static final int MOST_OCTETS = 32_768;

    /// A packet that waited longer is of no use any more.
    static final long PATIENCE_NANOS = 10_000_000_000L;

    private final PacketBatch slots;
    private final @Nullable Policy[] policy;
    private final long[] since;
    private final long[] arrival;
    private final DropCounters drops;
    private long arrivals;
    private int waiting;

    /// @param like has slots of the size that packets take
    AcquireQueue(PacketBatch like, DropCounters drops) {
        int slot = like.headroom() + like.room();
        slots = new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, slot, like.headroom());
        for (int i = 0; i < slots.capacity(); i++) {
            slots.add();
        }
        policy = new Policy[slots.capacity()];
        since = new long[slots.capacity()];
        arrival = new long[slots.capacity()];
        this.drops = drops;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    int waiting() {
        return waiting;
    }

    /// Keeps a copy of packet `i`. False if no slot is large enough for it.
    boolean offer(PacketBatch batch, int i, Policy of, long nowNanos) {
        int length = batch.length(i);
        if (length > slots.room() || length > MOST_OCTETS) {
            return false;
        }
        makeRoom(of, length);
        int slot = 0;
        while (policy[slot] != null) {
            slot++;
        }
        slots.place(slot, slots.slotStart(slot) + slots.headroom(), length);
        MemorySegment.copy(
                batch.memory(), batch.start(i), slots.memory(), slots.start(slot), length);
        slots.link(slot, batch.link(i));
        policy[slot] = of;
        since[slot] = nowNanos;
        arrival[slot] = arrivals++;
        waiting++;
        return true;
    }

    private void makeRoom(Policy of, int length) {
        while (true) {
            int packets = 0;
            int octets = length;
            int oldest = -1;
            int oldestOfAll = -1;
            for (int k = 0; k < policy.length; k++) {
                Policy here = policy[k];
                if (here == null) {
                    continue;
                }
                oldestOfAll = older(k, oldestOfAll);
                if (here.owner().equals(of.owner())) {
                    packets++;
                    octets += slots.length(k);
                    oldest = older(k, oldest);
                }
            }
            if (packets >= MOST_PACKETS || octets > MOST_OCTETS) {
                drop(oldest, Drop.ACQUIRE_OVERFLOW);
            } else if (waiting == policy.length) {
                drop(oldestOfAll, Drop.ACQUIRE_OVERFLOW);
            } else {
                return;
            }
        }
    }

    private int older(int k, int other) {
        return other < 0 || arrival[k] < arrival[other] ? k : other;
    }

    private void drop(int slot, Drop why) {
        Policy of = policy[slot];
        if (of != null) {
            of.drops().count(why);
        }
        policy[slot] = null;
        waiting--;
        drops.count(why);
    }

    /// Adds the packets whose policy has an SA now to `batch`, the oldest first, and drops those
    /// that waited too long.
    void release(PacketBatch batch, long nowNanos) {
        while (!batch.isFull()) {
            int next = -1;
            for (int k = 0; k < policy.length; k++) {
                Policy here = policy[k];
                if (here == null) {
                    continue;
                }
                if (nowNanos - since[k] >= PATIENCE_NANOS) {
                    drop(k, Drop.ACQUIRE_TIMEOUT);
                } else if (here.hasSa()) {
                    next = older(k, next);
                }
            }
            if (next < 0) {
                return;
            }
            int i = batch.add();
            int length = slots.length(next);
            batch.place(i, batch.start(i), length);
            MemorySegment.copy(
                    slots.memory(), slots.start(next), batch.memory(), batch.start(i), length);
            batch.link(i, slots.link(next));
            policy[next] = null;
            waiting--;
        }
    }
}

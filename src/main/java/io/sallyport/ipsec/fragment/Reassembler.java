package io.sallyport.ipsec.fragment;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.wire.ip.Fragment6;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Puts inner packets together that came in fragments (RFC 791, 3.2; RFC 8200, 4.5), where the
/// whole one must be seen: selectors ask for ports that only the first fragment has (RFC 4301, 7),
/// or transport mode takes "only whole IP datagrams" (RFC 4303, 3.3.4). Outer fragments are the
/// kernel's: its sockets give whole datagrams.
///
/// What is held is bounded: [#DATAGRAMS] in all, [#PER_SOURCE] of one sender, each no larger than
/// [#LARGEST], for [#PATIENCE_NANOS]. Whoever begins too many loses his own oldest. What expires,
/// is pushed out or overlaps is counted as `REASSEMBLY`, fragment by fragment; the fragment at
/// hand, if it is refused, is the caller's to count.
///
/// One thread. Memory is taken with the first fragment; after that nothing is allocated.
public final class Reassembler {
    public static final int DATAGRAMS = 64;
    public static final int PER_SOURCE = 16;

    /// Octets of payload of the largest packet: what the MTU of the TUN is at most.
    public static final int LARGEST = 9000;

    /// RFC 8200, 4.5 has the receiving host wait 60 seconds; between two hosts less is enough.
    public static final long PATIENCE_NANOS = 30_000_000_000L;

    private static final int LONGEST_HEADER = 128;
    private static final int SLOT = LONGEST_HEADER + LARGEST;
    private static final int WORDS = (LARGEST >>> 3) + 63 >>> 6;
    private static final int CONGESTED = 3;
    private static final int FREE = 0;
    private static final int GATHERING = 1;

    /// An overlap was seen: the rest goes as well.
    private static final int SPOILT = 2;

    /// What became of a fragment.
    public enum Piece {
        /// It is kept here, and the slot of the batch is free.
        KEPT,
        /// It was the last one missing: the whole packet lies in its place.
        WHOLE,
        /// It is of no use.
        REFUSED
    }

    private final DropCounters drops;
    private @Nullable MemorySegment memory;

    private final int[] state = new int[DATAGRAMS];
    private final long[] since = new long[DATAGRAMS];
    private final long[] context = new long[DATAGRAMS];
    private final long[] identity = new long[DATAGRAMS];
    private final long[] sourceHigh = new long[DATAGRAMS];
    private final long[] sourceLow = new long[DATAGRAMS];
    private final long[] destinationHigh = new long[DATAGRAMS];
    private final long[] destinationLow = new long[DATAGRAMS];

    /// Octets of the header that the whole packet gets; 0: the first fragment is not here yet.
    private final int[] header = new int[DATAGRAMS];

    /// Octets of payload that came, and that there are; the latter 0 while nobody knows.
    private final int[] came = new int[DATAGRAMS];

    private final int[] total = new int[DATAGRAMS];
    private final int[] highest = new int[DATAGRAMS];
    private final int[] fragments = new int[DATAGRAMS];
    private final boolean[] congested = new boolean[DATAGRAMS];
    private final boolean[] incapable = new boolean[DATAGRAMS];

    /// Which units of 8 octets came.
    private final long[] units = new long[DATAGRAMS * WORDS];

    private int held;

    // the fragment that is looked at
    private int fragmentHeader;
    private int fragmentOffset;
    private int payloadAt;
    private int payload;
    private boolean more;
    private long id;

    /// @param drops counts what was kept in vain
    public Reassembler(DropCounters drops) {
        this.drops = drops;
    }

    /// Datagrams of which something is held.
    public int held() {
        return held;
    }

    /// Takes fragment `i`, which `flow` has read.
    ///
    /// @param of tells senders apart that may have the same addresses: a TUN, an SA
    /// @param now monotonic nanoseconds
    public Piece offer(PacketBatch batch, int i, Flow flow, long of, long now) {
        forget(now);
        if (!read(batch.memory(), batch.start(i), flow)) {
            return Piece.REFUSED;
        }
        int slot = find(flow, of);
        if (slot < 0) {
            slot = begin(flow, of, now);
        }
        if (state[slot] == SPOILT) {
            return Piece.REFUSED;
        }
        if (!fits(slot)) {
            return spoil(slot);
        }
        MemorySegment to = memory();
        long at = at(slot) + LONGEST_HEADER + fragmentOffset;
        int known = known(slot);
        if (known > 0) {
            // RFC 8200, 4.5 lets an exact copy pass for what it is; all other overlaps end it all
            boolean copy =
                    known == units(payload)
                            && MemorySegment.mismatch(
                                            batch.memory(),
                                            payloadAt,
                                            payloadAt + (long) payload,
                                            to,
                                            at,
                                            at + payload)
                                    < 0;
            return copy ? Piece.KEPT : spoil(slot);
        }
        MemorySegment.copy(batch.memory(), payloadAt, to, at, payload);
        mark(slot);
        came[slot] += payload;
        fragments[slot]++;
        highest[slot] = Math.max(highest[slot], fragmentOffset + payload);
        if (!more) {
            total[slot] = fragmentOffset + payload;
        }
        int ecn = ecn(batch.memory(), batch.start(i), flow);
        congested[slot] |= ecn == CONGESTED;
        incapable[slot] |= ecn == 0;
        if (fragmentOffset == 0) {
            keepHeader(batch, i, flow, slot);
        }
        return total[slot] == came[slot] && header[slot] != 0
                ? whole(batch, i, flow, slot)
                : Piece.KEPT;
    }

    private static int ecn(MemorySegment memory, int at, Flow flow) {
        int octet = flow.v6() ? Ipv6.trafficClass(memory, at) : Ipv4.trafficClass(memory, at);
        return octet & 3;
    }

    /// RFC 5722, 4: when a fragment overlaps, "the entire datagram (and any constituent fragments,
    /// including those not yet received) MUST be silently discarded". IPv4 is held to the same.
    private Piece spoil(int slot) {
        state[slot] = SPOILT;
        drops.count(Drop.REASSEMBLY, fragments[slot]);
        fragments[slot] = 0;
        return Piece.REFUSED;
    }

    // ---- the fragment

    /// False if it is none that anybody could use.
    private boolean read(MemorySegment from, int at, Flow flow) {
        int end = at + flow.totalLength();
        if (flow.v6()) {
            long located = Fragment6.locate(from, at);
            if (located == Fragment6.NONE || Fragment6.offset(located) > LONGEST_HEADER) {
                return false;
            }
            int place = at + Fragment6.offset(located);
            fragmentHeader = Fragment6.offset(located);
            fragmentOffset = Fragment6.fragmentOffset(from, place);
            more = Fragment6.moreFragments(from, place);
            // Not the protocol: RFC 8200, 4.5 names the addresses and the identification only
            id = Fragment6.identification(from, place) & 0xffffffffL | 1L << 40;
            payloadAt = place + Fragment6.HEADER;
        } else {
            fragmentHeader = Ipv4.headerLength(from, at);
            fragmentOffset = Ipv4.fragmentOffset(from, at);
            more = Ipv4.moreFragments(from, at);
            id = Ipv4.identification(from, at) | (long) Ipv4.protocol(from, at) << 32;
            payloadAt = at + fragmentHeader;
        }
        payload = end - payloadAt;
        return payload > 0 && (!more || (payload & 7) == 0);
    }

    /// Whether it agrees with what is known of the whole.
    private boolean fits(int slot) {
        int end = fragmentOffset + payload;
        return end <= LARGEST
                && (total[slot] == 0 || end <= total[slot])
                && (more || (total[slot] == 0 ? highest[slot] <= end : total[slot] == end));
    }

    private static int units(int octets) {
        return octets + 7 >>> 3;
    }

    /// Units of this fragment that came before.
    private int known(int slot) {
        int known = 0;
        int first = fragmentOffset >>> 3;
        for (int unit = first; unit < first + units(payload); unit++) {
            known += (int) (units[slot * WORDS + (unit >>> 6)] >>> unit & 1);
        }
        return known;
    }

    private void mark(int slot) {
        int first = fragmentOffset >>> 3;
        for (int unit = first; unit < first + units(payload); unit++) {
            units[slot * WORDS + (unit >>> 6)] |= 1L << unit;
        }
    }

    // ---- what is held

    private MemorySegment memory() {
        MemorySegment there = memory;
        if (there == null) {
            there = Arena.ofAuto().allocate((long) DATAGRAMS * SLOT, 64);
            memory = there;
        }
        return there;
    }

    private long at(int slot) {
        return (long) slot * SLOT;
    }

    private int find(Flow flow, long of) {
        for (int slot = 0; slot < DATAGRAMS; slot++) {
            if (state[slot] != FREE
                    && identity[slot] == id
                    && isOf(slot, flow, of)
                    && destinationLow[slot] == flow.destinationLow()
                    && destinationHigh[slot] == flow.destinationHigh()) {
                return slot;
            }
        }
        return -1;
    }

    private boolean isOf(int slot, Flow flow, long of) {
        return context[slot] == of
                && sourceLow[slot] == flow.sourceLow()
                && sourceHigh[slot] == flow.sourceHigh();
    }

    private int begin(Flow flow, long of, long now) {
        int slot = place(flow, of);
        if (state[slot] != FREE) {
            release(slot, true);
        }
        state[slot] = GATHERING;
        held++;
        since[slot] = now;
        context[slot] = of;
        identity[slot] = id;
        sourceHigh[slot] = flow.sourceHigh();
        sourceLow[slot] = flow.sourceLow();
        destinationHigh[slot] = flow.destinationHigh();
        destinationLow[slot] = flow.destinationLow();
        header[slot] = 0;
        came[slot] = 0;
        total[slot] = 0;
        highest[slot] = 0;
        fragments[slot] = 0;
        congested[slot] = false;
        incapable[slot] = false;
        Arrays.fill(units, slot * WORDS, (slot + 1) * WORDS, 0);
        return slot;
    }

    /// A free slot; the oldest of the sender who has his share; else the oldest of all.
    private int place(Flow flow, long of) {
        int free = -1;
        int oldest = -1;
        int own = -1;
        int many = 0;
        for (int slot = 0; slot < DATAGRAMS; slot++) {
            if (state[slot] == FREE) {
                free = slot;
                continue;
            }
            if (oldest < 0 || since[slot] - since[oldest] < 0) {
                oldest = slot;
            }
            if (isOf(slot, flow, of)) {
                many++;
                if (own < 0 || since[slot] - since[own] < 0) {
                    own = slot;
                }
            }
        }
        if (many >= PER_SOURCE) {
            return own;
        }
        return free >= 0 ? free : oldest;
    }

    /// Lets go of what waited too long.
    private void forget(long now) {
        for (int slot = 0; held > 0 && slot < DATAGRAMS; slot++) {
            if (state[slot] != FREE && now - since[slot] > PATIENCE_NANOS) {
                release(slot, true);
            }
        }
    }

    private void release(int slot, boolean inVain) {
        if (inVain && fragments[slot] > 0) {
            drops.count(Drop.REASSEMBLY, fragments[slot]);
        }
        state[slot] = FREE;
        held--;
    }

    // ---- the whole

    /// The header of the first fragment is that of the whole; of IPv6 what stands before the
    /// fragment header.
    private void keepHeader(PacketBatch batch, int i, Flow flow, int slot) {
        MemorySegment from = batch.memory();
        MemorySegment to = memory();
        int at = batch.start(i);
        long first = at(slot) + LONGEST_HEADER - fragmentHeader;
        MemorySegment.copy(from, at, to, first, fragmentHeader);
        if (flow.v6()) {
            long located = Fragment6.locate(from, at);
            int next = Fragment6.nextHeader(from, at + (long) Fragment6.offset(located));
            to.set(U8, first + Fragment6.pointer(located), (byte) next);
        }
        header[slot] = fragmentHeader;
    }

    private Piece whole(PacketBatch batch, int i, Flow flow, int slot) {
        int length = header[slot] + total[slot];
        batch.giveRoom(i);
        int start = batch.slotStart(i) + batch.headroom();
        // RFC 3168, 5.3: a mark on one fragment is one on the whole; and none may be put on a
        // packet of which a part says that it cannot bear any
        boolean marked = congested[slot];
        boolean lost = marked && incapable[slot];
        if (lost || start + length > batch.slotEnd(i)) {
            drops.count(Drop.REASSEMBLY, fragments[slot] - 1);
            release(slot, false);
            return Piece.REFUSED;
        }
        MemorySegment to = batch.memory();
        MemorySegment.copy(memory(), at(slot) + LONGEST_HEADER - header[slot], to, start, length);
        batch.place(i, start, length);
        if (flow.v6()) {
            to.set(BE16, start + 4, (short) (length - Ipv6.HEADER));
            if (marked) {
                Ipv6.trafficClass(to, start, Ipv6.trafficClass(to, start) | CONGESTED);
            }
        } else {
            Ipv4.totalLength(to, start, length);
            Ipv4.fragment(to, start, false, false, 0);
            Ipv4.mendChecksum(to, start);
            if (marked) {
                Ipv4.trafficClass(to, start, Ipv4.trafficClass(to, start) | CONGESTED);
            }
        }
        release(slot, false);
        return Piece.WHOLE;
    }
}

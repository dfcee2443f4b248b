package io.sallyport.base.packet;

import io.sallyport.base.net.Path;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A burst of packets: parallel arrays over off-heap slots of equal size. It is filled once, worked
/// on in place by one thread, and drained once; nothing is allocated between.
///
/// ```text
///  slot i:  |<- headroom ->|<- length(i) ->|<- tailroom ->|
///           slotStart(i)   start(i)                        slotStart(i+1)
/// ```
///
/// A stage moves `start` down to put a header in front, and changes `length` to append or cut.
public final class PacketBatch {
    /// Most packets a batch can hold, so that a run of them fits the bits of a `long`.
    public static final int MOST = 64;

    public static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    public static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    public static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    public static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int NOWHERE = -1;

    private final MemorySegment memory;

    /// Where the slots of [#giveRoom] begin.
    private final int roomAt;

    private final int slotSize;
    private final int headroom;
    private final int capacity;
    private final int[] slotStart;
    private final int[] slotEnd;
    private final int[] start;
    private final int[] length;
    private final Lane[] lane;
    private final @Nullable Path[] path;
    private final int[] link;
    private final int[] trafficClass;
    private final boolean[] dontFragment;
    private final int[] hopLimit;
    private final int[] sequenceHigh;
    private int count;

    /// @param capacity packets, 1..64
    /// @param slotSize octets a slot, headroom and tailroom included
    /// @param headroom octets in front of a packet as it is read
    public PacketBatch(Arena arena, int capacity, int slotSize, int headroom) {
        if (capacity < 1 || capacity > MOST || headroom < 0 || headroom >= slotSize) {
            throw new IllegalArgumentException(
                    "batch of " + capacity + " x " + slotSize + ", headroom " + headroom);
        }
        this(arena.allocate((long) capacity * slotSize, 64), NOWHERE, capacity, slotSize, headroom);
        for (int i = 0; i < capacity; i++) {
            slotStart[i] = i * slotSize;
            slotEnd[i] = (i + 1) * slotSize;
        }
    }

    private PacketBatch(
            MemorySegment memory, int roomAt, int capacity, int slotSize, int headroom) {
        this.memory = memory;
        this.roomAt = roomAt;
        this.slotSize = slotSize;
        this.headroom = headroom;
        this.capacity = capacity;
        this.slotStart = new int[capacity];
        this.slotEnd = new int[capacity];
        this.start = new int[capacity];
        this.length = new int[capacity];
        this.lane = new Lane[capacity];
        this.path = new Path[capacity];
        this.link = new int[capacity];
        this.trafficClass = new int[capacity];
        this.dontFragment = new boolean[capacity];
        this.hopLimit = new int[capacity];
        this.sequenceHigh = new int[capacity];
        clear();
    }

    /// A batch of up to 64 packets that lie anywhere in memory which somebody else fills, and are
    /// added by [#addAt] only; each is a slot of its own without room around it.
    public static PacketBatch over(MemorySegment memory) {
        return new PacketBatch(memory, NOWHERE, MOST, 0, 0);
    }

    /// The same, with slots for those packets that [#giveRoom] moves.
    ///
    /// @param roomAt where in `memory` the 64 slots begin
    /// @param slotSize octets a slot, headroom and tailroom included
    /// @param headroom octets in front of a packet that was moved
    public static PacketBatch over(MemorySegment memory, int roomAt, int slotSize, int headroom) {
        return new PacketBatch(memory, roomAt, MOST, slotSize, headroom);
    }

    /// Adds the packet that lies at `at`, in a batch made by [#over], and gives its index.
    ///
    /// @throws IllegalStateException if the batch is full
    public int addAt(int at, int octets) {
        if (at < 0 || octets < 0 || at + (long) octets > memory.byteSize()) {
            throw new IndexOutOfBoundsException(octets + " octets at " + at);
        }
        if (count < capacity) {
            slotStart[count] = at;
            slotEnd[count] = at + octets;
        }
        int i = add();
        start[i] = at;
        length[i] = octets;
        return i;
    }

    /// Moves packet `i` into a slot with room around it, if it was added by [#addAt], the batch has
    /// such slots and one can hold it; else it stays where it is.
    public void giveRoom(int i) {
        int slot = roomAt + i * slotSize;
        if (roomAt == NOWHERE || slotStart[i] == slot || length[i] > room()) {
            return;
        }
        MemorySegment.copy(memory, start[i], memory, (long) slot + headroom, length[i]);
        slotStart[i] = slot;
        slotEnd[i] = slot + slotSize;
        start[i] = slot + headroom;
    }

    /// Forgets all packets.
    public void clear() {
        count = 0;
        Arrays.fill(path, null);
    }

    /// Adds an empty packet behind the headroom and gives its index.
    ///
    /// @throws IllegalStateException if the batch is full
    public int add() {
        if (count == capacity) {
            throw new IllegalStateException("batch is full");
        }
        int i = count++;
        start[i] = slotStart[i] + headroom;
        length[i] = 0;
        lane[i] = Lane.DROPPED;
        path[i] = null;
        link[i] = 0;
        trafficClass[i] = 0;
        dontFragment[i] = false;
        hopLimit[i] = 0;
        sequenceHigh[i] = 0;
        return i;
    }

    /// Takes the packet added last back.
    public void removeLast() {
        count--;
    }

    public MemorySegment memory() {
        return memory;
    }

    public int count() {
        return count;
    }

    public int capacity() {
        return capacity;
    }

    public boolean isFull() {
        return count == capacity;
    }

    public int headroom() {
        return headroom;
    }

    /// Octets that fit behind the headroom of an empty slot.
    public int room() {
        return slotSize - headroom;
    }

    public int slotStart(int i) {
        return slotStart[i];
    }

    /// First octet after slot `i`.
    public int slotEnd(int i) {
        return slotEnd[i];
    }

    /// Offset of packet `i` in [#memory()].
    public int start(int i) {
        return start[i];
    }

    /// Octets of packet `i`.
    public int length(int i) {
        return length[i];
    }

    /// Moves packet `i` within its slot.
    public void place(int i, int newStart, int newLength) {
        if (newStart < slotStart(i) || newLength < 0 || newStart + newLength > slotEnd(i)) {
            throw new IndexOutOfBoundsException(
                    "packet " + i + " at " + newStart + " of " + newLength);
        }
        start[i] = newStart;
        length[i] = newLength;
    }

    public Lane lane(int i) {
        return lane[i];
    }

    public void lane(int i, Lane to) {
        lane[i] = to;
    }

    /// The outer path: where a received datagram came along, or where one is to be sent.
    public @Nullable Path path(int i) {
        return path[i];
    }

    public void path(int i, @Nullable Path outer) {
        path[i] = outer;
    }

    /// The number of the TUN (see `model.sa.LinkId`) that packet `i` was read from, or is to be
    /// written to.
    public int link(int i) {
        return link[i];
    }

    public void link(int i, int number) {
        link[i] = number;
    }

    /// DSCP and ECN of the outer header, 0..255.
    public int trafficClass(int i) {
        return trafficClass[i];
    }

    public void trafficClass(int i, int octet) {
        trafficClass[i] = octet;
    }

    /// Whether the outer IPv4 header carries DF.
    public boolean dontFragment(int i) {
        return dontFragment[i];
    }

    public void dontFragment(int i, boolean df) {
        dontFragment[i] = df;
    }

    /// TTL or hop limit of the outer header; 0: the host's own, or not known.
    public int hopLimit(int i) {
        return hopLimit[i];
    }

    public void hopLimit(int i, int hops) {
        hopLimit[i] = hops;
    }

    /// The high 32 bits of the extended sequence number of packet `i` (0 without ESN).
    public int sequenceHigh(int i) {
        return sequenceHigh[i];
    }

    public void sequenceHigh(int i, int high) {
        sequenceHigh[i] = high;
    }

    /// Copies octets into packet `i`, which becomes that long; it begins where it began.
    public void fill(int i, byte[] octets, int from, int octetCount) {
        place(i, start[i], octetCount);
        MemorySegment.copy(octets, from, memory, U8, start[i], octetCount);
    }

    /// A copy of packet `i`.
    public byte[] copy(int i) {
        byte[] octets = new byte[length[i]];
        MemorySegment.copy(memory, U8, start[i], octets, 0, octets.length);
        return octets;
    }
}

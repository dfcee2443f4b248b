package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of `struct iovec`: pieces of native memory that are read or written as one.
///
/// ```text
/// iovec (16):  0 base  8 length
/// ```
public final class IoVector {
    private static final int IOVEC = 16;

    private final MemorySegment memory;
    private final long address;
    private final int capacity;
    private int count;

    public IoVector(Arena arena, int capacity) {
        this.capacity = capacity;
        this.memory = arena.allocate((long) capacity * IOVEC, 8);
        this.address = memory.address();
    }

    public void clear() {
        count = 0;
    }

    /// Appends a piece.
    public void add(long base, int length) {
        if (count == capacity) {
            throw new IllegalStateException("more than " + capacity + " pieces");
        }
        memory.set(JAVA_LONG, (long) count * IOVEC, base);
        memory.set(JAVA_LONG, (long) count * IOVEC + 8, length);
        count++;
    }

    public int count() {
        return count;
    }

    /// Where the first piece's entry stands, for writev and its kin.
    public long address() {
        return address;
    }

    /// Address of the octets of piece `i`.
    public long base(int i) {
        return memory.get(JAVA_LONG, (long) i * IOVEC);
    }

    public int length(int i) {
        return (int) memory.get(JAVA_LONG, (long) i * IOVEC + 8);
    }
}

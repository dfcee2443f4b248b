package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An array of `struct mmsghdr`, each with one address, one piece of payload and room for control
/// messages, laid out once in native memory.
///
/// ```text
/// mmsghdr (64):  0 name  8 namelen  16 iov  24 iovlen  32 control  40 controllen  48 flags  56 len
/// iovec   (16):  0 base  8 length
/// cmsghdr (16):  0 length (header included)  8 level  12 type  16 data, padded to 8
/// ```
public final class MessageVector {
    private static final int MMSGHDR = 64;
    private static final int IOVEC = 16;
    private static final int NAME = 32;
    private static final int CONTROL = 128;
    private static final int CMSGHDR = 16;

    private final MemorySegment memory;
    private final int capacity;
    private final int iovecs;
    private final int names;
    private final int controls;
    private final long address;

    public MessageVector(Arena arena, int capacity) {
        this.capacity = capacity;
        this.iovecs = capacity * MMSGHDR;
        this.names = iovecs + capacity * IOVEC;
        this.controls = names + capacity * NAME;
        this.memory = arena.allocate(controls + (long) capacity * CONTROL, 64);
        this.address = memory.address();
        for (int i = 0; i < capacity; i++) {
            int header = i * MMSGHDR;
            memory.set(JAVA_LONG, header, address + name(i));
            memory.set(JAVA_LONG, header + 16, address + iovecs + (long) i * IOVEC);
            memory.set(JAVA_LONG, header + 24, 1);
            memory.set(JAVA_LONG, header + 32, address + control(i));
        }
    }

    public int capacity() {
        return capacity;
    }

    public MemorySegment memory() {
        return memory;
    }

    /// Where message `i` and those behind it begin, for sendmmsg and recvmmsg.
    public long address(int i) {
        return address + (long) i * MMSGHDR;
    }

    /// Offset of the socket address of message `i` in [#memory()]: 32 octets.
    public int name(int i) {
        return names + i * NAME;
    }

    private int control(int i) {
        return controls + i * CONTROL;
    }

    /// Makes message `i` ready to receive into `length` octets at `payload`.
    public void prepareReceive(int i, long payload, int length) {
        payload(i, payload, length);
        memory.set(JAVA_INT, i * MMSGHDR + 8, NAME);
        memory.set(JAVA_LONG, i * MMSGHDR + 40, CONTROL);
        memory.set(JAVA_INT, i * MMSGHDR + 48, 0);
    }

    /// Makes message `i` ready to be sent, still without control messages. The caller has written
    /// the socket address.
    public void prepareSend(int i, long payload, int length, int nameLength) {
        payload(i, payload, length);
        memory.set(JAVA_INT, i * MMSGHDR + 8, nameLength);
        memory.set(JAVA_LONG, i * MMSGHDR + 40, 0);
        memory.set(JAVA_INT, i * MMSGHDR + 48, 0);
    }

    private void payload(int i, long payload, int length) {
        memory.set(JAVA_LONG, iovecs + i * IOVEC, payload);
        memory.set(JAVA_LONG, iovecs + i * IOVEC + 8, length);
    }

    /// Appends a control message to message `i`.
    ///
    /// @return the offset in [#memory()] where its `length` octets of data go
    public int appendControl(int i, int level, int type, int length) {
        long used = memory.get(JAVA_LONG, i * MMSGHDR + 40);
        int at = control(i) + (int) used;
        memory.set(JAVA_LONG, at, CMSGHDR + length);
        memory.set(JAVA_INT, at + 8, level);
        memory.set(JAVA_INT, at + 12, type);
        memory.set(JAVA_LONG, i * MMSGHDR + 40, used + CMSGHDR + (length + 7 & ~7));
        return at + CMSGHDR;
    }

    /// Octets of payload that message `i` was received with.
    public int length(int i) {
        return memory.get(JAVA_INT, i * MMSGHDR + 56);
    }

    /// Flags of received message `i`, e.g. MSG_TRUNC.
    public int flags(int i) {
        return memory.get(JAVA_INT, i * MMSGHDR + 48);
    }

    /// Finds a control message of received message `i`.
    ///
    /// @param least octets of data it must have
    /// @return the offset of its data in [#memory()], or -1
    public int findControl(int i, int level, int type, int least) {
        int at = control(i);
        long end = at + memory.get(JAVA_LONG, i * MMSGHDR + 40);
        while (at + CMSGHDR <= end) {
            long length = memory.get(JAVA_LONG, at);
            if (length < CMSGHDR || at + length > end) {
                return -1;
            }
            if (memory.get(JAVA_INT, at + 8) == level
                    && memory.get(JAVA_INT, at + 12) == type
                    && length - CMSGHDR >= least) {
                return at + CMSGHDR;
            }
            at += (int) (length + 7 & ~7L);
        }
        return -1;
    }

    /// One octet of [#memory()], unsigned.
    public int octet(int at) {
        return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }
}

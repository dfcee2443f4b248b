package io.sallyport.base.ring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A bounded queue from many threads to one. A full mailbox refuses, it never blocks; the sender
/// counts the loss.
public final class Mailbox<T> {
    private final AtomicReferenceArray<@Nullable T> slots;
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong head = new AtomicLong();
    private final Runnable wake;

    /// @param capacity messages, a power of two
    /// @param wake called after each message put, on the sender's thread: wakes the receiver
    public Mailbox(int capacity, Runnable wake) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is no power of two");
        }
        this.slots = new AtomicReferenceArray<>(capacity);
        this.wake = wake;
    }

    /// Puts `message`, from any thread; false if there is no room.
    public boolean offer(T message) {
        long at;
        do {
            at = tail.get();
            if (at - head.get() >= slots.length()) {
                return false;
            }
        } while (!tail.compareAndSet(at, at + 1));
        slots.set((int) at & slots.length() - 1, message);
        wake.run();
        return true;
    }

    /// Whether [#offer] would refuse now; another sender may change that. Any thread.
    public boolean isFull() {
        return tail.get() - head.get() >= slots.length();
    }

    /// Whether nothing was put that was not taken; a sender may change that. Any thread.
    public boolean isEmpty() {
        return tail.get() == head.get();
    }

    /// Takes the oldest message, on the receiver's thread only; null if there is none.
    public @Nullable T poll() {
        long at = head.get();
        int slot = (int) at & slots.length() - 1;
        T message = slots.get(slot);
        if (message != null) {
            slots.set(slot, null);
            head.set(at + 1);
        }
        return message;
    }
}

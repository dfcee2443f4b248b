package io.sallyport.base.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A number that one thread adds to and any thread reads.
public final class Counter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long value;

    /// Only the owning thread.
    public void add(long amount) {
        VALUE.setOpaque(this, value + amount);
    }

    public void increment() {
        add(1);
    }

    /// Only the owning thread: for gauges such as "last seen".
    public void set(long newValue) {
        VALUE.setOpaque(this, newValue);
    }

    public long get() {
        return (long) VALUE.getOpaque(this);
    }
}

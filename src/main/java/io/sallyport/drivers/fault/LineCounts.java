package io.sallyport.drivers.fault;

import io.sallyport.base.telemetry.Counter;

/// What bad lines did: one thread counts, any thread reads.
public final class LineCounts {
    private final Counter entered = new Counter();
    private final Counter lost = new Counter();
    private final Counter doubled = new Counter();
    private final Counter reordered = new Counter();

    void enter() {
        entered.increment();
    }

    void lose() {
        lost.increment();
    }

    void twice() {
        doubled.increment();
    }

    void hold() {
        reordered.increment();
    }

    public long entered() {
        return entered.get();
    }

    public long lost() {
        return lost.get();
    }

    public long doubled() {
        return doubled.get();
    }

    public long reordered() {
        return reordered.get();
    }
}

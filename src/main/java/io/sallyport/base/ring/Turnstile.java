package io.sallyport.base.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/// Lets one thread at a time through, for a few instructions. Where there is one thread only,
/// nobody is asked.
public final class Turnstile {
    /// Looks before the processor is left to others: whoever is inside may have none.
    private static final int SPINS = 100;

    private static final long PAUSE_NANOS = 1_000;

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Turnstile.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final boolean alone;
    private volatile boolean inside;

    /// @param threads that pass
    public Turnstile(int threads) {
        alone = threads == 1;
    }

    /// Must be followed by [#leave].
    public void enter() {
        int looks = 0;
        while (!alone && !INSIDE.compareAndSet(this, false, true)) {
            if (++looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    public void leave() {
        inside = false;
    }
}

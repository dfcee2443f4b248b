package io.sallyport.ipsec.sad;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Lets one worker at a time take numbers: of all SAs that its burst needs, which is a few
/// instructions for each. With one worker nobody is asked.
public final class NumberingOrder {
    /// Looks before the processor is offered to others: whoever is inside may have none.
    private static final int SPINS = 100;

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE =
                    MethodHandles.lookup()
                            .findVarHandle(NumberingOrder.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final boolean alone;
    private volatile boolean inside;

    /// @param workers that take numbers
    public NumberingOrder(int workers) {
        alone = workers == 1;
    }

    /// Must be followed by [#leave].
    public void enter() {
        int looks = 0;
        while (!alone && !INSIDE.compareAndSet(this, false, true)) {
            if (++looks < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    public void leave() {
        inside = false;
    }
}

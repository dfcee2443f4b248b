package io.sallyport.daemon;

import io.sallyport.ffi.linux.Sched;

/// Who gets the processor when there is not enough of it: IKE, timers and control before packets.
/// They use little, but a packet road under full load leaves none over, and who then waits for a
/// turn at each wakeup needs a quarter of a second for a handshake.
///
/// Linux gives each thread a nice value of its own, which it takes from the thread that makes it.
/// So the first thread goes ahead, every later one follows (the carriers of virtual threads too),
/// and the road steps back to where it was. Without CAP_SYS_NICE all stay equal.
final class Precedence {
    private static final int AHEAD = -10;
    private static final int ROAD = 0;

    private Precedence() {}

    /// The calling thread, and those it will make, go before the road or beside it.
    static void ahead(boolean ahead) {
        Sched.nice(ahead ? AHEAD : ROAD);
    }

    /// `road` as it runs behind those who went ahead.
    static Runnable behind(Runnable road) {
        return () -> {
            ahead(false);
            road.run();
        };
    }
}

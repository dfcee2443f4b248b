package io.sallyport.ipsec.sad;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The SAs on which so many packets a second are to leave, whether there is traffic or not (RFC
/// 4303, 2.6: dummy packets "mask the absence of actual traffic"). The IKE loop adds and removes,
/// the outbound workers ask what is due.
public final class PacedSas {
    private static final long SECOND = 1_000_000_000L;
    private static final One[] NONE = {};

    private volatile One[] all = NONE;

    /// One of them.
    public static final class One {
        private static final VarHandle LAST;

        static {
            try {
                LAST = MethodHandles.lookup().findVarHandle(One.class, "last", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final OutboundSa sa;
        private final int link;
        private final long gap;

        /// When the last dummy packet left, or the SA came in here.
        private volatile long last = Long.MIN_VALUE;

        private One(OutboundSa sa, int link) {
            this.sa = sa;
            this.link = link;
            this.gap = SECOND / sa.outerHeader().tfcRate();
        }

        public OutboundSa sa() {
            return sa;
        }

        /// The TUN whose packets take the SA.
        public int link() {
            return link;
        }

        /// Whether a dummy packet is due now. Who hears yes must send it: of several workers one
        /// does.
        public boolean claim(long now) {
            long was = last;
            if (was == Long.MIN_VALUE) {
                LAST.compareAndSet(this, was, now); // it came a moment ago
                return false;
            }
            return due(was) <= now && LAST.compareAndSet(this, was, now);
        }

        private long due(long was) {
            return Math.max(was, sa.meters().lastNanos()) + gap;
        }
    }

    /// Whether its configuration asks for dummy packets. AH has none: it hides nothing.
    public static boolean isFor(OutboundSa sa) {
        return sa.outerHeader().tfcRate() > 0 && !sa.isAh();
    }

    /// The IKE loop only.
    public void add(OutboundSa sa, int link) {
        One[] were = all;
        if (isFor(sa) && Arrays.stream(were).noneMatch(one -> one.sa == sa)) {
            One[] now = Arrays.copyOf(were, were.length + 1);
            now[were.length] = new One(sa, link);
            all = now;
        }
    }

    /// The IKE loop only.
    public void remove(OutboundSa sa) {
        if (isFor(sa)) {
            all = Arrays.stream(all).filter(one -> one.sa != sa).toArray(One[]::new);
        }
    }

    /// All of them. Nobody may write to it.
    public One[] all() {
        return all;
    }

    /// Nanoseconds until a dummy packet is due, at most `most`; 0: now.
    public long dueIn(long now, long most) {
        long next = most;
        for (One one : all) {
            long was = one.last;
            next = Math.min(next, was == Long.MIN_VALUE ? 0 : one.due(was) - now);
        }
        return Math.max(0, next);
    }
}

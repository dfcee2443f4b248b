package io.sallyport.drivers.fault;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// A line that loses, doubles and reorders what passes. Time plays no part: what is held back comes
/// when enough others have passed, so a run can be repeated to the packet. One thread.
public final class FaultyLink<T> {
    private static final class Held<T> {
        final T cargo;
        int passes;

        Held(T cargo, int passes) {
            this.cargo = cargo;
            this.passes = passes;
        }
    }

    private final Faults faults;
    // Neighbouring seeds give unlike lines, which java.util.Random does not do at first.
    private final SplittableRandom random;
    private final List<Held<T>> held = new ArrayList<>();
    private final LineCounts counts;

    public FaultyLink(Faults faults) {
        this(faults, new LineCounts());
    }

    /// @param counts shared with other lines of the same thread
    FaultyLink(Faults faults, LineCounts counts) {
        this.faults = faults;
        this.random = new SplittableRandom(faults.seed());
        this.counts = counts;
    }

    /// One packet enters; none, one or several leave. What leaves twice is the same object.
    public void pass(T cargo, Consumer<? super T> out) {
        // All chances are drawn for every packet: a change of one number does not change the
        // others' luck.
        boolean lose = chance(faults.lossPercent());
        boolean twice = chance(faults.doublePercent());
        boolean hold = chance(faults.reorderPercent());
        int passes = 1 + random.nextInt(faults.holdMost());
        counts.enter();
        release(out);
        if (lose) {
            counts.lose();
            return;
        }
        if (hold) {
            counts.hold();
            held.add(new Held<>(cargo, passes));
        } else {
            out.accept(cargo);
        }
        if (twice) {
            counts.twice();
            out.accept(cargo);
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private void release(Consumer<? super T> out) {
        for (Iterator<Held<T>> all = held.iterator(); all.hasNext(); ) {
            Held<T> one = all.next();
            if (one.passes == 0) {
                all.remove();
                out.accept(one.cargo);
            } else {
                one.passes--;
            }
        }
    }

    /// Lets go of all that is held back.
    public void drain(Consumer<? super T> out) {
        held.forEach(one -> out.accept(one.cargo));
        held.clear();
    }

    public LineCounts counts() {
        return counts;
    }
}

package io.sallyport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.ffi.linux.Sched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class PrecedenceTest {
    /// Field 19 of proc(5), counted from the third, which follows the name in parentheses.
    private static final int NICE = 19 - 3;

    @Test
    void whoIsMadeLaterFollowsAndTheRoadStaysBehind() throws Exception {
        FutureTask<int[]> first =
                new FutureTask<>(() -> {
                    if (Sched.nice(-1) != 0) {
                        return new int[0];
                    }
                    Precedence.ahead(true);
                    FutureTask<Integer> follower = new FutureTask<>(PrecedenceTest::nice);
                    Thread.ofPlatform().start(follower);
                    int[] road = new int[1];
                    Thread packets = new Thread(Precedence.behind(() -> road[0] = nice()));
                    packets.start();
                    packets.join();
                    return new int[] {nice(), follower.get(), road[0]};
                });
        Thread.ofPlatform().start(first);
        int[] found = first.get();
        assumeTrue(found.length > 0, "needs CAP_SYS_NICE");
        assertEquals(-10, found[0]);
        assertEquals(-10, found[1]);
        assertEquals(0, found[2]);
    }

    /// The calling thread's own.
    private static int nice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sallyport.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.DemoRequest;
import io.sallyport.control.local.Trouble;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The demonstration itself: exit code 0 means that all of its claims held (S3-53 among them).
@Tag("lab")
class DemoLabTest {
    @Test
    void allOfItHoldsWithinAMinute() throws Trouble {
        long begin = System.nanoTime();
        assertEquals(0, new Demo(new DemoRequest(5, false, false, false)).run());
        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(60).toNanos());
    }
}

package io.sallyport.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.control.local.DemoRequest;
import io.sallyport.control.local.Trouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The demonstration itself: exit code 0 means that all of its claims held (S3-53 among them).
@Tag("lab")
class DemoLabTest {
    @Test
    @Timeout(180)
    void allOfItHolds() throws Trouble {
        assertEquals(0, new Demo(new DemoRequest(5, false, false, false)).run());
    }
}

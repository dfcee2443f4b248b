package io.sallyport.drivers.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.TwoHosts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class NetworkNamespaceLabTest {
    private static final String CURRENT = "/proc/thread-self/ns/net";

    @BeforeEach
    void needsRoot() {
        TwoHosts.requireRoot();
    }

    private static String inode() throws IOException {
        return Files.readSymbolicLink(Path.of(CURRENT)).toString();
    }

    @Test
    void aChildProcessLandsInTheNamespaceOfTheThreadThatStartsIt() throws Exception {
        try (NetworkNamespace host = NetworkNamespace.create("drivers-child")) {
            String theirs = host.call(NetworkNamespaceLabTest::inode);
            assertNotEquals(inode(), theirs);
            Process child =
                    host.start(
                            new ProcessBuilder("readlink", "/proc/self/ns/net")
                                    .redirectErrorStream(true));
            String seen =
                    new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals(0, child.waitFor());
            assertEquals(theirs, seen.strip());
            assertNotEquals(theirs, inode(), "the calling thread stays where it was");
        }
    }

    @Test
    void aNewNamespaceHasNothingButItsLoopback() throws IOException {
        try (NetworkNamespace host = NetworkNamespace.create("drivers-empty")) {
            host.call(() -> {
                try (LinuxNetwork network = LinuxNetwork.open()) {
                    assertFalse(network.links().find("lo").orElseThrow().up());
                    assertTrue(network.addresses().list().isEmpty());
                    assertTrue(network.routes().list(false).isEmpty());
                }
                return null;
            });
        }
    }

    @Test
    void whatFailsThereFailsHere() throws IOException {
        try (NetworkNamespace host = NetworkNamespace.create("drivers-fail")) {
            assertThrows(
                    FileNotFoundException.class,
                    () ->
                            host.call(() -> {
                                throw new FileNotFoundException("gone");
                            }));
            assertThrows(
                    IllegalStateException.class,
                    () ->
                            host.call(() -> {
                                throw new IllegalStateException("bug");
                            }));
            assertEquals(7, host.call(() -> host.call(() -> 7)));
        }
    }

    @Test
    void aClosedNamespaceTakesNoMoreWorkAndItsThreadEnds() throws IOException {
        NetworkNamespace host = NetworkNamespace.create("drivers-closed");
        Thread thread = host.call(Thread::currentThread);
        host.close();
        assertFalse(thread.isAlive());
        assertThrows(IllegalStateException.class, () -> host.call(() -> 1));
        host.close();
    }

    @Test
    void aNamedNamespaceThatIsNotThereIsToldHowToFindThem() {
        LinuxException e =
                assertThrows(
                        LinuxException.class,
                        () -> NetworkNamespace.enter("drivers-no-such").close());
        assertTrue(e.is(Errno.ENOENT));
        assertEquals(
                "open /run/netns/drivers-no-such: ENOENT (No such file or directory). `ip netns list`"
                        + " shows the names there are",
                e.getMessage());
    }
}

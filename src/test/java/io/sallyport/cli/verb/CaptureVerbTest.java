package io.sallyport.cli.verb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `capture` over a control socket.
class CaptureVerbTest extends AskedDaemon {
    private final byte[] some = {0, 1, (byte) 0xfe, (byte) 0xff, '\n', '"'};

    @BeforeEach
    void packetsCome() {
        operator.pieces.add(new CapturePiece.Blocks(Octets.of(some)));
        operator.pieces.add(new CapturePiece.Key("uat:esp_sa:\"IPv4\""));
        operator.pieces.add(new CapturePiece.Blocks(Octets.of(some)));
    }

    private int run(String... options) throws Trouble {
        return run(new CaptureVerb(), options);
    }

    @Test
    void octetsArriveAsTheyWereAndOnlyTheirOwnerReadsThem() throws Exception {
        Path file = folder.resolve("f.pcapng");
        Path keys = folder.resolve("f.keys");
        assertEquals(0, run("-n", "3", "-t", "5", "--keys", keys.toString(), file.toString()));
        assertEquals(
                "capture " + new CaptureRequest(true, true, 3, 5, true), operator.asked.getFirst());
        byte[] twice = Octets.concat(Octets.of(some), Octets.of(some)).toArray();
        assertArrayEquals(twice, Files.readAllBytes(file));
        assertEquals("uat:esp_sa:\"IPv4\"\n", Files.readString(keys));
        for (Path each : new Path[] {file, keys}) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        }
        assertTrue(console.err().contains("3 packets, 0 dropped"), console.err());
    }

    @Test
    void whoDidNotAskForKeysIsGivenNone() throws Exception {
        assertEquals(0, run("--inner", "-n", "3", folder.resolve("f").toString()));
        assertEquals(
                "capture " + new CaptureRequest(true, false, 3, 0, false),
                operator.asked.getFirst());
        try (var files = Files.list(folder)) {
            assertEquals(1, files.filter(f -> f.getFileName().toString().startsWith("f")).count());
        }
    }

    @Test
    void aFileThatIsThereIsNotTouched() throws IOException {
        Path file = folder.resolve("mine");
        Files.writeString(file, "mine");
        Trouble trouble = assertThrows(Trouble.class, () -> run("-n", "1", file.toString()));
        assertEquals(Exit.CANNOT_CREATE, trouble.exit());
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void aTerminalIsNoPlaceForOctetsAndOneFileIsEnough() {
        console.terminal = true;
        assertThrows(Trouble.class, () -> run("-n", "1"));
        assertThrows(Trouble.class, () -> run("-n", "1", "a", "b"));
        assertTrue(operator.asked.isEmpty());
    }

    @Test
    void aReaderThatGoesAwayEndsTheCapture() throws Exception {
        try (ControlClient client = ControlClient.connect(socket)) {
            assertTrue(
                    client.capture(new CaptureRequest(true, true, 0, 0, false), _ -> false)
                            .isEmpty());
            assertEquals(1, operator.followers.get());
        }
        Await.until("the capture is closed", () -> operator.followers.get() == 0);
    }

    @Test
    void aServerThatEndsEndsTheCapture() throws Exception {
        Thread reader =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                run(folder.resolve("f").toString());
                            } catch (Trouble _) {
                                // it was cut
                            }
                        });
        Await.until("it runs", () -> operator.followers.get() == 1);
        server.close();
        reader.join();
        Await.until("the capture is closed", () -> operator.followers.get() == 0);
        assertFalse(reader.isAlive());
    }
}

package io.sallyport.control.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.testkit.Views;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a daemon sends, the asking end says a sentence and never an exception's name.
class StrangeDaemonTest {
    @TempDir Path folder;

    private ServerSocketChannel daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        daemon.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    private Trouble asked(String answer) {
        return asked(answer.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10));
    }

    private Trouble asked(byte[] answer, Duration patience) {
        return assertThrows(
                Trouble.class,
                () -> {
                    try (ControlClient client =
                                    ControlClient.connect(folder.resolve("s"), patience);
                            SocketChannel caller = daemon.accept()) {
                        caller.write(ByteBuffer.wrap(answer));
                        if (answer.length > 0) {
                            caller.shutdownOutput();
                        }
                        client.status();
                    }
                });
    }

    @Test
    void anAnswerOfAnotherShapeIsSaidSo() {
        for (String answer :
                new String[] {
                    "{\"answer\":null}\n",
                    "{\"answer\":7}\n",
                    "{\"answer\":{}}\n",
                    "{\"answer\":{\"tunnels\":[{\"state\":3}]}}\n",
                    "{\"line\":\"x\"}\n",
                    "{\"error\":{}}\n",
                    "{}\n",
                    "HTTP/1.1 400 Bad Request\n",
                    "\n"
                }) {
            Trouble trouble = asked(answer);
            assertEquals(Exit.PROTOCOL, trouble.exit(), answer + trouble.what());
            assertTrue(
                    trouble.what().contains("sent what this program does not understand"),
                    trouble.what());
        }
    }

    @Test
    void aStateThatThisProgramDoesNotKnowIsNamed() {
        String status = Json.line(Views.status()).replace("\"UP\"", "\"FLYING\"");
        Trouble trouble = asked("{\"answer\":" + status + "}\n");
        assertTrue(
                trouble.what()
                        .endsWith("no StatusView: 'tunnels.state.name' is missing or unknown"),
                trouble.what());
    }

    @Test
    void anErrorIsPassedOn() {
        Trouble trouble = asked("{\"error\":\"unknown verb 'status'\"}\n");
        assertEquals(Exit.PROTOCOL, trouble.exit());
        assertTrue(trouble.what().endsWith("did not understand: unknown verb 'status'"));
    }

    @Test
    void aDaemonThatSaysNothingIsNotWaitedForForever() {
        Trouble trouble = asked(new byte[0], Duration.ofMillis(50));
        assertEquals(Exit.UNAVAILABLE, trouble.exit());
        assertTrue(
                trouble.what().startsWith("the daemon on " + folder.resolve("s") + " did not"),
                trouble.what());
    }

    @Test
    void mutatedAnswersAreTroubleOrAStatus() throws Exception {
        String good = "{\"answer\":" + Json.line(Views.status()) + "}";
        Random random = new Random(7);
        int statuses = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] octets = good.getBytes(StandardCharsets.UTF_8);
            for (int k = 1 + random.nextInt(3); k > 0; k--) {
                octets[random.nextInt(octets.length)] = (byte) (32 + random.nextInt(96));
            }
            try (ControlClient client = ControlClient.connect(folder.resolve("s"));
                    SocketChannel caller = daemon.accept()) {
                caller.write(ByteBuffer.wrap(octets));
                caller.write(ByteBuffer.wrap(new byte[] {'\n'}));
                caller.shutdownOutput();
                client.status();
                statuses++;
            } catch (Trouble _) {
                // the only thing it may throw
            }
        }
        assertTrue(statuses > 100 && statuses < 1900, "statuses: " + statuses);
    }
}

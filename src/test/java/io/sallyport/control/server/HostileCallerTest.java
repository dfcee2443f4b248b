package io.sallyport.control.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.protocol.LineChannel;
import io.sallyport.testkit.MemoryOperator;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever arrives, the answer is an error and the server goes on.
class HostileCallerTest {
    private static final String[] GOOD = {
        "{\"verb\":\"version\"}",
        "{\"verb\":\"status\",\"arguments\":{}}",
        "{\"verb\":\"log\",\"arguments\":{\"lines\":5}}",
        "{\"verb\":\"up\",\"arguments\":{\"connections\":[\"a\",\"b\"]}}",
        "{\"verb\":\"rekey\",\"arguments\":{\"connection\":\"a\",\"child\":\"\"}}",
        "{\"verb\":\"load\",\"arguments\":{\"files\":[\"/a\"],\"vpcs\":[\"10.0.0.0/8\"],"
                + "\"local\":\"::1\",\"behindNat\":true}}",
    };

    @TempDir Path folder;

    private ControlServer server;
    private SocketChannel caller;
    private LineChannel lines;

    @BeforeEach
    void start() throws Exception {
        Path socket = folder.resolve("s");
        server = ControlServer.start(socket, new MemoryOperator());
        call();
    }

    private void call() throws IOException {
        caller = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")));
        lines = new LineChannel(caller, LineChannel.REPLY_LIMIT);
    }

    @AfterEach
    void stop() throws IOException {
        caller.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello | the message is no JSON object",
                "[1] | the message is no JSON object",
                "null | the message is no JSON object",
                "{} | the message has no text 'verb'",
                "{\"verb\":7} | the message has no text 'verb'",
                "{\"verb\":\"dance\"} | unknown verb 'dance'",
                "{\"verb\":\"STATUS\"} | unknown verb 'STATUS'",
                "{\"verb\":\"status\"} {} | the message is no JSON object",
                "{\"verb\":\"status\",\"arguments\":[]} | 'arguments' is no object",
                "{\"verb\":\"up\",\"arguments\":{\"connections\":\"a\"}} | 'connections' is no list",
                "{\"verb\":\"up\",\"arguments\":{\"connections\":[1]}}"
                        + " | 'connections' holds something that is no text",
                "{\"verb\":\"log\",\"arguments\":{\"lines\":-1}}"
                        + " | 'lines' is no number from 0 to 100000",
                "{\"verb\":\"log\",\"arguments\":{\"lines\":1.5}}"
                        + " | 'lines' is no number from 0 to 100000",
                "{\"verb\":\"follow\",\"arguments\":{\"lines\":1e99}}"
                        + " | 'lines' is no number from 0 to 100000",
                "{\"verb\":\"load\",\"arguments\":{\"files\":[\"a\"]}}"
                        + " | 'files' holds something that is no absolute path",
                "{\"verb\":\"load\",\"arguments\":{\"files\":[\"/a\\u0000\"]}}"
                        + " | 'files' holds something that is no absolute path",
                "{\"verb\":\"load\",\"arguments\":{\"vpcs\":[\"10.0.0.1/8\"]}}"
                        + " | 'vpcs' holds no prefix: 10.0.0.1/8",
                "{\"verb\":\"load\",\"arguments\":{\"local\":\"here\"}} | 'local' is no address",
                "{\"verb\":\"load\",\"arguments\":{\"behindNat\":1}}"
                        + " | 'behindNat' is neither true nor false",
            })
    void aBadMessageIsAnsweredAndTheNextIsRead(String message, String error) throws Exception {
        send(message);
        assertEquals(error, answer().get("error").getAsString());
        send("{\"verb\":\"version\"}");
        assertEquals(
                MemoryOperator.NOBODY, answer().getAsJsonObject("answer").get("pid").getAsLong());
    }

    private void send(String message) throws IOException {
        send((message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void send(byte[] octets) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(octets);
        while (out.hasRemaining()) {
            caller.write(out);
        }
    }

    private JsonObject answer() throws Exception {
        return JsonParser.parseString(lines.read().orElseThrow()).getAsJsonObject();
    }

    @Test
    void deepNestingIsNoJson() throws Exception {
        send("{\"verb\":" + "[".repeat(30_000));
        assertEquals("the message is no JSON object", answer().get("error").getAsString());
    }

    @Test
    void octetsThatAreNoTextAreAnswered() throws Exception {
        send(new byte[] {'{', (byte) 0xc3, '\n'});
        assertEquals("the message is no UTF-8", answer().get("error").getAsString());
    }

    @Test
    void aLineWithoutEndIsAnsweredAndTheSessionEnds() throws Exception {
        send("x".repeat(LineChannel.REQUEST_LIMIT + 1).getBytes(StandardCharsets.US_ASCII));
        assertEquals(
                "the message is longer than 65536 octets", answer().get("error").getAsString());
        assertEquals(Optional.empty(), lines.read());
    }

    @Test
    void twentyThousandMutatedLinesGetAnAnswerEach() throws Exception {
        Random random = new Random(20261120);
        int errors = 0;
        for (int round = 0; round < 200; round++) {
            StringBuilder burst = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                burst.append(mutated(random)).append('\n');
            }
            send(burst.toString().getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 100; i++) {
                JsonObject answer = answer();
                assertTrue(answer.has("error") ^ answer.has("answer"), answer.toString());
                errors += answer.has("error") ? 1 : 0;
            }
        }
        assertTrue(errors > 10_000 && errors < 20_000, "errors: " + errors);
        try (ControlClient other = ControlClient.connect(folder.resolve("s"))) {
            assertEquals(MemoryOperator.NOBODY, other.version().pid());
        }
    }

    private static String mutated(Random random) {
        StringBuilder line = new StringBuilder(GOOD[random.nextInt(GOOD.length)]);
        for (int k = random.nextInt(4); k > 0; k--) {
            int at = random.nextInt(line.length());
            switch (random.nextInt(4)) {
                case 0 -> line.setCharAt(at, (char) random.nextInt(256));
                case 1 -> line.insert(at, "{}[]\",:0\\e-".charAt(random.nextInt(11)));
                case 2 -> line.deleteCharAt(at);
                default -> line.append(line.charAt(at));
            }
            if (line.isEmpty()) {
                line.append(' ');
            }
        }
        return line.toString().replace('\n', ' ');
    }

    @Test
    void aCallerThatBreaksOffInALineHarmsNobody() throws Exception {
        send("{\"verb\":".getBytes(StandardCharsets.US_ASCII));
        caller.close();
        call();
        send("{\"verb\":\"version\"}");
        assertTrue(answer().has("answer"));
    }
}

package io.sallyport.daemon.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciException;
import io.sallyport.control.vici.ViciPacket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A conversation that was recorded with charon, held with us: the same answers octet for octet,
/// but for those that are listed here with the reason.
@Timeout(60)
final class DialogueTest {
    @TempDir Path folder;

    /// The beginning of the remark over a request, and why our answer is another.
    private static final Map<String, String> OTHERWISE =
            Map.of(
                    "version", "we say who we are",
                    "stats", "other threads, other memory",
                    "load-conn {\"x\": {\"version\": \"9\"}}", "charon takes any number for IKEv2",
                    "load-conn", "we say more of what is wrong",
                    "get-conns", "see load-conn",
                    "unload-conn {\"name\": \"x\"}", "see load-conn",
                    "load-token {\"handle\"", "we say what the token said");

    private record Turn(String remark, Octets request, List<Octets> answers) {}

    private static List<Turn> recorded() throws IOException {
        List<Turn> turns = new ArrayList<>();
        try (InputStream in = ViciCommand.class.getResourceAsStream("charon-5.9.8-dialogue.hex")) {
            assertTrue(in != null);
            String remark = "";
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
                switch (line.charAt(0)) {
                    case '#' -> remark = line.substring(2);
                    case '>' ->
                            turns.add(
                                    new Turn(
                                            remark,
                                            Octets.hex(line.substring(2)),
                                            new ArrayList<>()));
                    default -> turns.getLast().answers().add(Octets.hex(line.substring(2)));
                }
            }
        }
        return turns;
    }

    @Test
    void weAnswerAsCharonDid() throws IOException, ViciException {
        int same = 0;
        try (MemoryGateway gateway = new MemoryGateway(folder, "192.168.77.1", 1)) {
            for (Turn turn : recorded()) {
                if (turn.remark().startsWith("get-algorithms")) {
                    continue; // proves every algorithm, which takes long
                }
                List<Octets> ours = answers(gateway, turn.request());
                boolean otherwise = OTHERWISE.keySet().stream().anyMatch(turn.remark()::startsWith);
                if (otherwise) {
                    continue;
                }
                assertEquals(
                        turn.answers().stream().map(DialogueTest::text).toList(),
                        ours.stream().map(DialogueTest::text).toList(),
                        turn.remark());
                assertEquals(turn.answers(), ours, turn.remark());
                same++;
            }
        }
        assertTrue(same > 60, "only " + same + " answers were the same");
    }

    /// Seeded: whatever a client asks is answered, and nothing escapes.
    @Test
    void anythingThatIsAskedIsAnswered() throws IOException {
        Random random = new Random(20261121);
        List<Turn> turns = recorded();
        int asked = 0;
        try (MemoryGateway gateway = new MemoryGateway(folder, "192.168.77.1", 1)) {
            for (int round = 0; round < 3000; round++) {
                byte[] octets = turns.get(random.nextInt(turns.size())).request().toArray();
                int name = octets[1] & 0xff;
                for (int i = random.nextInt(3); i >= 0 && octets.length > name + 2; i--) {
                    int at = name + 2 + random.nextInt(octets.length - name - 2);
                    octets[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : '0');
                }
                asked += isAnswered(gateway, Octets.of(octets)) ? 1 : 0;
            }
        }
        assertTrue(asked > 1000, "only " + asked + " were vici");
    }

    private static boolean isAnswered(MemoryGateway gateway, Octets request) {
        try {
            if (ViciPacket.parse(request) instanceof ViciPacket.Request(var name, var message)) {
                Optional<ViciCommand> command =
                        ViciCommand.of(name).filter(c -> c != ViciCommand.GET_ALGORITHMS);
                command.ifPresent(c ->
                        assertNotNull(gateway.desk.answer(c, message, new MemoryGateway.Client())));
                return command.isPresent();
            }
        } catch (ViciException _) {
            // the session ends there
        }
        return false;
    }

    private static List<Octets> answers(MemoryGateway gateway, Octets request)
            throws ViciException {
        if (!(ViciPacket.parse(request) instanceof ViciPacket.Request(var name, var message))) {
            throw new AssertionError("not a request: " + request);
        }
        Optional<ViciCommand> command = ViciCommand.of(name);
        if (command.isEmpty()) {
            // what the recording asks next is an event of no such name
            return List.of(
                    new ViciPacket.UnknownCommand().emit(), new ViciPacket.UnknownEvent().emit());
        }
        MemoryGateway.Client client = new MemoryGateway.Client();
        ViciPacket answer =
                new ViciPacket.Response(gateway.desk.answer(command.get(), message, client));
        List<Octets> all = new ArrayList<>();
        client.told.forEach(told ->
                all.add(new ViciPacket.Event(told.event().toString(), told.message()).emit()));
        all.add(answer.emit());
        return all;
    }

    /// What a person can read of a packet.
    private static String text(Octets packet) {
        return new String(packet.toArray(), StandardCharsets.ISO_8859_1)
                .replaceAll("[^\\x20-\\x7e]+", " ");
    }
}

package io.sallyport.daemon.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands and events of charon 5.9.8, each of them ours, and the page `docs/vici.md` that
/// says so: what it calls refused is refused, and nothing else is.
@Timeout(60)
final class CommandTableTest {
    private static final List<String> COMMANDS =
            List.of(
                    "version",
                    "stats",
                    "reload-settings",
                    "initiate",
                    "terminate",
                    "rekey",
                    "redirect",
                    "install",
                    "uninstall",
                    "list-sas",
                    "list-policies",
                    "list-conns",
                    "get-conns",
                    "list-certs",
                    "list-authorities",
                    "get-authorities",
                    "load-conn",
                    "unload-conn",
                    "load-cert",
                    "load-key",
                    "unload-key",
                    "get-keys",
                    "load-token",
                    "load-shared",
                    "unload-shared",
                    "get-shared",
                    "flush-certs",
                    "clear-creds",
                    "load-authority",
                    "unload-authority",
                    "load-pool",
                    "unload-pool",
                    "get-pools",
                    "get-algorithms",
                    "get-counters",
                    "reset-counters");

    private static final List<String> EVENTS =
            List.of(
                    "log",
                    "control-log",
                    "list-sa",
                    "list-policy",
                    "list-conn",
                    "list-cert",
                    "list-authority",
                    "ike-updown",
                    "ike-rekey",
                    "ike-update",
                    "child-updown",
                    "child-rekey",
                    "alert");

    /// In the words of our answer, why a command is refused whatever is asked.
    private static final String REFUSAL = "in this release";

    @TempDir Path folder;

    @Test
    void all36CommandsAnd13EventsAreThere() {
        assertEquals(36, COMMANDS.size());
        assertEquals(13, EVENTS.size());
        assertEquals(COMMANDS, names(ViciCommand.values()));
        assertEquals(EVENTS, names(ViciEvent.values()));
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::toString).toList();
    }

    /// Commands by the rows of the page's table, each with its row.
    private static Map<ViciCommand, String> rows() throws IOException {
        Map<ViciCommand, String> rows = new EnumMap<>(ViciCommand.class);
        for (String line : Files.readAllLines(Path.of("docs/vici.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| command")) {
                continue;
            }
            for (String word : line.substring(2).split(" \\|")[0].split(", ")) {
                ViciCommand command =
                        ViciCommand.of(word)
                                .orElseThrow(() -> new AssertionError("no command: " + word));
                assertTrue(rows.put(command, line) == null, word + " stands in two rows");
            }
        }
        return rows;
    }

    @Test
    void thePageHasEveryCommandOnceAndEveryEvent() throws IOException {
        assertEquals(new TreeSet<>(List.of(ViciCommand.values())), new TreeSet<>(rows().keySet()));
        String page = Files.readString(Path.of("docs/vici.md"));
        String events = page.substring(page.indexOf("Events:"), page.indexOf("## How"));
        EVENTS.forEach(event -> assertTrue(events.contains(event), event + " is not on the page"));
    }

    /// A request that charon would take, or find nothing for.
    private static ViciMessage request(ViciCommand command) {
        ViciMessage.Builder to = ViciMessage.with();
        switch (command) {
            case LOAD_KEY -> to.put("type", "any").put("data", "x");
            case LOAD_TOKEN -> to.put("handle", "01").put("pin", "1");
            case UNLOAD_KEY, UNLOAD_SHARED -> to.put("id", "01");
            case REDIRECT -> to.put("ike", "net").put("gateway", "192.0.2.1");
            default -> {}
        }
        return to.done();
    }

    @Test
    void whatThePageCallsRefusedIsAndNothingElse() throws IOException {
        try (MemoryGateway gateway = new MemoryGateway(folder, "192.168.77.1", 1)) {
            for (Map.Entry<ViciCommand, String> row : rows().entrySet()) {
                if (row.getKey() == ViciCommand.GET_ALGORITHMS) {
                    continue; // proves every algorithm, which takes long
                }
                ViciMessage answer = gateway.ask(row.getKey(), request(row.getKey()));
                boolean refused =
                        answer.text("errmsg").filter(e -> e.contains(REFUSAL)).isPresent();
                assertEquals(
                        row.getValue().split(" \\| ")[1].startsWith("refused"),
                        refused,
                        row.getKey() + ": " + answer.text("errmsg").orElse("no refusal"));
            }
        }
    }
}

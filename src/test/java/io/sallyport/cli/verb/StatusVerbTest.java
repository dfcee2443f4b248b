package io.sallyport.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.testkit.TestConsole;
import io.sallyport.testkit.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StatusVerbTest extends AskedDaemon {
    private static final Path GOLDEN =
            Path.of("src/test/resources/io/sallyport/cli/show/status.json");
    private static final Path DOCUMENT = Path.of("docs/status-json.md");

    private int status(String... options) throws Trouble {
        return run(new StatusVerb(), options);
    }

    @Test
    void theExitCodeSaysWhetherAllIsWell() throws Trouble {
        assertEquals(1, status("--short"), "Tunnel2 is connecting");
        operator.status = Views.statusOf(Views.up());
        assertEquals(0, status("--short"));
    }

    @Test
    void theJsonIsAsWrittenDown() throws Exception {
        status("--json");
        if ("write".equals(System.getProperty("sallyport.golden"))) {
            Files.writeString(GOLDEN, console.out());
        }
        assertEquals(Files.readString(GOLDEN), console.out());
    }

    /// Every field name is in the document, and the document names no field that is not there.
    @Test
    void everyFieldIsDocumented() throws IOException {
        TreeSet<String> fields = new TreeSet<>();
        collect("", JsonParser.parseString(Json.line(Views.status())), fields);
        TreeSet<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("| `")) {
                documented.add(line.substring(3, line.indexOf('`', 3)));
            }
        }
        assertEquals(fields, documented);
    }

    private static void collect(String path, JsonElement element, TreeSet<String> fields) {
        if (element instanceof JsonArray array) {
            array.forEach(item -> collect(path + "[]", item, fields));
        } else if (element.isJsonObject() && path.endsWith("drops")) {
            fields.add(path + ".REASON");
        } else if (element.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry : element.getAsJsonObject().entrySet()) {
                String inside = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                collect(inside, entry.getValue(), fields);
            }
        } else if (!element.isJsonNull()) {
            fields.add(path);
        }
    }

    @Test
    void watchOnATerminalHasAScreenOfItsOwnAndGivesItBack() throws Trouble {
        console.terminal = true;
        console.environment.put("TERM", "xterm");
        console.onPause = pause -> pause < 3;
        status("--watch", "1");
        String out = console.out();
        assertTrue(out.startsWith("\033[?1049h\033[?25l\033[H"), "own screen, no cursor, home");
        assertEquals(3, out.split("\033\\[H", -1).length - 1, "three pages");
        assertTrue(out.endsWith("\033[J\033[?25h\033[?1049l"), "cursor and screen are back");
        assertEquals(2_000_000_000L + 1_000_000_000L, console.nanos());
    }

    @Test
    void watchElsewhereHasNoControlSequences() throws Trouble {
        console.onPause = pause -> pause < 2;
        status("--watch");
        assertFalse(console.out().contains("\033"));
        assertEquals(4_000_000_000L, console.nanos(), "every two seconds");
    }

    @Test
    void watchWithJsonIsOneObjectALine() throws Trouble {
        console.onPause = pause -> pause < 3;
        status("--watch", "--json");
        List<String> lines = console.out().lines().toList();
        assertEquals(3, lines.size());
        for (String line : lines) {
            assertEquals(
                    4711, JsonParser.parseString(line).getAsJsonObject().get("pid").getAsInt());
        }
    }

    @Test
    void colourOnlyWhereItIsWanted() throws Trouble {
        record Case(boolean terminal, Map<String, String> environment, boolean colour) {}
        for (Case one :
                List.of(
                        new Case(false, Map.of("TERM", "xterm"), false),
                        new Case(true, Map.of("TERM", "xterm"), true),
                        new Case(true, Map.of("TERM", "xterm", "NO_COLOR", ""), true),
                        new Case(true, Map.of("TERM", "xterm", "NO_COLOR", "1"), false),
                        new Case(true, Map.of("TERM", "dumb"), false))) {
            TestConsole fresh = new TestConsole();
            fresh.terminal = one.terminal();
            fresh.environment.putAll(one.environment());
            fresh.environment.put("SALLYPORT_SOCKET", folder.resolve("s").toString());
            StatusVerb verb = new StatusVerb();
            verb.run(new CommandLine(verb.spec()).parseArgs(), fresh.console());
            assertEquals(one.colour(), fresh.out().contains("\033["), one.toString());
        }
    }
}

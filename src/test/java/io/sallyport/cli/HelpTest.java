package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testkit.TestConsole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Help, the page made of it, and completion: all of them know every verb.
class HelpTest {
    private static final Path PAGE = Path.of("docs/commands.md");

    private final CommandTree tree = new CommandTree("0.1.0");

    private static String said(String... words) {
        TestConsole console = new TestConsole();
        assertEquals(
                0, new CommandShell(new CommandTree("0.1.0"), console.console()).execute(words));
        assertEquals("", console.err());
        return console.out();
    }

    @Test
    void theVerbsAreThese() {
        assertEquals(
                List.of(
                        "up",
                        "down",
                        "status",
                        "verify",
                        "check",
                        "convert",
                        "log",
                        "rekey",
                        "sad",
                        "spd",
                        "why",
                        "trace",
                        "capture",
                        "run",
                        "demo",
                        "pki",
                        "engines",
                        "version",
                        "completion"),
                tree.names());
    }

    @Test
    void everyVerbHasHelpWithAnExampleOfItself() {
        for (String verb : verbs()) {
            String help = said((verb + " --help").split(" "));
            int examples = help.indexOf("\nExamples:\n");
            assertTrue(examples > 0, verb);
            assertTrue(help.indexOf("sallyport " + verb, examples) > 0, verb);
            assertTrue(help.contains("Exit codes:"), verb);
            assertTrue(help.lines().allMatch(line -> line.length() <= 80), help);
            // an example that is too long would be cut without a sign
            assertTrue(help.substring(examples + 11).lines().allMatch(l -> l.startsWith("  ")));
            CommandSpec spec = tree.root().getCommandSpec();
            for (String word : verb.split(" ")) {
                spec = Objects.requireNonNull(spec.subcommands().get(word)).getCommandSpec();
            }
            for (OptionSpec option : spec.options()) {
                assertTrue(help.contains(option.longestName()), verb + " " + option.longestName());
                assertTrue(option.description().length > 0, verb + " " + option.longestName());
            }
        }
    }

    /// Those of `pki` among them, `pki gen`.
    private List<String> verbs() {
        List<String> all = new ArrayList<>();
        tree.root()
                .getSubcommands()
                .forEach((name, verb) -> {
                    all.add(name);
                    // a verb has one name here, and others by which it is called
                    verb.getSubcommands().values().stream()
                            .map(CommandLine::getCommandName)
                            .distinct()
                            .forEach(below -> all.add(name + " " + below));
                });
        return all;
    }

    @Test
    void theRootHelpListsEveryVerb() {
        String help = said("--help");
        for (String verb : tree.names()) {
            assertTrue(help.contains("\n  " + verb + " "), verb);
        }
        assertEquals("sallyport 0.1.0\n", said("--version"));
    }

    /// `docs/commands.md` is what `--help` says; run this test with -Dsallyport.docs=write to make
    /// it anew.
    @Test
    void thePageOfCommandsIsTheHelp() throws IOException {
        StringBuilder page = new StringBuilder();
        page.append("# Commands\n\nMade from `--help` by `HelpTest`; a test keeps it so.\n");
        page.append("\n```text\n").append(said("--help")).append("```\n");
        for (String verb : verbs()) {
            page.append("\n## ").append(verb).append("\n\n```text\n");
            page.append(said((verb + " --help").split(" "))).append("```\n");
        }
        if ("write".equals(System.getProperty("sallyport.docs"))) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertEquals(
                page.toString(),
                Files.readString(PAGE),
                "run mvn test -Dtest=HelpTest -Dsallyport.docs=write");
    }

    @Test
    void theCompletionScriptKnowsEveryVerbAndOptionAndIsGoodBash(@TempDir Path folder)
            throws Exception {
        String script = said("completion", "bash");
        for (String verb : tree.names()) {
            assertTrue(script.contains("_picocli_sallyport_" + verb + "("), verb);
        }
        assertTrue(script.contains("'--behind-nat'"));
        Path file = Files.writeString(folder.resolve("sallyport.bash"), script);
        // Bash itself completes "sallyport sta" and "sallyport up --beh".
        Process bash =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "source "
                                        + file
                                        + "; COMP_WORDS=(sallyport sta); COMP_CWORD=1;"
                                        + " COMP_LINE='sallyport sta';"
                                        + " _complete_sallyport; echo \"${COMPREPLY[@]}\";"
                                        + " COMP_WORDS=(sallyport up --beh); COMP_CWORD=2;"
                                        + " COMP_LINE='sallyport up --beh';"
                                        + " _complete_sallyport; echo \"${COMPREPLY[@]}\"")
                        // compopt complains that no real completion is going on
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("status\n--behind-nat\n", answer);
        assertEquals(0, bash.waitFor());
    }
}

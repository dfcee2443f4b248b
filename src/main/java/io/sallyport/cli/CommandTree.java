package io.sallyport.cli;

import io.sallyport.cli.pki.PkiVerb;
import io.sallyport.cli.verb.CaptureVerb;
import io.sallyport.cli.verb.CheckVerb;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.CompletionVerb;
import io.sallyport.cli.verb.ConvertVerb;
import io.sallyport.cli.verb.DemoVerb;
import io.sallyport.cli.verb.DownVerb;
import io.sallyport.cli.verb.EnginesVerb;
import io.sallyport.cli.verb.LogVerb;
import io.sallyport.cli.verb.RekeyVerb;
import io.sallyport.cli.verb.RunVerb;
import io.sallyport.cli.verb.SadVerb;
import io.sallyport.cli.verb.SpdVerb;
import io.sallyport.cli.verb.StatusVerb;
import io.sallyport.cli.verb.TraceVerb;
import io.sallyport.cli.verb.UpVerb;
import io.sallyport.cli.verb.VerifyVerb;
import io.sallyport.cli.verb.VersionVerb;
import io.sallyport.cli.verb.WhyVerb;
import io.sallyport.control.local.Exit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `sallyport` with all its verbs.
final class CommandTree {
    private final CommandLine root;
    private final Map<String, CliVerb> verbs = new LinkedHashMap<>();

    /// @param version of this program
    CommandTree(String version) {
        CommandSpec spec = CommandSpec.create().name("sallyport");
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .arity("0")
                        .description("Show this help; after a verb, the help of that verb.")
                        .build());
        spec.addOption(
                OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .arity("0")
                        .description("Show the version of this program.")
                        .build());
        spec.version("sallyport " + version);
        root = new CommandLine(spec);
        for (CliVerb verb :
                List.of(
                        new UpVerb(),
                        new DownVerb(),
                        new StatusVerb(),
                        new VerifyVerb(),
                        new CheckVerb(),
                        new ConvertVerb(),
                        new LogVerb(),
                        new RekeyVerb(),
                        new SadVerb(),
                        new SpdVerb(),
                        new WhyVerb(),
                        new TraceVerb(),
                        new CaptureVerb(),
                        new RunVerb(),
                        new DemoVerb(),
                        new PkiVerb(),
                        new EnginesVerb(),
                        new VersionVerb(version),
                        new CompletionVerb())) {
            CommandSpec verbSpec = verb.spec();
            verbs.put(verbSpec.name(), verb);
            root.addSubcommand(verbSpec.name(), new CommandLine(verbSpec));
        }
        help(spec);
    }

    private static void help(CommandSpec spec) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (Exit exit : Exit.values()) {
            codes.put(Integer.toString(exit.code()), exit.meaning());
        }
        spec.usageMessage()
                .synopsisHeading("Usage: ")
                .customSynopsis("sallyport VERB [OPTIONS] [ARGUMENTS]")
                .header("IPsec tunnels from the file that AWS gives you")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nVerbs:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes)
                .footerHeading("%n")
                .footer(
                        "Examples:",
                        "  sallyport up vpn-f6fb86bd.txt --vpc 10.0.0.0/16",
                        "  sallyport status --watch",
                        "  sallyport status --help")
                .width(80);
    }

    /// Adds the verbs below the one that these words begin with, once; below all for who completes.
    ///
    /// @param words of a command line
    void unfold(String... words) {
        for (CommandLine verb : root.getSubcommands().values()) {
            String name = verb.getCommandName();
            boolean named = words.length > 0 && List.of(name, "completion").contains(words[0]);
            if (named && verb.getSubcommands().isEmpty()) {
                for (CliVerb below : verb(name).below()) {
                    verb.addSubcommand(new CommandLine(below.spec()));
                }
            }
        }
    }

    CommandLine root() {
        return root;
    }

    List<String> names() {
        return List.copyOf(verbs.keySet());
    }

    /// The verb of that name, which the parser has found.
    CliVerb verb(String name) {
        CliVerb verb = verbs.get(name);
        if (verb == null) {
            throw new IllegalArgumentException("no verb " + name);
        }
        return verb;
    }
}

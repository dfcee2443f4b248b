package io.sallyport.cli;

import io.sallyport.cli.console.Console;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// From words to an exit code.
record CommandShell(CommandTree tree, Console console) {
    /// Parses, does, and tells what went wrong.
    int execute(String... words) {
        // first, since what is set on the root is told to those that are below it then
        tree.unfold(words);
        tree.root().setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        tree.root().setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        tree.root()
                .setColorScheme(
                        Help.defaultColorScheme(console.colour() ? Help.Ansi.ON : Help.Ansi.OFF));
        try {
            if (words.length == 0) {
                tree.root().usage(console.err(), Help.Ansi.OFF);
                return Exit.USAGE.code();
            }
            ParseResult result = parse(words);
            Integer helped = CommandLine.executeHelpRequest(result);
            if (helped != null) {
                return helped;
            }
            if (!result.hasSubcommand()) {
                throw new Trouble(Exit.USAGE, "no verb given", "see `sallyport --help`");
            }
            ParseResult said = result.subcommand();
            return tree.verb(said.commandSpec().name()).run(said, console);
        } catch (Trouble trouble) {
            console.tell(withHelp(trouble, words));
            return trouble.exit().code();
        } catch (RuntimeException | LinkageError bug) {
            bug.printStackTrace(console.err());
            console.tell(
                    new Trouble(
                            Exit.BUG,
                            "a bug in sallyport: " + bug,
                            "please report it with the lines above"));
            return Exit.BUG.code();
        }
    }

    /// A wrong command line is best mended with the verb's help in sight.
    private Trouble withHelp(Trouble trouble, String[] words) {
        if (trouble.exit() != Exit.USAGE || !trouble.next().isEmpty()) {
            return trouble;
        }
        StringBuilder verb = new StringBuilder();
        CommandLine command = tree.root();
        for (String word : words) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                break;
            }
            verb.append(word).append(' ');
            command = below;
        }
        return new Trouble(Exit.USAGE, trouble.what(), "see `sallyport " + verb + "--help`");
    }

    private ParseResult parse(String... words) throws Trouble {
        try {
            return tree.root().parseArgs(words);
        } catch (UnmatchedArgumentException e) {
            throw unmatched(e);
        } catch (MissingParameterException e) {
            throw new Trouble(Exit.USAGE, missing(e), "");
        } catch (ParameterException e) {
            throw new Trouble(Exit.USAGE, sentence(e), "");
        }
    }

    private Trouble unmatched(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        CommandLine command = e.getCommandLine();
        boolean option = word.startsWith("-");
        List<String> known = new ArrayList<>();
        String what;
        if (option) {
            for (OptionSpec candidate : command.getCommandSpec().options()) {
                known.addAll(List.of(candidate.names()));
            }
            what = "unknown option '" + word + "'";
            // strongSwan's pki has its verbs as options, `--gen`
            String bare = word.substring(word.lastIndexOf('-') + 1);
            CommandLine meant = command.getSubcommands().get(bare);
            if (meant != null) {
                what += "; did you mean '" + meant.getCommandName() + "'?";
                return new Trouble(Exit.USAGE, what, "");
            }
        } else if (!command.getSubcommands().isEmpty()) {
            known.addAll(command.getSubcommands().keySet());
            what = "unknown verb '" + word + "'";
        } else {
            what = command.getCommandName() + " takes no '" + word + "'";
        }
        return new Trouble(Exit.USAGE, what + DidYouMean.hint(word, known), "");
    }

    private static String missing(MissingParameterException e) {
        List<String> labels = new ArrayList<>();
        for (ArgSpec argument : e.getMissing()) {
            labels.add(
                    argument instanceof OptionSpec option
                            ? option.longestName() + " wants " + option.paramLabel()
                            : e.getCommandLine().getCommandName()
                                    + " wants "
                                    + argument.paramLabel());
        }
        return labels.isEmpty() ? sentence(e) : String.join("; ", labels);
    }

    private static String sentence(ParameterException e) {
        String message = String.valueOf(e.getMessage());
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}

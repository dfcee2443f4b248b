package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `completion`: the script that lets a shell complete verbs and options.
public final class CompletionVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "completion",
                        "Print a script by which a shell completes verbs and options",
                        "zsh takes the same script after `autoload -U bashcompinit && bashcompinit`.")
                .arguments("1", "SHELL", "bash")
                .examples(
                        List.of(
                                "source <(sallyport completion bash)",
                                "sallyport completion bash"
                                        + " > /etc/bash_completion.d/sallyport"));
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        List<String> arguments = new Said(result, console).arguments();
        if (!arguments.equals(List.of("bash"))) {
            throw new Trouble(
                    Exit.USAGE,
                    "no completion for '" + String.join(" ", arguments) + "'",
                    "there is one for bash, which zsh takes too");
        }
        console.out()
                .print(AutoComplete.bash("sallyport", result.commandSpec().root().commandLine()));
        console.out().flush();
        return Exit.OK.code();
    }
}

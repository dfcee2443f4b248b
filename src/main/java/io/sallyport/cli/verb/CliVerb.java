package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One verb of the command line.
public interface CliVerb {
    /// Name, options, arguments and help; built anew at each call.
    CommandSpec spec();

    /// Verbs below this one. Asked for only when somebody names it, so that no other verb, and no
    /// daemon, loads them.
    default List<CliVerb> below() {
        return List.of();
    }

    /// Does it.
    ///
    /// @return exit code
    int run(ParseResult said, Console console) throws Trouble;
}

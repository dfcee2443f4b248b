package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.VersionView;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `version`: of this program, and of the daemon if one answers.
///
/// @param own version of this program
public record VersionVerb(String own) implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of("version", "Show the versions of this program and of the running daemon")
                .socket()
                .examples(List.of("sallyport version"));
    }

    @Override
    public int run(ParseResult result, Console console) {
        Said said = new Said(result, console);
        console.out().println("sallyport " + own + ", Java " + System.getProperty("java.version"));
        try (ControlClient daemon = said.daemon()) {
            VersionView theirs = daemon.version();
            console.out()
                    .println(
                            Printable.of(
                                    "daemon    "
                                            + theirs.version()
                                            + ", Java "
                                            + theirs.java()
                                            + ", pid "
                                            + theirs.pid()));
        } catch (Trouble trouble) {
            console.out().println("daemon    " + trouble.what());
        }
        console.out().flush();
        return Exit.OK.code();
    }
}

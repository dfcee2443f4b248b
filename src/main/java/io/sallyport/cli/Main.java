package io.sallyport.cli;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.OwnProgram;
import io.sallyport.cli.console.Terminal;
import io.sallyport.cli.console.Time;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// `sallyport`. Loads no logger, no native code and no daemon: a verb that wants them asks
/// [OwnProgram].
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        Map<String, String> environment = System.getenv();
        boolean terminal = Terminal.present();
        Console console =
                new Console(
                        System.in,
                        stream(FileDescriptor.out, false),
                        stream(FileDescriptor.err, true),
                        environment,
                        terminal,
                        () -> Terminal.columns(environment, terminal),
                        Time.real(),
                        new OwnProgram(Main.class.getName(), environment));
        int exit = new CommandShell(new CommandTree(version()), console).execute(words);
        console.out().flush();
        System.exit(exit);
    }

    private static PrintStream stream(FileDescriptor descriptor, boolean flushed) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)),
                flushed,
                StandardCharsets.UTF_8);
    }

    /// From the jar's manifest.
    private static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}

package io.sallyport.cli.verb;

import io.sallyport.control.local.Trouble;
import io.sallyport.control.server.ControlServer;
import io.sallyport.testkit.MemoryOperator;
import io.sallyport.testkit.TestConsole;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// For tests of verbs that ask a daemon: a console, and behind a control socket an operator in
/// memory.
abstract class AskedDaemon {
    @TempDir Path folder;

    final TestConsole console = new TestConsole();
    final MemoryOperator operator = new MemoryOperator();
    ControlServer server;
    Path socket;

    @BeforeEach
    void serve() throws Trouble {
        socket = folder.resolve("s");
        console.environment.put("SALLYPORT_SOCKET", socket.toString());
        server = ControlServer.start(socket, operator);
    }

    @AfterEach
    void end() {
        server.close();
    }

    /// The exit code.
    int run(CliVerb verb, String... options) throws Trouble {
        return verb.run(new CommandLine(verb.spec()).parseArgs(options), console.console());
    }
}

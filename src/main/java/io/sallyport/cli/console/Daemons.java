package io.sallyport.cli.console;

import io.sallyport.control.local.Launcher;
import io.sallyport.control.local.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// How a verb comes to a daemon that does not run yet.
public interface Daemons {
    /// The daemon's half of this program, in this process.
    Launcher launcher() throws Trouble;

    /// Starts this program again with `arguments`, in the background and in a session of its own,
    /// so that neither the terminal's end nor Ctrl-C reaches it.
    ///
    /// @param log takes its standard output and error, appended
    Process start(List<String> arguments, Path log) throws IOException;
}

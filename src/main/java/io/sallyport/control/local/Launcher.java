package io.sallyport.control.local;

import io.sallyport.control.view.EnginesView;
import java.util.List;

/// The daemon's side of the program as the command line sees it. The one implementation is
/// `io.sallyport.daemon.Launch`, with a public constructor without arguments, loaded by name: verbs
/// that only ask a running daemon never load it.
public interface Launcher {
    /// Runs a gateway until it is told to stop.
    ///
    /// @return exit code
    /// @throws Trouble what a person must mend: not root, no TUN device, port taken, configuration
    int run(RunRequest request) throws Trouble;

    /// Plays the demonstration, printing on standard output.
    ///
    /// @return exit code, 0 only if all of it held
    int demo(DemoRequest request) throws Trouble;

    /// Removes what a daemon that was killed left in the system.
    ///
    /// @return what was removed, a line for each; empty: nothing was left
    List<String> cleanup(CleanupRequest request) throws Trouble;

    /// Looks at the crypto engines of this machine, and measures them.
    EnginesView engines(EnginesRequest request);
}

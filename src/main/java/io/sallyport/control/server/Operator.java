package io.sallyport.control.server;

import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.TraceRequest;
import io.sallyport.control.view.Answer;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TraceView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VersionView;
import java.util.List;
import java.util.function.Consumer;

/// Who carries out what is asked on the control socket. Called from many virtual threads at once;
/// may block; what it throws is told to the asker as a bug and harms nobody else.
public interface Operator {
    VersionView version();

    StatusView status();

    /// The facts of S3-48 to S3-52.
    ///
    /// @param hosts to ping besides the tunnels' remote inside addresses
    VerifyView verify(List<String> hosts);

    /// Reads configurations and starts what they say should start.
    Answer load(LoadRequest request);

    /// Brings connections up; an empty list: all.
    Answer up(List<String> connections);

    /// Takes connections down, telling their peers; they stay down until asked for.
    Answer down(List<String> connections);

    /// Rekeys now: the IKE SA, or the child if `child` is not empty.
    Answer rekey(String connection, String child);

    /// Every pair of SAs.
    List<SadView> sad();

    /// Every policy, in the order in which they came.
    List<SpdView> spd();

    /// Why negotiations failed, the last first.
    ///
    /// @param peer a connection, an address or an identity; empty: all
    List<FailureView> why(String peer);

    /// What would become of a packet.
    TraceView trace(TraceRequest request);

    /// Begins a capture, or a stream that has nothing and says why.
    ///
    /// @return closed by who reads it
    CaptureStream capture(CaptureRequest request);

    /// Ends the daemon, leaving nothing in the system. Answers at once; the end follows.
    Answer stop();

    /// The last lines of the log, oldest first, without line ends.
    List<String> recent(int lines);

    /// Gives the last `backlog` lines of the log, then every new one, without a gap between.
    ///
    /// @param lines called from any thread, never blocks
    /// @return closed when nobody listens any more
    AutoCloseable follow(int backlog, Consumer<String> lines);
}

package io.sallyport.control.server;

import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.view.CaptureView;
import java.util.Optional;

/// A capture that runs, for one reader.
public interface CaptureStream extends AutoCloseable {
    /// The next piece, blocking; empty at the end: what was asked for is there, or it was closed.
    Optional<CapturePiece> next() throws InterruptedException;

    /// What to say at the end.
    CaptureView end();

    /// Ends it, from any thread; nothing is copied any more. Does nothing the second time.
    @Override
    void close();
}

package io.sallyport.daemon.capture;

import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.control.view.CaptureView;
import java.util.Optional;

/// A capture that does not run.
record Refusal(String why) implements CaptureStream {
    @Override
    public Optional<CapturePiece> next() {
        return Optional.empty();
    }

    @Override
    public CaptureView end() {
        return new CaptureView(why, 0, 0);
    }

    @Override
    public void close() {
        // nothing runs
    }
}

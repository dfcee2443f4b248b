package io.sallyport.testkit;

import io.sallyport.control.protocol.CapturePiece;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.control.view.CaptureView;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A capture in memory.
final class MemoryCapture implements CaptureStream {
    private final Iterator<CapturePiece> left;
    private final int count;
    private final boolean endless;
    private final Runnable onClose;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean told = new AtomicBoolean();

    MemoryCapture(List<CapturePiece> pieces, boolean endless, Runnable onClose) {
        this.left = pieces.iterator();
        this.count = pieces.size();
        this.endless = endless;
        this.onClose = onClose;
    }

    @Override
    public Optional<CapturePiece> next() throws InterruptedException {
        if (left.hasNext()) {
            return Optional.of(left.next());
        }
        if (endless) {
            closed.await();
        }
        return Optional.empty();
    }

    @Override
    public CaptureView end() {
        return new CaptureView("", count, 0);
    }

    @Override
    public void close() {
        if (told.compareAndSet(false, true)) {
            closed.countDown();
            onClose.run();
        }
    }
}

package io.sallyport.daemon.capture;

import io.sallyport.base.time.Clock;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Begins captures. Any thread.
///
/// @param application the name and version of who writes
/// @param road whether packets pass by the tap; false: the kernel carries them
/// @param links names of TUNs by number
/// @param sas connection and child of each SA, by SPI of either direction; asked off the road, may
///   block
public record CaptureDesk(
        Tap tap,
        String application,
        boolean road,
        IntFunction<String> links,
        Supplier<Map<Integer, String>> sas,
        Clock clock,
        LogRing log) {
    /// Begins a capture.
    public CaptureStream begin(CaptureRequest request) {
        if (!road && request.inner()) {
            return new Refusal(
                    "the kernel carries the packets of this daemon; capture its interfaces with"
                            + " tcpdump, or with --outer what IKE sends");
        }
        Optional<Bucket> bucket = tap.open(request.inner(), request.outer(), request.keys());
        if (bucket.isEmpty()) {
            return new Refusal(Tap.MOST + " captures run, no more may");
        }
        if (request.keys()) {
            log.add(LogLine.warn("a capture is told the keys of the SAs that come, as it asked"));
        }
        return new Running(this, request, bucket.get());
    }
}

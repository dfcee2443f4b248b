package io.sallyport.daemon.steer;

import io.sallyport.base.net.Path;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.machine.Input;
import io.sallyport.ipsec.PathLedger;
import io.sallyport.ipsec.path.IcmpQuote;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Watches what the paths between gateways take: hears ICMP, sends the probes that are due, and
/// tells of changes. All but its clockwork is done on the IKE loop's thread.
public final class PathWarden implements Runnable {
    private static final long PERIOD_NANOS = 250_000_000;

    private final PathLedger paths;
    private final IkeLoop loop;
    private final Clock clock;
    private final LogRing log;
    private final Semaphore end = new Semaphore(0);

    public PathWarden(PathLedger paths, IkeLoop loop, Clock clock, LogRing log) {
        this.paths = paths;
        this.loop = loop;
        this.clock = clock;
        this.log = log;
    }

    /// Any thread.
    public void heard(IcmpQuote quote) {
        var _ =
                loop.ask(
                        "ICMP",
                        _ -> {
                            paths.heard(quote, clock.nanos())
                                    .ifPresent(mtu -> tell(quote.destination(), mtu, "ICMP"));
                            return true;
                        });
    }

    /// On the loop's thread.
    void probed(Path path, int octets, boolean passed) {
        paths.probed(path, octets, passed, clock.nanos())
                .ifPresent(mtu -> tell(path.remote().address(), mtu, "a probe"));
    }

    private void tell(Object peer, int mtu, String who) {
        log.add(LogLine.info("the path to " + peer + " takes " + mtu + " octets, says " + who));
    }

    /// Ends [#run()].
    public void stop() {
        end.release();
    }

    @Override
    public void run() {
        try {
            while (!end.tryAcquire(PERIOD_NANOS, TimeUnit.NANOSECONDS)) {
                var _ =
                        loop.ask(
                                "probes of paths",
                                _ -> {
                                    paths.due(clock.nanos()).forEach(this::send);
                                    return true;
                                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(PathLedger.Probe probe) {
        loop.handle(new Input.ProbePath(probe.childSaId(), probe.octets()));
    }
}

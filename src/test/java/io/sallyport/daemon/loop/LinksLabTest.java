package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.daemon.host.LinkWish;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.ike.sa.SpiSieve;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.pipeline.IcmpEar;
import io.sallyport.testkit.TwoHosts;
import io.sallyport.testkit.UndatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class LinksLabTest {
    private static final LinkWish WISH = new LinkWish("sally9", List.of(), List.of(), 1400, false);

    /// Somebody deletes a TUN under two workers: they let go of it, and it can be closed and made
    /// anew as if nothing had been.
    @Test
    void aTunThatWasDeletedCanBeClosedAndMadeAnew() throws Exception {
        try (NetworkNamespace host = TwoHosts.loneHost("daemon-links")) {
            host.call(() -> {
                play();
                return true;
            });
        }
    }

    private static void play() throws Exception {
        UndatedClock clock = new UndatedClock();
        LogRing log = new LogRing(clock, 100);
        CountDownLatch gone = new CountDownLatch(1);
        UserspaceBackend road = new UserspaceBackend(List.of(new JceEngine()), 2);
        Tap tap = new Tap(clock);
        List<Thread> threads = new ArrayList<>();
        try (Ports ports = Ports.open(0, false, 2, Faults.NONE, tap, _ -> {});
                LogRing.Following _ =
                        log.follow(
                                0,
                                entry -> {
                                    if (entry.toString().contains("is gone")) {
                                        gone.countDown();
                                    }
                                });
                LinuxNetwork network = LinuxNetwork.open()) {
            IkeGate gate = new IkeGate(new SpiSieve(), 1, () -> {}, clock.nanos());
            Workers.Ears ears =
                    new Workers.Ears(
                            _ -> {}, (_, _) -> {}, (_, _) -> true, new IcmpEar(_ -> {}), gate);
            Workers workers = new Workers(road, ports, ears, tap, clock, new Bugs(log));
            workers.start((name, loop) -> threads.add(Thread.ofPlatform().name(name).start(loop)));
            Links links = new Links(road, workers);
            links.open(WISH);
            network.links().up(WISH.name());
            network.links().delete(WISH.name());
            assertTrue(gone.await(10, TimeUnit.SECONDS), "a worker tells of it");
            links.close(WISH.name());
            links.open(WISH);
            links.close(WISH.name());
            workers.stop();
            for (Thread thread : threads) {
                thread.join(10_000);
            }
        }
        road.close();
    }
}

package io.sallyport.daemon.loop;

import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.control.view.RoadView;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.tcp.TcpPort;
import io.sallyport.drivers.tun.TunDevice;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.pipeline.Acquire;
import io.sallyport.ipsec.pipeline.IcmpEar;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import io.sallyport.ipsec.pipeline.OutboundPipeline;
import io.sallyport.ipsec.pipeline.PeerMoved;
import io.sallyport.ipsec.sad.VolumeMeter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The threads of the packet road: so many outbound workers as the backend is for, and as many
/// inbound ones. What workers share and how they stay out of each other's way is decision 10 of
/// `docs/decisions`.
public final class Workers {
    private final List<OutboundWorker> outbound = new ArrayList<>();
    private final List<InboundWorker> inbound = new ArrayList<>();
    private final IkeReader reader;
    private final @Nullable TcpReader tcp;
    private final List<Tuns> tuns = new ArrayList<>();
    private final List<DropCounters> drops = new ArrayList<>();

    /// What the workers tell the IKE loop, which must not make them wait.
    ///
    /// @param ike takes IKE messages
    public record Ears(
            Acquire acquire,
            PeerMoved moved,
            VolumeMeter.Listener volume,
            IcmpEar icmp,
            IkeGate ike) {}

    public Workers(UserspaceBackend road, Ports ports, Ears ears, Tap tap, Clock clock, Bugs bugs)
            throws LinuxException {
        List<Poller> pollers = new ArrayList<>();
        List<Runnable> wakes = new ArrayList<>();
        for (int i = 0; i < road.workers(); i++) {
            Poller poller = Poller.open();
            pollers.add(poller);
            wakes.add(poller::wake);
        }
        Handover handover = new Handover(wakes);
        reader = new IkeReader(ports.of(0), handover, tap, ears.ike(), clock, bugs);
        drops.add(reader.drops());
        TcpPort connections = ports.tcp();
        tcp =
                connections == null
                        ? null
                        : new TcpReader(connections, handover, tap, ears.ike(), clock, bugs);
        if (tcp != null) {
            drops.add(tcp.drops());
        }
        for (int i = 0; i < road.workers(); i++) {
            Tuns queues = new Tuns();
            tuns.add(queues);
            OutboundPipeline out =
                    new OutboundPipeline(
                            road, i, ears.acquire(), ears.volume(), OutboundWorker.spare());
            InboundPipeline in =
                    new InboundPipeline(
                            road, i, ears.moved(), ears.volume(), InboundPipeline.IKE_PORT);
            outbound.add(new OutboundWorker(out, ports.of(i), queues, tap, clock, bugs));
            InboundWorker receiver =
                    new InboundWorker(
                            i,
                            pollers.get(i),
                            in,
                            ears.icmp(),
                            ports.of(i),
                            handover,
                            queues,
                            tap,
                            ears.ike(),
                            clock,
                            bugs);
            inbound.add(receiver);
            drops.addAll(List.of(out.drops(), in.drops(), receiver.drops()));
        }
        drops.add(ears.ike().drops());
        drops.addAll(ports.drops());
    }

    public int count() {
        return outbound.size();
    }

    /// The loop that takes IKE messages, for a thread that goes before those of the workers.
    ///
    /// @param way how it gives that up when it is flooded
    public Runnable reader(IkeReader.RightOfWay way) {
        return () -> reader.run(way);
    }

    /// Gives each worker's loop to `starter`, with a name for its thread.
    public void start(Starter starter) {
        if (tcp != null) {
            starter.start("sallyport-tcp", tcp);
        }
        for (int i = 0; i < count(); i++) {
            String number = count() == 1 ? "" : "-" + i;
            starter.start("sallyport-out" + number, outbound.get(i));
            starter.start("sallyport-in" + number, inbound.get(i));
        }
    }

    /// Makes threads.
    @FunctionalInterface
    public interface Starter {
        void start(String name, Runnable loop);
    }

    /// An SA came: packets may have waited for it. Any thread.
    public void wake() {
        outbound.forEach(OutboundWorker::wake);
    }

    public void stop() {
        outbound.forEach(OutboundWorker::stop);
        inbound.forEach(InboundWorker::stop);
        reader.stop();
        if (tcp != null) {
            tcp.stop();
        }
    }

    /// The name of a TUN by its number. Any thread.
    public String link(int number) {
        return tuns.getFirst().name(number);
    }

    /// What the kernel agreed to for each TUN. Any thread.
    public List<RoadView.Port> offloads() {
        return tuns.getFirst().offloads();
    }

    /// What went no further, on the road, at sockets and at TUNs. Any thread.
    public Map<Drop, Long> dropped() {
        Map<Drop, Long> sums = new EnumMap<>(Drop.class);
        Consumer<DropCounters> add =
                counters ->
                        counters.snapshot()
                                .forEach((why, count) -> sums.merge(why, count, Long::sum));
        drops.forEach(add);
        tuns.forEach(queues -> queues.drops().forEach(add));
        return sums;
    }

    /// Gives each worker its queue of a TUN. Any thread.
    CompletableFuture<@Nullable Void> add(List<TunDevice> queues) {
        return all(queues, OutboundWorker::add);
    }

    /// Takes the queues away, which may be closed then. Any thread.
    CompletableFuture<@Nullable Void> remove(List<TunDevice> queues) {
        return all(queues, OutboundWorker::remove);
    }

    private interface Order {
        CompletableFuture<@Nullable Void> give(OutboundWorker worker, TunDevice queue);
    }

    private CompletableFuture<@Nullable Void> all(List<TunDevice> queues, Order order) {
        List<CompletableFuture<@Nullable Void>> each = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            each.add(order.give(outbound.get(i), queues.get(i)));
        }
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new));
    }
}

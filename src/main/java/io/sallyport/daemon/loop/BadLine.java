package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.fault.FaultyBatches;
import io.sallyport.drivers.fault.FaultyLines;
import io.sallyport.drivers.fault.LineCounts;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The line between our sockets and everybody else, made bad on purpose, in both directions: for
/// labs. Each of the four threads that use the sockets has its side of it.
///
/// ```text
///  sockets -> [#received] -> inbound pipeline   sockets -> [#receivedIke] -> IkeGate
///  outbound pipeline -> [#sent] -> sockets      IkeLoop -> [#told] -> sockets
/// ```
final class BadLine {
    private record Datagram(Path path, Octets octets) {}

    /// The two directions of a line do not share their luck.
    private static final long OTHER_WAY = 0x5ca1ab1e00000000L;

    /// Nor do the sockets of IKE and those of data.
    private static final long OF_IKE = 0x1ce1ce00000000L;

    private final Faults faults;
    private final FaultyBatches in;
    private final FaultyBatches ikeIn;
    private final FaultyBatches out;
    private final FaultyLines<Datagram> ike;
    private final PacketBatch inBatch = OutboundWorker.spare();
    private final PacketBatch ikeBatch = OutboundWorker.spare();
    private final PacketBatch outBatch = OutboundWorker.spare();

    BadLine(Faults faults) {
        this.faults = faults;
        Faults back = faults.withSeed(faults.seed() + OTHER_WAY);
        this.in = new FaultyBatches(faults);
        this.ikeIn = new FaultyBatches(faults.withSeed(faults.seed() + OF_IKE));
        this.out = new FaultyBatches(back);
        this.ike = new FaultyLines<>(back);
    }

    /// The inbound worker only.
    void received(PacketBatch packets, Consumer<PacketBatch> road) {
        pass(in, packets, inBatch, road);
    }

    /// The reader of IKE only.
    void receivedIke(PacketBatch packets, Consumer<PacketBatch> next) {
        pass(ikeIn, packets, ikeBatch, next);
    }

    /// The outbound worker only.
    void sent(PacketBatch packets, Consumer<PacketBatch> sockets) {
        pass(out, packets, outBatch, sockets);
    }

    private static void pass(
            FaultyBatches line, PacketBatch from, PacketBatch to, Consumer<PacketBatch> next) {
        line.enter(from);
        while (line.hasMore()) {
            to.clear();
            line.leave(to);
            next.accept(to);
        }
    }

    /// The IKE loop only.
    void told(Path path, Octets datagram, BiConsumer<Path, Octets> socket) {
        ike.pass(
                path.remote().address(),
                new Datagram(path, datagram),
                d -> socket.accept(d.path(), d.octets()));
    }

    /// What it did so far. Any thread.
    @Override
    public String toString() {
        return faults
                + ": in "
                + say(in.counts(), ikeIn.counts())
                + "; out "
                + say(out.counts(), ike.counts());
    }

    private static String say(LineCounts... counts) {
        long entered = 0;
        long lost = 0;
        long doubled = 0;
        long reordered = 0;
        for (LineCounts some : counts) {
            entered += some.entered();
            lost += some.lost();
            doubled += some.doubled();
            reordered += some.reordered();
        }
        return "%d packets, %d lost, %d doubled, %d held back"
                .formatted(entered, lost, doubled, reordered);
    }
}

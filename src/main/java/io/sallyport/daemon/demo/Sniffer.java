package io.sallyport.daemon.demo;

import io.sallyport.drivers.capture.PacketCapture;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.ffi.linux.LinuxException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/// Our own capture on every link of a namespace: counts each packet by what it is. In the
/// demonstration it listens in the internet, where nothing but IKE and ESP may be seen.
final class Sniffer implements AutoCloseable {
    private static final int SNAP = 2048;
    private static final int HEAD = 64;
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final PacketCapture capture;
    private final Poller poller;
    private final Thread thread;
    private final Map<Frames, Long> counts = new EnumMap<>(Frames.class);
    private String stranger = "";
    private volatile boolean stopped;

    private Sniffer(PacketCapture capture, Poller poller) {
        this.capture = capture;
        this.poller = poller;
        this.thread =
                Thread.ofPlatform().daemon().name("sallyport-demo-capture").unstarted(this::listen);
    }

    static Sniffer start(NetworkNamespace namespace) throws IOException {
        PacketCapture capture = namespace.call(() -> PacketCapture.open("", SNAP));
        Poller poller = Poller.open();
        poller.add(capture.fd(), 0);
        Sniffer sniffer = new Sniffer(capture, poller);
        sniffer.thread.start();
        return sniffer;
    }

    private void listen() {
        try {
            while (!stopped) {
                poller.await(PATIENCE_NANOS);
                while (capture.read(this::take) > 0) {
                    // until there is nothing more
                }
            }
            if (capture.dropped() > 0) {
                unseen("the kernel kept " + capture.dropped() + " packets from the capture");
            }
        } catch (LinuxException e) {
            unseen(e.toString());
        }
    }

    /// Each packet is forwarded: counted where it arrives, not again where it leaves.
    private void take(PacketCapture.Captured packet) {
        if (packet.outgoing()) {
            return;
        }
        Frames kind =
                Frames.of(
                        packet.etherType(),
                        packet.memory().asSlice(packet.start(), packet.length()));
        synchronized (counts) {
            counts.merge(kind, 1L, Long::sum);
            if (kind == Frames.OTHER && stranger.isEmpty()) {
                byte[] octets = packet.copy();
                stranger = HexFormat.of().formatHex(octets, 0, Math.min(HEAD, octets.length));
            }
        }
    }

    /// What was not seen proves nothing: it counts as what must not be there.
    private void unseen(String why) {
        synchronized (counts) {
            counts.merge(Frames.OTHER, 1L, Long::sum);
            stranger = stranger.isEmpty() ? why : stranger;
        }
    }

    /// Packets so far.
    long count(Frames kind) {
        synchronized (counts) {
            return counts.getOrDefault(kind, 0L);
        }
    }

    /// The head of the first packet that should not have been there, in hexadecimal, or why the
    /// capture is not whole; empty: neither.
    String stranger() {
        synchronized (counts) {
            return stranger;
        }
    }

    @Override
    public void close() {
        stopped = true;
        poller.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        poller.close();
        capture.close();
    }
}

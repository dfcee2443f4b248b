package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.probe.EchoPort;
import io.sallyport.ffi.linux.LinuxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// ICMP echo in the network namespace of the thread that made it. Any thread may ask; one question
/// after the other is asked.
public final class RawEcho implements Echo, AutoCloseable {
    /// Octets of data: the usual 64 with the ICMP header.
    private static final int DATA = 56;

    /// Its one thread is made here, and so belongs to this namespace.
    private final ExecutorService asker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("sallyport-echo").factory());

    private int sequence;

    public RawEcho() {
        var _ = asker.submit(() -> {});
    }

    @Override
    public OptionalLong ask(IpAddress host, String link, long timeoutNanos) throws IOException {
        try {
            return asker.submit(() -> exchange(host, link, timeoutNanos)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private OptionalLong exchange(IpAddress host, String link, long timeoutNanos)
            throws LinuxException {
        IpAddress any = host.v6() ? IpAddress.ANY6 : IpAddress.ANY4;
        try (EchoPort port = EchoPort.open(any, link, 0);
                Poller poller = Poller.open()) {
            poller.add(port.fd(), 0);
            sequence = sequence + 1 & 0xffff;
            long sent = System.nanoTime();
            port.send(host, sequence, DATA, sent);
            List<Long> answers = new ArrayList<>();
            long left = timeoutNanos;
            while (left > 0 && answers.isEmpty()) {
                poller.await(left);
                port.read(
                        (from, number, _, roundTrip) -> {
                            if (from.equals(host) && number == sequence) {
                                answers.add(roundTrip);
                            }
                        },
                        System.nanoTime());
                left = timeoutNanos - (System.nanoTime() - sent);
            }
            return answers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(answers.getFirst());
        }
    }

    @Override
    public void close() {
        asker.shutdownNow();
    }
}

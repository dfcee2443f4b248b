package io.sallyport.daemon.demo;

import io.sallyport.base.net.IpAddress;
import io.sallyport.daemon.steer.RawEcho;
import io.sallyport.drivers.netns.NetworkNamespace;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Pings from one namespace of the stage.
final class Pings implements AutoCloseable {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RawEcho echo;

    Pings(NetworkNamespace namespace) throws IOException {
        this.echo = namespace.call(RawEcho::new);
    }

    /// The round trip in nanoseconds; empty: no answer within a second, or no way there.
    OptionalLong once(IpAddress host) {
        return once(host, TIMEOUT_NANOS);
    }

    private OptionalLong once(IpAddress host, long timeoutNanos) {
        try {
            return echo.ask(host, "", timeoutNanos);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /// Pings ten times a second until an answer comes.
    ///
    /// @return how long it took; empty: no answer within `limitNanos`
    OptionalLong untilAnswer(IpAddress host, long limitNanos) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < limitNanos) {
            long asked = System.nanoTime();
            if (once(host, PERIOD_NANOS).isPresent()) {
                return OptionalLong.of(System.nanoTime() - start);
            }
            pause(asked + PERIOD_NANOS - System.nanoTime());
        }
        return OptionalLong.empty();
    }

    private static void pause(long nanos) throws IOException {
        try {
            if (nanos > 0) {
                TimeUnit.NANOSECONDS.sleep(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        echo.close();
    }
}

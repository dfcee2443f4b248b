package io.sallyport.daemon.steer;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.daemon.loop.Bugs;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.VpnSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// S3-39, built in: pings the remote inside address of every tunnel once in five seconds, so that
/// an idle tunnel is not taken for a dead one, and remembers how long the answer took.
public final class Heartbeat implements Runnable, Pinger {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Echo echo;
    private final Bugs bugs;
    private final Semaphore stop = new Semaphore(0);
    private final Map<String, Double> answered = new ConcurrentHashMap<>();
    private volatile List<Target> targets = List.of();

    private record Target(String link, IpAddress host) {}

    public Heartbeat(Echo echo, Bugs bugs) {
        this.echo = echo;
        this.bugs = bugs;
    }

    /// Watches the tunnels of this configuration from now on.
    public void watch(VpnSpec vpn) {
        List<Target> all = new ArrayList<>();
        for (ConnectionSpec connection : vpn.connections()) {
            for (ChildSpec child : connection.children()) {
                if (child.link() instanceof LinkSpec.Tunnel tunnel) {
                    for (InsideAddress remote : tunnel.remoteInside()) {
                        all.add(new Target(tunnel.name(), remote.address()));
                    }
                }
            }
        }
        targets = List.copyOf(all);
    }

    /// Ends [#run()].
    public void stop() {
        stop.release();
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        try {
            do {
                beat();
                next += PERIOD_NANOS;
            } while (!stop.tryAcquire(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        for (Target target : targets) {
            OptionalDouble rtt = ping(target.host(), target.link());
            if (rtt.isPresent()) {
                answered.put(target.link(), rtt.getAsDouble());
            } else {
                answered.remove(target.link());
            }
        }
    }

    @Override
    public OptionalDouble ping(IpAddress host, String link) {
        try {
            OptionalLong nanos = echo.ask(host, link, TIMEOUT_NANOS);
            return nanos.isPresent()
                    ? OptionalDouble.of(nanos.getAsLong() / 1e6)
                    : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty(); // the link is not there yet, or not any more
        } catch (RuntimeException bug) {
            bugs.caught("heartbeat", bug);
            return OptionalDouble.empty();
        }
    }

    @Override
    public Map<String, Double> heartbeats() {
        return Map.copyOf(answered);
    }
}

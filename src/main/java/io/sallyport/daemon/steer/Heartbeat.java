package io.sallyport.daemon.steer;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.daemon.host.HostPlanner;
import io.sallyport.daemon.loop.Bugs;
import io.sallyport.model.sa.Owner;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// S3-39, built in: pings the remote inside address of every tunnel that is up, at once and then
/// every five seconds, so that an idle tunnel is not taken for a dead one, and remembers how long
/// the answer took.
public final class Heartbeat implements Runnable, Pinger {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Echo echo;
    private final Bugs bugs;
    private final Semaphore wake = new Semaphore(0);
    private final Map<String, Double> answered = new ConcurrentHashMap<>();
    private volatile List<Target> targets = List.of();
    private volatile boolean stopped;

    private record Target(String link, IpAddress host) {}

    public Heartbeat(Echo echo, Bugs bugs) {
        this.echo = echo;
        this.bugs = bugs;
    }

    /// Watches the tunnels of `vpn` whose children are among `up` from now on.
    @Override
    public void watch(VpnSpec vpn, Set<Owner> up) {
        List<Target> all = new ArrayList<>();
        for (ConnectionSpec connection : vpn.connections()) {
            for (ChildSpec child : connection.children()) {
                if (child.link() instanceof LinkSpec.Tunnel tunnel
                        && up.contains(HostPlanner.owner(connection, child))) {
                    for (InsideAddress remote : tunnel.remoteInside()) {
                        all.add(new Target(tunnel.name(), remote.address()));
                    }
                }
            }
        }
        if (!all.equals(targets)) {
            targets = List.copyOf(all);
            answered.keySet().removeIf(l -> all.stream().noneMatch(t -> t.link().equals(l)));
            wake.release();
        }
    }

    /// Ends [#run()].
    public void stop() {
        stopped = true;
        wake.release();
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                beat();
                if (wake.tryAcquire(PERIOD_NANOS, TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            }
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

package io.sallyport.ipsec;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ipsec.path.IcmpQuote;
import io.sallyport.ipsec.path.PathMtu;
import io.sallyport.ipsec.path.PathSearch;
import io.sallyport.ipsec.sad.InboundSa;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.model.sa.SaUsage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the paths of all SAs take: one [PathMtu] for each pair of outer addresses, which their SAs
/// share, and which outlives an SA that is replaced. The IKE loop only.
public final class PathLedger {
    /// Pairs of addresses that are remembered without an SA.
    private static final int MOST_IDLE = 1024;

    /// A packet that a router complains of was sent a moment ago: this many numbers back.
    private static final int RECENT = 1 << 20;

    private final Map<Ends, Route> routes = new LinkedHashMap<>();
    private final Map<Integer, List<OutboundSa>> bySpi = new HashMap<>();

    private record Ends(IpAddress local, IpAddress remote) {
        static Ends of(Path path) {
            return new Ends(path.local().address(), path.remote().address());
        }
    }

    private record Route(PathMtu mtu, PathSearch search, Map<OutboundSa, InboundSa> sas) {}

    /// A probe to be sent: from the IKE SA of this child SA, a message of `octets`, IP header
    /// included, that must not be cut.
    public record Probe(long childSaId, Path path, int octets) {}

    void add(InboundSa in, OutboundSa out) {
        join(in, out);
        index(out);
        OutboundSa round = out.outer();
        if (round != null) {
            index(round);
        }
    }

    void remove(OutboundSa out) {
        leave(out, out.carriage().path());
        unindex(out);
        OutboundSa round = out.outer();
        if (round != null) {
            unindex(round);
        }
    }

    /// Its carriage is another one now.
    ///
    /// @param before the path it had
    void moved(InboundSa in, OutboundSa out, Path before) {
        if (!Ends.of(before).equals(Ends.of(out.carriage().path()))) {
            leave(out, before);
            join(in, out);
        }
    }

    private void join(InboundSa in, OutboundSa out) {
        Ends ends = Ends.of(out.carriage().path());
        Route route = routes.get(ends);
        if (route == null) {
            forgetIdle();
            PathMtu mtu = new PathMtu(ends.remote().v6());
            route = new Route(mtu, new PathSearch(mtu), new LinkedHashMap<>());
            routes.put(ends, route);
        }
        route.sas().put(out, in);
        out.pathMtu(route.mtu());
        in.pathMtu(route.mtu());
    }

    private void leave(OutboundSa out, Path path) {
        Route route = routes.get(Ends.of(path));
        if (route != null) {
            route.sas().remove(out);
        }
    }

    private void forgetIdle() {
        if (routes.size() > MOST_IDLE) {
            routes.values().removeIf(route -> route.sas().isEmpty());
        }
    }

    private void index(OutboundSa sa) {
        bySpi.computeIfAbsent(sa.spi(), _ -> new ArrayList<>(1)).add(sa);
    }

    private void unindex(OutboundSa sa) {
        List<OutboundSa> same = bySpi.get(sa.spi());
        if (same != null && same.remove(sa) && same.isEmpty()) {
            bySpi.remove(sa.spi());
        }
    }

    /// Somebody says that a packet was too large: believed if the packet is one of ours, and lately
    /// sent (RFC 8201, 6: a false one could make a path slow).
    ///
    /// @return what the path takes now, if that is less than before
    public Optional<Integer> heard(IcmpQuote quote, long now) {
        for (OutboundSa sa : bySpi.getOrDefault(quote.spi(), List.of())) {
            Path path = sa.carriage().path();
            boolean ours =
                    path.local().address().equals(quote.source())
                            && path.remote().address().equals(quote.destination())
                            && sa.carriage().udp() == quote.udp()
                            && (!quote.udp()
                                    || path.local().port() == quote.sourcePort()
                                            && path.remote().port() == quote.destinationPort());
            // The low half of the number; of what was not sent yet the distance is large
            int age = (int) sa.sequence() - quote.sequence();
            if (ours && quote.sequence() != 0 && age >= 0 && age < RECENT) {
                Route route = routes.get(Ends.of(path));
                if (route != null && route.mtu().tooBig(quote.mtu(), quote.packet(), now)) {
                    route.search().told();
                    return Optional.of(route.mtu().octets(now));
                }
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// The probes that are due.
    public List<Probe> due(long now) {
        List<Probe> due = new ArrayList<>();
        for (Route route : routes.values()) {
            long large = Long.MAX_VALUE;
            long heard = Long.MAX_VALUE;
            OutboundSa last = null;
            for (Map.Entry<OutboundSa, InboundSa> pair : route.sas().entrySet()) {
                heard = Math.min(heard, since(pair.getValue().meter().lastNanos(), now));
                long at = since(pair.getKey().meters().largeNanos(), now);
                if (at < large) {
                    large = at;
                    last = pair.getKey();
                }
            }
            if (last != null) {
                int octets = route.search().due(new PathSearch.Signs(large, heard), now);
                if (octets > 0) {
                    due.add(new Probe(last.id(), last.carriage().path(), octets));
                }
            }
        }
        return due;
    }

    private static long since(long at, long now) {
        return at == SaUsage.NEVER ? Long.MAX_VALUE : now - at;
    }

    /// What became of a probe whose packet had `octets`.
    ///
    /// @return what the path takes now, if that has changed
    public Optional<Integer> probed(Path path, int octets, boolean passed, long now) {
        Route route = routes.get(Ends.of(path));
        if (route == null) {
            return Optional.empty();
        }
        boolean changed =
                passed ? route.search().passed(octets, now) : route.search().tooBig(octets, now);
        return changed ? Optional.of(route.mtu().octets(now)) : Optional.empty();
    }
}

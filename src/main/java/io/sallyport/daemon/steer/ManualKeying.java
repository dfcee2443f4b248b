package io.sallyport.daemon.steer;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.daemon.host.HostPlanner;
import io.sallyport.daemon.loop.TrafficLedger;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.port.IpsecBackend;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.spec.child.ManualKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Installs the SAs that a person keyed, without IKE (S4-04; RFC 4301, 4.5.1). One that did not
/// change stays as it is over a reload: its sequence numbers must not begin anew. The IKE loop's
/// thread owns it.
final class ManualKeying {
    /// RFC 3948, 2.1: ESP in UDP uses the port of IKE behind a NAT.
    private static final int UDP_PORT = 4500;

    private final IpsecBackend backend;
    private final TrafficLedger traffic;
    private final Map<Owner, Standing> standing = new LinkedHashMap<>();

    /// The numbers of SAs that IKE makes are positive.
    private long lastId;

    /// @param path both addresses: another child with the same keys is another SA
    private record Wanted(ChildSpec child, Path path) {}

    private record Standing(Wanted wanted, Optional<ChildSa> sa, long sinceNanos) {}

    ManualKeying(IpsecBackend backend, TrafficLedger traffic) {
        this.backend = backend;
        this.traffic = traffic;
    }

    /// Makes the SAs what `vpn` says, but for what is `stopped`, and tells what changed. The
    /// policies stand already.
    List<Event> settle(VpnSpec vpn, Set<String> stopped, long nowNanos) {
        Map<Owner, Wanted> wanted = new LinkedHashMap<>();
        Map<Owner, ConnectionSpec> connections = new LinkedHashMap<>();
        for (ConnectionSpec connection : vpn.connections()) {
            for (ChildSpec child : connection.children()) {
                if (child.options().manual().isPresent() && !stopped.contains(connection.name())) {
                    Owner owner = HostPlanner.owner(connection, child);
                    wanted.put(owner, new Wanted(child, path(connection, child)));
                    connections.put(owner, connection);
                }
            }
        }
        List<Event> news = new ArrayList<>();
        for (Owner owner : List.copyOf(standing.keySet())) {
            Standing was = standing.get(owner);
            if (was != null && !was.wanted().equals(wanted.get(owner))) {
                standing.remove(owner);
                was.sa()
                        .ifPresent(sa -> {
                            traffic.removed(sa.id(), backend.usage(sa.id()));
                            backend.remove(sa.id());
                            news.add(
                                    new Event.ChildClosed(
                                            owner.connection(),
                                            sa,
                                            "its configuration says so",
                                            true));
                        });
            }
        }
        wanted.forEach((owner, what) -> {
            ConnectionSpec connection = connections.get(owner);
            if (!standing.containsKey(owner) && connection != null) {
                news.add(install(connection, owner, what, nowNanos));
            }
        });
        return news;
    }

    /// The SA of an owner, as it is shown.
    Optional<ChildSaView> view(Owner owner) {
        Standing there = standing.get(owner);
        if (there == null) {
            return Optional.empty();
        }
        return there.sa()
                .map(sa ->
                        new ChildSaView(
                                sa,
                                "MANUAL",
                                there.sinceNanos(),
                                Long.MAX_VALUE,
                                Long.MAX_VALUE,
                                backend.usage(sa.id())));
    }

    private Event install(ConnectionSpec connection, Owner owner, Wanted what, long nowNanos) {
        ChildSa sa = childSa(--lastId, owner, what);
        try {
            backend.install(sa);
        } catch (IllegalArgumentException e) {
            standing.put(owner, new Standing(what, Optional.empty(), nowNanos));
            return new Event.Failed(
                    new Failure(
                            connection.name(),
                            what.path().remote().address().toString(),
                            "manual keying",
                            String.valueOf(e.getMessage()),
                            "",
                            "",
                            connection.origin()));
        }
        backend.activate(sa.id());
        traffic.installed(sa);
        standing.put(owner, new Standing(what, Optional.of(sa), nowNanos));
        return new Event.ChildEstablished(connection.name(), sa, false);
    }

    private static ChildSa childSa(long id, Owner owner, Wanted what) {
        ManualKeys keys = what.child().options().manual().orElseThrow();
        return new ChildSa(
                id,
                owner,
                keys.suite(),
                half(keys.in()),
                half(keys.out()),
                what.child().selectors(),
                new Carriage(what.path(), keys.udp()),
                new ChildSa.Handling(
                        what.child().mode(),
                        what.child().replayWindow(),
                        Optional.empty(),
                        VolumeLimits.NONE,
                        keys.ah().map(ah -> new AhPair(half(ah.in()), half(ah.out()))),
                        OuterHeader.of(what.child().options().packets())));
    }

    private static SaHalf half(ManualKeys.Half half) {
        return new SaHalf(half.spi(), half.encryptionKey(), half.integrityKey(), half.sequence());
    }

    private static Path path(ConnectionSpec connection, ChildSpec child) {
        boolean udp = child.options().manual().filter(ManualKeys::udp).isPresent();
        int port = udp ? UDP_PORT : 0;
        return new Path(
                new Endpoint(address(connection.local().address()), port),
                new Endpoint(address(connection.remote().address()), port));
    }

    private static IpAddress address(AddressSpec spec) {
        if (spec instanceof AddressSpec.Fixed(IpAddress address)) {
            return address;
        }
        throw new IllegalArgumentException("manual keys between " + spec);
    }
}

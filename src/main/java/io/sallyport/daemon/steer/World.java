package io.sallyport.daemon.steer;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.daemon.host.HostSystem;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.loop.Jobs;
import io.sallyport.daemon.loop.Outside;
import io.sallyport.daemon.loop.Ports;
import io.sallyport.drivers.tcp.TcpPort;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.AddressSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The world round the IKE loop, made of sockets, routes and names.
public final class World implements Outside {
    private final Ports ports;
    private final HostSystem system;
    private final IkeLoop loop;
    private final Jobs jobs;
    private final Steward steward;
    private final PathWarden paths;
    private final Consumer<Octets> heard;
    private final Consumer<Octets> sent;

    /// Connections that we dial, and of these who is known to stand: what is sent before is sent
    /// again when it does, and must not go twice.
    private final Map<Path, Boolean> dialled = new HashMap<>();

    /// @param heard takes every IKE message that came, on the loop's thread
    /// @param sent takes every IKE message that goes
    public World(
            Ports ports,
            HostSystem system,
            IkeLoop loop,
            Jobs jobs,
            Steward steward,
            PathWarden paths,
            Consumer<Octets> heard,
            Consumer<Octets> sent) {
        this.ports = ports;
        this.system = system;
        this.loop = loop;
        this.jobs = jobs;
        this.steward = steward;
        this.paths = paths;
        this.heard = heard;
        this.sent = sent;
    }

    @Override
    public void heard(Octets message) {
        heard.accept(message);
    }

    @Override
    public void send(Path path, Octets message) {
        if (dialled.getOrDefault(path, true)) {
            sent.accept(message);
            ports.sendIke(path, message);
        }
    }

    @Override
    public void sendWhole(Path path, Octets message) {
        sent.accept(message);
        ports.sendWhole(path, message);
    }

    @Override
    public void dial(Path path) {
        TcpPort tcp = ports.tcp();
        if (tcp == null) {
            loop.offer(new Input.TcpDown(path, "the kernel's data plane has no ESP in TCP"));
        } else {
            dialled.put(path, false);
            tcp.dial(path);
        }
    }

    @Override
    public void dialled(Path path, boolean stands) {
        dialled.computeIfPresent(path, (_, _) -> stands);
    }

    @Override
    public void keepTcp(Path path) {
        TcpPort tcp = ports.tcp();
        if (tcp != null) {
            tcp.keep(path);
        }
    }

    @Override
    public void hangUp(Path path) {
        TcpPort tcp = ports.tcp();
        dialled.remove(path);
        if (tcp != null) {
            tcp.hangUp(path);
        }
    }

    @Override
    public void probed(Path path, int octets, boolean passed) {
        paths.probed(path, octets, passed);
    }

    @Override
    public void keepalive(Path path) {
        ports.sendKeepalive(path);
    }

    @Override
    public void installing(ChildSa sa) {
        steward.installing(sa);
    }

    @Override
    public void removed(long id) {
        steward.removed(id);
    }

    @Override
    public void tell(Event event) {
        steward.take(event);
    }

    @Override
    public long catchUp() {
        return steward.catchUp();
    }

    /// Names are looked up off the loop, before each try: the answer may change.
    @Override
    public void resolve(Output.Resolve wanted) {
        switch (wanted.remote()) {
            case AddressSpec.Fixed(IpAddress address) -> answer(wanted, List.of(address), "");
            case AddressSpec.Named(String name) ->
                    jobs.waitFor("look-up of " + name, () -> lookUp(wanted, name));
            case AddressSpec.Any _, AddressSpec.DefaultRoute _, AddressSpec.Within _ ->
                    loop.offer(
                            new Input.Resolved(
                                    wanted.lookup(),
                                    wanted.connection(),
                                    List.of(),
                                    "the peer may have any address: it must begin"));
        }
    }

    private void lookUp(Output.Resolve wanted, String name) {
        List<IpAddress> found = new ArrayList<>();
        String why = "";
        try {
            for (InetAddress address : InetAddress.getAllByName(name)) {
                found.add(IpAddress.ofOctets(Octets.of(address.getAddress())));
            }
        } catch (UnknownHostException e) {
            why = name + " has no address";
        }
        String reason = why;
        var _ =
                loop.ask(
                        "resolve",
                        _ -> {
                            answer(wanted, found, reason);
                            return true;
                        });
    }

    /// On the loop's thread: the routes belong to it.
    private void answer(Output.Resolve wanted, List<IpAddress> remotes, String reason) {
        List<Path> paths = new ArrayList<>();
        String why = reason;
        for (IpAddress remote : remotes) {
            Optional<IpAddress> ours;
            try {
                ours =
                        wanted.local() instanceof AddressSpec.Fixed(IpAddress fixed)
                                ? Optional.of(fixed)
                                : system.sourceTo(remote);
            } catch (IOException e) {
                ours = Optional.empty();
                why = "no route to " + remote + ": " + e.getMessage();
            }
            if (ours.isPresent() && ours.get().v6() == remote.v6()) {
                paths.add(
                        new Path(
                                new Endpoint(ours.get(), Ports.IKE),
                                new Endpoint(remote, Ports.IKE)));
            } else if (why.isEmpty()) {
                why = "no route to " + remote;
            }
        }
        loop.offer(
                new Input.Resolved(
                        wanted.lookup(), wanted.connection(), paths, paths.isEmpty() ? why : ""));
    }
}

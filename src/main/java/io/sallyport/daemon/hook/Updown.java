package io.sallyport.daemon.hook;

import io.sallyport.base.net.IpAddress;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.spec.child.HookSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// Tells the program of a child (`updown`, `leftupdown`) that it came or went, as strongSwan's
/// updown plugin does: once for each pair of selectors, not when an SA is merely replaced. Going is
/// told with what was told at coming, so that a program takes away what it made. The IKE loop's
/// thread owns it; the programs run elsewhere, and nothing here waits for them.
///
/// ```text
///  first SA of a child           up
///  rekeyed, reauthenticated      nothing; with other selectors or virtual addresses: down, up
///  the last of them is gone      down
/// ```
public final class Updown {
    /// charon waits for ever; here a program that hangs is killed, and the next one begins.
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private final World world;
    private final HookRunner runner;
    private final Hooks hooks;

    /// What was told to come and not yet to go, by the number of its newest SA.
    private final Map<Long, Told> told = new LinkedHashMap<>();

    /// What the peers of a connection gave us to ask.
    private final Map<String, List<IpAddress>> dns = new HashMap<>();

    /// @param down what is told in the end. The SA itself is not kept: it has keys.
    private record Told(
            Owner owner,
            String remoteId,
            SelectorPair selectors,
            String command,
            List<Map<String, String>> down) {}

    /// What is asked of the rest of the daemon, on the loop's thread.
    ///
    /// @param views the IKE SAs of a connection
    /// @param uniqueId of an IKE SA, as `--list-sas` shows it
    /// @param reqid of a child, likewise
    /// @param device the interface that has an address
    public record World(
            Supplier<VpnSpec> vpn,
            Function<String, List<IkeSaView>> views,
            ToLongFunction<IkeSaView> uniqueId,
            ToLongFunction<Owner> reqid,
            Function<IpAddress, Optional<String>> device,
            Consumer<LogLine> log) {}

    /// @param limit what takes longer is killed
    public Updown(World world, Duration limit) {
        this.world = world;
        this.runner = new HookRunner(limit, world.log());
        this.hooks = new Hooks(world.vpn());
    }

    /// On the loop's thread.
    public void take(Event event) {
        switch (event) {
            case Event.ChildEstablished e when e.rekeyed() -> replaced(e.connection(), e.sa());
            case Event.ChildEstablished e -> came(e.connection(), e.sa());
            case Event.ChildClosed e -> went(e);
            case Event.AddressesBorrowed e -> dns.put(e.connection(), e.dns());
            case Event.AddressesReturned e -> dns.remove(e.connection());
            default -> {
                // nothing that a program is told
            }
        }
    }

    /// Waits until all programs are done.
    ///
    /// @return false if that took longer
    public boolean finish(Duration most) {
        return runner.finish(most);
    }

    private Optional<IkeSaView> ike(String connection, long child) {
        return world.views().apply(connection).stream()
                .filter(view -> view.children().stream().anyMatch(c -> c.sa().id() == child))
                .findFirst();
    }

    private void came(String connection, ChildSa sa) {
        Optional<HookSpec> hook = hooks.of(sa.owner());
        Optional<IkeSaView> ike = hook.isEmpty() ? Optional.empty() : ike(connection, sa.id());
        if (hook.isEmpty() || ike.isEmpty()) {
            return;
        }
        HookEnvironment.Facts facts =
                new HookEnvironment.Facts(
                        world.device().apply(ike.get().path().local().address()).orElse("unknown"),
                        world.reqid().applyAsLong(sa.owner()),
                        world.uniqueId().applyAsLong(ike.get()),
                        dns.getOrDefault(connection, List.of()),
                        hook.get().hostAccess());
        HookEnvironment environment = new HookEnvironment(sa, ike.get(), facts);
        Told fresh =
                new Told(
                        sa.owner(),
                        ike.get().peer().remoteId(),
                        sa.selectors(),
                        hook.get().updown(),
                        environment.runs(false));
        told.put(sa.id(), fresh);
        run(connection, fresh, environment.runs(true));
    }

    /// What was told of the SA before is kept for the one that took its place.
    private void replaced(String connection, ChildSa sa) {
        if (told.isEmpty()) {
            return; // most have no programs: nothing is looked through for them
        }
        ike(connection, sa.id())
                .flatMap(view -> before(view, sa))
                .ifPresent(before -> inherit(connection, before, sa));
    }

    /// The SA of this child whose place was taken: one under the same IKE SA (rekeyed), else one
    /// that carried the same (reauthenticated). Two peers may bear one identity.
    private Optional<Long> before(IkeSaView view, ChildSa sa) {
        Set<Long> siblings =
                view.children().stream().map(c -> c.sa().id()).collect(Collectors.toSet());
        return told.entrySet().stream()
                .filter(e -> e.getValue().owner().equals(sa.owner()))
                .filter(e -> e.getValue().remoteId().equals(view.peer().remoteId()))
                .min(
                        Comparator.comparing(
                                        (Map.Entry<Long, Told> e) -> !siblings.contains(e.getKey()))
                                .thenComparing(
                                        e -> !e.getValue().selectors().equals(sa.selectors())))
                .map(Map.Entry::getKey);
    }

    private void inherit(String connection, long before, ChildSa heir) {
        Told it = told.remove(before);
        if (it == null) {
            return;
        }
        if (it.selectors().equals(heir.selectors())) {
            told.put(heir.id(), it);
        } else {
            run(connection, it, it.down());
            came(connection, heir);
        }
    }

    private void went(Event.ChildClosed e) {
        Told it = told.get(e.sa().id());
        if (it == null) {
            return;
        }
        Optional<ChildSa> heir =
                e.last() ? Optional.empty() : heir(e.connection(), it.owner(), it.remoteId());
        if (heir.isPresent()) {
            inherit(e.connection(), e.sa().id(), heir.get());
        } else {
            told.remove(e.sa().id());
            run(e.connection(), it, it.down());
        }
    }

    /// Another SA of the child with this peer, of which nothing was told by itself.
    private Optional<ChildSa> heir(String connection, Owner owner, String remoteId) {
        return world.views().apply(connection).stream()
                .filter(view -> view.peer().remoteId().equals(remoteId))
                .flatMap(view -> view.children().stream())
                .map(ChildSaView::sa)
                .filter(sa -> sa.owner().equals(owner) && !told.containsKey(sa.id()))
                .findFirst();
    }

    private void run(String connection, Told it, List<Map<String, String>> runs) {
        for (Map<String, String> environment : runs) {
            runner.add(
                    new HookRunner.Run(
                            connection,
                            it.owner() + " of " + it.remoteId(),
                            environment.get("PLUTO_VERB") + " of child " + it.owner().child(),
                            it.command(),
                            environment));
        }
    }
}

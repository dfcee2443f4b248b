package io.sallyport.daemon.hook;

import io.sallyport.base.net.IpAddress;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.spec.child.HookSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells the program of a child (`updown`, `leftupdown`) that it came or went, as strongSwan's
/// updown plugin does: once for each pair of selectors, not when an SA is merely replaced. Going is
/// told with what was told at coming, so that a program takes away what it made. The IKE loop's
/// thread owns it; the programs run elsewhere.
public final class Updown {
    /// A word of a command: as it is, or between quotes.
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    /// charon waits for ever; here a program that hangs is killed, and the next one begins.
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private final World world;
    private final HookRunner runner;

    /// What was told to come and not yet to go, by the number of its newest SA.
    private final Map<Long, Told> told = new LinkedHashMap<>();

    /// What the peers of a connection gave us to ask.
    private final Map<String, List<IpAddress>> dns = new HashMap<>();

    private record Told(
            Owner owner, String remoteId, List<String> command, HookEnvironment environment) {}

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

    private Optional<HookSpec> hook(Owner owner) {
        for (ConnectionSpec connection : world.vpn().get().connections()) {
            if (connection.name().equals(owner.connection())) {
                for (ChildSpec child : connection.children()) {
                    if (child.name().equals(owner.child())) {
                        return Optional.of(child.options().hook()).filter(HookSpec::runs);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<IkeSaView> ike(String connection, long child) {
        return world.views().apply(connection).stream()
                .filter(view -> view.children().stream().anyMatch(c -> c.sa().id() == child))
                .findFirst();
    }

    private void came(String connection, ChildSa sa) {
        Optional<HookSpec> hook = hook(sa.owner());
        Optional<IkeSaView> ike =
                hook.isEmpty() ? Optional.empty() : ike(connection, sa.id());
        if (hook.isEmpty() || ike.isEmpty()) {
            return;
        }
        HookEnvironment.Facts facts =
                new HookEnvironment.Facts(
                        world.device()
                                .apply(ike.get().path().local().address())
                                .orElse("unknown"),
                        world.reqid().applyAsLong(sa.owner()),
                        world.uniqueId().applyAsLong(ike.get()),
                        dns.getOrDefault(connection, List.of()),
                        hook.get().hostAccess());
        Told fresh =
                new Told(
                        sa.owner(),
                        ike.get().peer().remoteId(),
                        words(hook.get().updown()),
                        new HookEnvironment(sa, ike.get(), facts));
        told.put(sa.id(), fresh);
        run(connection, fresh, true);
    }

    /// What was told of the SA before is kept for the one that took its place.
    private void replaced(String connection, ChildSa sa) {
        Optional<String> peer = ike(connection, sa.id()).map(view -> view.peer().remoteId());
        told.entrySet().stream()
                .filter(e -> e.getValue().owner().equals(sa.owner()))
                .filter(e -> peer.filter(id -> !id.equals(e.getValue().remoteId())).isEmpty())
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(before -> {
                    Told it = told.remove(before);
                    if (it != null) {
                        told.put(sa.id(), it);
                    }
                });
    }

    private void went(Event.ChildClosed e) {
        Told it = told.remove(e.sa().id());
        if (it == null) {
            return;
        }
        Optional<Long> heir =
                e.last() ? Optional.empty() : heir(e.connection(), e.sa().owner(), it.remoteId());
        if (heir.isPresent()) {
            told.put(heir.get(), it);
        } else {
            run(e.connection(), it, false);
        }
    }

    /// Another SA of the child with this peer, of which nothing was told by itself.
    private Optional<Long> heir(String connection, Owner owner, String remoteId) {
        return world.views().apply(connection).stream()
                .filter(view -> view.peer().remoteId().equals(remoteId))
                .flatMap(view -> view.children().stream())
                .filter(child -> child.sa().owner().equals(owner))
                .map(child -> child.sa().id())
                .filter(id -> !told.containsKey(id))
                .findFirst();
    }

    private void run(String connection, Told it, boolean up) {
        for (Map<String, String> environment : it.environment().runs(up)) {
            runner.add(
                    new HookRunner.Run(
                            connection,
                            environment.get("PLUTO_VERB") + " of child " + it.owner().child(),
                            it.command(),
                            environment));
        }
    }

    /// A command without a shell: words between blanks, quotes round those that have some.
    static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher m = WORD.matcher(command);
        while (m.find()) {
            for (int group = 1; group <= 3; group++) {
                if (m.group(group) != null) {
                    words.add(m.group(group));
                }
            }
        }
        return words;
    }
}

package io.sallyport.sim;

import io.sallyport.ike.IkeEngine;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.spec.ChildSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What must hold in every world. What takes two messages to come true is given time, counted from
/// when it became so or from when the network was last bad, whichever is later.
final class Rules {
    private static final long SECOND = Scenario.SECOND;

    private final World world;

    /// Since when something is as it must not stay.
    private final Map<String, Long> since = new HashMap<>();

    private final Set<String> seen = new HashSet<>();
    private final long patience;
    private long longestRecovery;
    private long lost;

    Rules(World world) {
        this.world = world;
        // A whole retransmission comes to nothing, and then once more; and the breaks between.
        this.patience = 2 * world.scenario.settings().patienceNanos() + 20 * SECOND;
    }

    /// From the end of what was bad until all children were up.
    long longestRecovery() {
        return longestRecovery;
    }

    /// Packets that did not come out, bad times included.
    long lost() {
        return lost;
    }

    // ---- at each step

    /// What the engine believes to be installed is what is installed.
    void step(Gateway g) {
        List<String> errors = g.plane.errors();
        if (!errors.isEmpty()) {
            throw new Violation(g.name + ": " + errors);
        }
    }

    void unsent(Gateway from, String key) {
        lost++;
        if (world.calm() > patience && !world.scenario.volume()) {
            throw new Violation(from.name + " has no SA for a packet of " + key + " in calm times");
        }
    }

    void notReceived(Gateway to, String key, Plane.Token token, long calm) {
        lost++;
        if (calm > patience
                && world.calm() > patience
                && !world.isClosing()
                && !world.scenario.volume()) {
            throw new Violation(
                    "%s cannot read a packet of %s in calm times: SPI %08x, number %d"
                            .formatted(to.name, key, token.spi(), token.number()));
        }
    }

    // ---- now and then

    void look() {
        seen.clear();
        boolean up = true;
        for (Scenario.Tie tie : world.scenario.ties()) {
            Gateway a = world.gateways.get(tie.a());
            Gateway b = world.gateways.get(tie.b());
            for (ChildSpec child : tie.ofA().children()) {
                up &= isUp(tie, child, a, b);
            }
            twins(tie, a, b);
            twins(tie, b, a);
            sessions(tie, a, b);
            sessions(tie, b, a);
        }
        for (Gateway g : world.gateways) {
            inventory(g);
        }
        since.keySet().retainAll(seen);
        if (!up && world.calm() > 0) {
            longestRecovery = Math.max(longestRecovery, world.calm());
        }
    }

    /// Something that is as it must not stay longer than `most`.
    private void fleeting(String what, long most) {
        seen.add(what);
        long began = since.computeIfAbsent(what, _ -> world.now());
        long calm = world.calm();
        if (Math.min(world.now() - began, calm) > most) {
            throw new Violation(
                    what
                            + " since "
                            + (world.now() - began) / SECOND
                            + " s, of which "
                            + calm / SECOND
                            + " s calm");
        }
    }

    private boolean isUp(Scenario.Tie tie, ChildSpec child, Gateway a, Gateway b) {
        if (world.isClosing()) {
            return true;
        }
        String key = tie.connection() + "/" + child.name();
        Optional<Plane.Pair> ofA = a.plane.active(key);
        Optional<Plane.Pair> ofB = b.plane.active(key);
        boolean up =
                ofA.isPresent()
                        && ofB.isPresent()
                        && b.plane.isTwin(ofA.get())
                        && a.plane.isTwin(ofB.get());
        if (!up) {
            fleeting(key + " is not up at both ends", patience);
        }
        return up;
    }

    /// No SA without its twin, and none beside the one in use, for long.
    private void twins(Scenario.Tie tie, Gateway here, Gateway there) {
        for (Plane.Pair pair : here.plane.pairs()) {
            if (!pair.sa.owner().connection().equals(tie.connection())) {
                continue;
            }
            if (!there.plane.isTwin(pair)) {
                fleeting(here.name + " has an orphan: " + World.ids(pair.sa), patience);
            }
            if (!here.plane.isActive(pair)) {
                fleeting(
                        here.name + " has one that nothing is sent over: " + World.ids(pair.sa),
                        patience);
            }
        }
    }

    /// No IKE SA without its twin, and no two of one connection, for long.
    private void sessions(Scenario.Tie tie, Gateway here, Gateway there) {
        List<IkeSaView> ours = here.engine().viewsOf(tie.connection());
        List<IkeSaView> theirs = there.engine().viewsOf(tie.connection());
        int established = 0;
        for (IkeSaView sa : ours) {
            String name = here.name + " " + sa.keys().initiatorSpi();
            if (!sa.state().equals("ESTABLISHED")) {
                fleeting(name + " is half open (" + sa.state() + ")", 2 * patience);
                continue;
            }
            established++;
            boolean twin =
                    theirs.stream()
                            .anyMatch(t ->
                                    t.state().equals("ESTABLISHED")
                                            && t.keys()
                                                    .initiatorSpi()
                                                    .equals(sa.keys().initiatorSpi())
                                            && t.keys()
                                                    .responderSpi()
                                                    .equals(sa.keys().responderSpi()));
            if (!twin) {
                fleeting(name + " is an IKE SA without twin", patience + 10 * SECOND);
            }
        }
        if (established > 1) {
            fleeting(here.name + " has several IKE SAs of " + tie.connection(), patience);
        }
    }

    /// The engine's books and the data plane's are the same.
    private void inventory(Gateway g) {
        Set<Long> engine = new HashSet<>();
        boolean complete = true;
        for (IkeSaView sa : g.engine().views()) {
            for (ChildSaView child : sa.children()) {
                engine.add(child.sa().id());
            }
        }
        Set<Long> plane = g.plane.ids();
        complete &= plane.containsAll(engine);
        if (!complete) {
            throw new Violation(g.name + " believes in SAs " + engine + ", installed are " + plane);
        }
        IkeEngine.Holdings held = g.engine().holdings();
        if (held.inboundSpis() > plane.size() + 8) {
            fleeting(
                    g.name + " keeps " + held.inboundSpis() + " SPIs for " + plane.size() + " SAs",
                    patience);
        }
    }

    // ---- at the end

    /// After all is closed nothing is left.
    void empty() {
        for (Gateway g : world.gateways) {
            if (!g.plane.pairs().isEmpty()) {
                throw new Violation(
                        g.name
                                + " was closed and keeps "
                                + g.plane.pairs().stream().map(p -> World.ids(p.sa)).toList());
            }
            IkeEngine.Holdings held = g.engine().holdings();
            if (!held.isEmpty()) {
                throw new Violation(g.name + " was closed and keeps " + held);
            }
        }
    }
}

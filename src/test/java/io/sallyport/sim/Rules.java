package io.sallyport.sim;

import io.sallyport.base.Octets;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ChildSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What must hold in every world. What takes messages to come true is given time, counted from when
/// it became so or from when the network was last bad, whichever is later: after bad times until a
/// retransmission has come to nothing twice, in settled times no more than the exchanges need.
final class Rules {
    private static final long SECOND = Scenario.SECOND;

    /// In settled times: how long the ends may send over different SAs. The successor is used when
    /// the peer shows that it has it, by a packet, of which one comes a second.
    private static final long AGREEMENT = 6 * SECOND;

    /// In settled times: how long a child SA may be at one end only. A DELETE may wait for an
    /// exchange that is under way.
    private static final long TELLING = 4 * SECOND;

    /// In settled times: how long both ends may have what neither uses. What both made at once is
    /// the peer's to delete for four times the handover, and again when it stood in for a successor
    /// that was closed.
    private static final long TIDYING = 18 * SECOND;

    /// In settled times: how long a child may be down after somebody ended it on purpose.
    private static final long RETURN = 30 * SECOND;

    private final World world;

    /// Since when something is as it must not stay.
    private final Map<String, Long> since = new HashMap<>();

    private final Set<String> seen = new HashSet<>();
    private final long patience;
    private final long longestWait;
    private long longestRecovery;
    private long lost;

    Rules(World world) {
        this.world = world;
        // A whole retransmission comes to nothing, and then once more; and the breaks between.
        this.longestWait = world.scenario.settings().retransmit().most().toNanos();
        this.patience = 2 * world.scenario.settings().patienceNanos() + 20 * SECOND;
    }

    /// Whether the last bad times are so long ago that nothing of them is left.
    private boolean isSettled(long steady) {
        return steady > patience;
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

    /// An answer to what was answered before does nothing: the Message ID "is used to match up
    /// requests and responses" (RFC 7296, 2.2).
    void lateAnswer(Gateway g, Octets datagram, List<Output> outputs) {
        if (!outputs.stream().allMatch(o -> o instanceof Output.Tell(Event.Noticed _))) {
            throw new Violation(
                    "%s believes a late answer of IKE SA %s: %s"
                            .formatted(g.name, datagram.slice(0, 8).hex(), outputs));
        }
    }

    /// "the initiator is responsible for retransmission in the event of a timeout" (RFC 7296, 2.1).
    private void asksAgain(Gateway g, IkeSaView sa) {
        long spiI = Long.parseUnsignedLong(sa.keys().initiatorSpi(), 16);
        long spiR = Long.parseUnsignedLong(sa.keys().responderSpi(), 16);
        if (g.turns.isForgotten(spiI, spiR, world.now() - longestWait - SECOND)) {
            throw new Violation(
                    g.name + " does not ask again under IKE SA " + sa.keys().initiatorSpi());
        }
    }

    void unsent(Gateway from, Scenario.Tie tie, String key) {
        lost++;
        if (isSettled(world.steady()) && world.sinceOrder(tie) > RETURN && !isExcused()) {
            throw new Violation(from.name + " has no SA for a packet of " + key + " in calm times");
        }
    }

    void notReceived(
            Gateway to, Scenario.Tie tie, String key, Plane.Token token, long steadyWhenSent) {
        lost++;
        if (isSettled(steadyWhenSent)
                && isSettled(world.steady())
                && world.sinceOrder(tie) > RETURN
                && !isExcused()) {
            throw new Violation(
                    "%s cannot read a packet of %s in calm times: SPI %08x, number %d"
                            .formatted(to.name, key, token.spi(), token.number()));
        }
    }

    private boolean isExcused() {
        return world.isClosing() || world.scenario.volume();
    }

    // ---- now and then

    void look() {
        seen.clear();
        boolean up = true;
        List<List<IkeSaView>> views = world.gateways.stream().map(g -> g.engine().views()).toList();
        for (Scenario.Tie tie : world.scenario.ties()) {
            Gateway a = world.gateways.get(tie.a());
            Gateway b = world.gateways.get(tie.b());
            for (ChildSpec child : tie.ofA().children()) {
                up &= isUp(tie, child, a, b);
            }
            twins(tie, a, b);
            twins(tie, b, a);
            sessions(tie, a, views.get(a.index), views.get(b.index));
            sessions(tie, b, views.get(b.index), views.get(a.index));
        }
        for (Gateway g : world.gateways) {
            inventory(g, views.get(g.index));
        }
        since.keySet().retainAll(seen);
        if (!up && world.steady() > 0) {
            longestRecovery = Math.max(longestRecovery, world.steady());
        }
    }

    /// Something that is as it must not stay longer than `most`, and longer than `settled` in
    /// settled times.
    private void fleeting(String what, long most, long settled) {
        seen.add(what);
        long began = since.computeIfAbsent(what, _ -> world.now());
        long age = world.now() - began;
        long steady = world.steady();
        if (Math.min(age, steady) > most || Math.min(age, steady - patience) > settled) {
            throw new Violation(
                    what
                            + " since "
                            + age / SECOND
                            + " s, of which "
                            + Math.min(age, steady) / SECOND
                            + " s calm");
        }
    }

    private boolean isUp(Scenario.Tie tie, ChildSpec child, Gateway a, Gateway b) {
        if (world.isClosing() || world.sinceOrder(tie) < RETURN) {
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
            fleeting(key + " is not up at both ends", patience, AGREEMENT);
        } else if (!Plane.areTwins(ofA.get(), ofB.get())) {
            fleeting(
                    "the ends of %s send over different SAs, %d and %d"
                            .formatted(key, ofA.get().sa.id(), ofB.get().sa.id()),
                    patience,
                    AGREEMENT);
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
                // Who closes a child in the moment in which the other end still works out the
                // answer that made it, is told of nothing: that end has it until it is replaced.
                long settled = world.sinceOrder(tie) > RETURN ? TELLING : TIDYING;
                fleeting(pair.name(here) + " is an orphan", patience, settled);
            }
            if (!here.plane.isActive(pair)) {
                fleeting(pair.name(here) + " is sent over by nobody", patience, TIDYING);
            }
        }
    }

    /// No IKE SA without its twin, and no two of one connection, for long.
    private void sessions(
            Scenario.Tie tie, Gateway here, List<IkeSaView> ours, List<IkeSaView> theirs) {
        long newest =
                ours.stream()
                        .filter(sa -> sa.connection().equals(tie.connection()))
                        .filter(sa -> sa.state().equals("ESTABLISHED"))
                        .mapToLong(sa -> sa.times().establishedNanos())
                        .max()
                        .orElse(0);
        for (IkeSaView sa : ours) {
            if (!sa.connection().equals(tie.connection())) {
                continue;
            }
            String name = here.name + " " + sa.keys().initiatorSpi();
            if (!sa.state().equals("ESTABLISHED")) {
                fleeting(
                        name + " is half open (" + sa.state() + ")",
                        2 * patience,
                        RETURN + TIDYING);
                continue;
            }
            asksAgain(here, sa);
            if (sa.times().establishedNanos() < newest) {
                fleeting(name + " has a successor and stays", patience, 2 * TIDYING);
            }
            if (theirs.stream().noneMatch(t -> areTwins(sa, t))) {
                fleeting(name + " is an IKE SA without twin", patience + 10 * SECOND, TIDYING);
            }
        }
    }

    private static boolean areTwins(IkeSaView one, IkeSaView other) {
        return other.state().equals("ESTABLISHED")
                && one.keys().initiatorSpi().equals(other.keys().initiatorSpi())
                && one.keys().responderSpi().equals(other.keys().responderSpi());
    }

    /// The engine's books and the data plane's are the same.
    private void inventory(Gateway g, List<IkeSaView> views) {
        Set<Long> engine = new HashSet<>();
        boolean complete = true;
        for (IkeSaView sa : views) {
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
                    patience,
                    TIDYING);
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

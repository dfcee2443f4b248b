package io.sallyport.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.filter.Term;
import io.sallyport.drivers.filter.Wall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` between any two steps of any change, and a start with either configuration after it:
/// what both protect is protected at every moment, nothing is carried before its guards stand, and
/// at the end everything is as it was.
class CrashTest {
    private static final String NAME = "Tunnel1";
    private static final IpPrefix ONE = IpPrefix.of("10.98.0.0/24");
    private static final IpPrefix TWO = IpPrefix.of("10.97.0.0/24");
    private static final IpPrefix SIX = IpPrefix.of("fd97::/64");
    private static final IpPrefix LAN = IpPrefix.of("10.99.0.0/24");

    /// The process is gone in the middle of its work.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @TempDir Path folder;
    private int journals;

    private static LinkWish link(String name, int mtu) {
        return new LinkWish(name, List.of(), List.of(), mtu, true);
    }

    private static RouteWish way(IpPrefix to, int table, String link) {
        IpAddress any = to.address().v6() ? IpAddress.ANY6 : IpAddress.ANY4;
        return new RouteWish(RouteWish.Kind.UNICAST, to, table, link, 100, any);
    }

    private static HostPlan plan(List<LinkWish> links, List<Term> terms, RouteWish... routes) {
        Set<String> names = new HashSet<>();
        links.forEach(l -> names.add(l.name()));
        boolean rule4 = false;
        boolean rule6 = false;
        for (RouteWish route : routes) {
            boolean ruled = route.table() == HostPlan.TABLE;
            rule4 |= ruled && !route.destination().address().v6();
            rule6 |= ruled && route.destination().address().v6();
        }
        return new HostPlan(
                links,
                List.of(routes),
                rule4,
                rule6,
                true,
                rule6,
                List.of(IpAddress.of("192.0.2.9")),
                new Wall(names, terms),
                List.of());
    }

    private static Term from(IpPrefix far) {
        return new Term(Term.Answer.DROP, far, far.address().v6() ? IpPrefix.ALL6 : LAN);
    }

    /// Waiting, up, with another network, of another MTU, by policy, both, none.
    private static final List<HostPlan> PLANS =
            List.of(
                    HostPlan.EMPTY,
                    plan(
                            List.of(link(NAME, 1419)),
                            List.of(from(ONE)),
                            RouteWish.guard(ONE, HostPlan.MAIN)),
                    plan(
                            List.of(link(NAME, 1419)),
                            List.of(from(ONE)),
                            RouteWish.guard(ONE, HostPlan.MAIN),
                            way(ONE, HostPlan.MAIN, NAME)),
                    plan(
                            List.of(link(NAME, 1400)),
                            List.of(from(ONE), from(TWO)),
                            RouteWish.guard(ONE, HostPlan.MAIN),
                            RouteWish.guard(TWO, HostPlan.MAIN),
                            way(ONE, HostPlan.MAIN, NAME),
                            way(TWO, HostPlan.MAIN, NAME)),
                    plan(
                            List.of(link(HostPlan.SHARED, 1400)),
                            List.of(from(TWO), from(SIX)),
                            RouteWish.guard(TWO, HostPlan.TABLE),
                            RouteWish.guard(SIX, HostPlan.TABLE),
                            RouteWish.pass(LAN, HostPlan.TABLE),
                            way(TWO, HostPlan.TABLE, HostPlan.SHARED),
                            way(SIX, HostPlan.TABLE, HostPlan.SHARED)),
                    plan(
                            List.of(link(NAME, 1419), link(HostPlan.SHARED, 1400)),
                            List.of(from(ONE), from(TWO)),
                            RouteWish.guard(ONE, HostPlan.MAIN),
                            RouteWish.guard(TWO, HostPlan.TABLE),
                            way(ONE, HostPlan.MAIN, NAME),
                            way(TWO, HostPlan.TABLE, HostPlan.SHARED)));

    /// @param strict settings have to be changed, and the journal has to reach the disk before
    private static MemorySystem system(boolean strict) {
        MemorySystem system = new MemorySystem();
        system.settings.put("net.ipv4.ip_forward", strict ? "0" : "1");
        system.settings.put("net.ipv6.conf.all.forwarding", strict ? "0" : "1");
        system.settings.put("net.ipv4.conf.all.rp_filter", strict ? "1" : "0");
        system.settings.put("net.ipv4.conf.eth0.rp_filter", "0");
        return system;
    }

    private static boolean guarded(MemorySystem system, RouteWish guard) {
        return system.routes.containsKey(guard.key())
                && (guard.table() == HostPlan.MAIN
                        || system.rules.contains(guard.destination().address().v6()));
    }

    private static List<RouteWish> guards(HostPlan plan) {
        return plan.routes().stream().filter(r -> r.kind() == RouteWish.Kind.BLACKHOLE).toList();
    }

    /// What `a` and `b` both protect is protected now.
    private static void assertClosed(MemorySystem system, HostPlan a, HostPlan b) {
        for (RouteWish guard : guards(a)) {
            if (guards(b).contains(guard)) {
                assertTrue(guarded(system, guard), () -> guard + " after " + system.steps);
            }
        }
        for (Term term : a.wall().terms()) {
            if (b.wall().terms().contains(term)) {
                assertTrue(
                        system.wall.terms().contains(term), () -> term + " after " + system.steps);
            }
        }
    }

    /// Nothing is carried where nothing protects.
    private static void assertGuardsFirst(MemorySystem system) {
        for (RouteWish way : system.routes.values()) {
            if (way.kind() == RouteWish.Kind.UNICAST) {
                assertTrue(
                        guarded(system, RouteWish.guard(way.destination(), way.table())),
                        () -> way + " after " + system.steps);
            }
        }
    }

    private HostNetwork start(MemorySystem system, Path state) throws IOException {
        List<String> told = new ArrayList<>();
        return new HostNetwork(system, StateJournal.open(state), told::add);
    }

    /// From `a` to `b`, killed before the step after `steps`.
    ///
    /// @return whether it came that far
    private boolean killed(MemorySystem system, Path state, HostPlan a, HostPlan b, int steps)
            throws IOException {
        HostNetwork host = start(system, state);
        host.apply(a);
        assertClosed(system, a, a);
        int[] left = {steps};
        system.before =
                () -> {
                    assertClosed(system, a, b);
                    assertGuardsFirst(system);
                    if (left[0]-- == 0) {
                        throw new Killed();
                    }
                };
        try {
            host.apply(b);
            return false;
        } catch (Killed _) {
            return true;
        } finally {
            assertClosed(system, a, b);
            system.before = () -> {};
        }
    }

    @Test
    void wheneverItIsKilledWhatBothProtectIsProtected() throws IOException {
        int kills = 0;
        for (HostPlan a : PLANS) {
            for (HostPlan b : PLANS) {
                for (HostPlan then : List.of(a, b)) {
                    for (int steps = 0; ; steps++) {
                        boolean strict = a.equals(HostPlan.EMPTY) && b.equals(PLANS.getLast());
                        MemorySystem system = system(strict);
                        String clean = system.everything();
                        Path state = folder.resolve("s" + journals++);
                        boolean killed = killed(system, state, a, b, steps);
                        kills += killed ? 1 : 0;
                        system.processDies();
                        assertClosed(system, a, b);
                        HostNetwork next = start(system, state);
                        system.before =
                                () -> {
                                    assertClosed(system, a, b);
                                    assertGuardsFirst(system);
                                };
                        next.apply(then);
                        assertClosed(system, then, then);
                        system.before = () -> assertGuardsFirst(system);
                        next.withdraw();
                        assertEquals(clean, system.everything());
                        if (!killed) {
                            break;
                        }
                    }
                }
            }
        }
        assertTrue(kills > 300, kills + " kills");
    }
}

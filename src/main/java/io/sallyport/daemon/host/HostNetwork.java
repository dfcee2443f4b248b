package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.filter.ClearFilter;
import io.sallyport.drivers.filter.Wall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes the system what a [HostPlan] wants, and unmakes it. It compares what is wanted with what
/// is there, so that a reload, a tunnel that comes or goes, and a restart after `kill -9` are the
/// same work. One thread owns it.
///
/// Nothing leaves in clear on the way: guards are added before routes, and what is no longer wanted
/// is removed last.
public final class HostNetwork {
    private final HostSystem system;
    private final StateJournal journal;
    private final Consumer<String> tell;
    private final Map<String, LinkWish> links = new LinkedHashMap<>();
    private final Map<RouteWish.Key, RouteWish> routes = new LinkedHashMap<>();
    private HostPlan plan = HostPlan.EMPTY;

    /// What the kernel was told last; null: a killed daemon's may stand.
    private @Nullable Wall wall;

    /// @param tell takes what could not be done, as lines for people
    /// @throws IOException if the system does not even tell what is there
    public HostNetwork(HostSystem system, StateJournal journal, Consumer<String> tell)
            throws IOException {
        this.system = system;
        this.journal = journal;
        this.tell = tell;
        for (RouteWish left : system.routes()) {
            routes.put(left.key(), left);
        }
        this.wall = system.hasWall() ? null : Wall.NONE;
    }

    /// What a killed daemon left, a line for each; empty after an orderly stop.
    public List<String> leftovers() throws IOException {
        List<String> left = new ArrayList<>();
        routes.values().forEach(route -> left.add("route " + route));
        for (boolean v6 : new boolean[] {false, true}) {
            if (system.hasRule(v6)) {
                left.add("rule to table " + HostPlan.TABLE + (v6 ? " for IPv6" : " for IPv4"));
            }
        }
        if (system.hasWall()) {
            left.add("table inet " + ClearFilter.TABLE + " of nf_tables");
        }
        journal.settings().forEach(s -> left.add(s.name() + " = " + s.is() + ", was " + s.was()));
        return left;
    }

    /// The plan carried out last.
    public HostPlan plan() {
        return plan;
    }

    /// Makes the system what `wanted` says. A step that fails is told; the others are done all the
    /// same.
    public void apply(HostPlan wanted) {
        for (String finding : wanted.findings()) {
            if (!plan.findings().contains(finding)) {
                tell.accept(finding);
            }
        }
        Map<String, LinkWish> wantedLinks = new HashMap<>();
        wanted.links().forEach(link -> wantedLinks.put(link.name(), link));
        closeChanged(wantedLinks);
        addRoutes(wanted, RouteWish.Kind.BLACKHOLE);
        addRoutes(wanted, RouteWish.Kind.THROW);
        rules(wanted, true);
        boolean walled = wanted.wall().isNone() || wall(wanted);
        settings(wanted);
        if (walled) {
            openMissing(wanted);
        }
        addAddresses(wanted);
        addRoutes(wanted, RouteWish.Kind.UNICAST);
        removeSurplus(wanted);
        removeAddresses(wanted);
        rules(wanted, false);
        for (String name : List.copyOf(links.keySet())) {
            if (!wantedLinks.containsKey(name)) {
                closeLink(name);
            }
        }
        if (wanted.wall().isNone()) {
            wall(wanted);
        }
        plan = wanted;
    }

    /// Something of ours went from the system: what should be there and is not, because somebody
    /// else removed it, is put in again.
    public void mend() {
        attempt(
                "look after what is in the system",
                () -> {
                    Set<RouteWish.Key> there = new HashSet<>();
                    system.routes().forEach(route -> there.add(route.key()));
                    for (RouteWish route : List.copyOf(routes.values())) {
                        if (!there.contains(route.key())) {
                            routes.remove(route.key());
                            tell.accept("somebody removed route " + route);
                        }
                    }
                    for (boolean v6 : new boolean[] {false, true}) {
                        if ((v6 ? plan.rule6() : plan.rule4()) && !system.hasRule(v6)) {
                            tell.accept("somebody removed the rule to table " + HostPlan.TABLE);
                        }
                    }
                });
        apply(plan);
    }

    /// Takes everything out and gives the settings their old values, unless somebody else changed
    /// them meanwhile.
    public void withdraw() {
        apply(HostPlan.EMPTY);
        boolean all = true;
        for (StateJournal.Setting setting : journal.settings().reversed()) {
            all &=
                    attempt(
                            "restore " + setting.name(),
                            () -> {
                                Optional<String> now = system.setting(setting.name());
                                if (now.isPresent() && now.get().equals(setting.is())) {
                                    system.set(setting.name(), setting.was());
                                }
                            });
        }
        if (all) {
            attempt("remove the journal", journal::clear);
        }
    }

    /// The end of the process, but not of the protection: what would pass by a tunnel passes no
    /// more, until the next start or an orderly `down`.
    public void withdrawTunnels() {
        apply(plan.guardsOnly());
    }

    /// In one step from the old wall to the new: nothing that either protects comes in between.
    ///
    /// @return false: what is new is not refused in clear, so no new tunnel may be opened
    private boolean wall(HostPlan wanted) {
        Wall now = system.isFiltered() ? wanted.wall() : Wall.NONE;
        return attempt(
                now.isNone()
                        ? "let in again what comes in clear"
                        : "refuse what comes in clear, so that no new tunnel is opened",
                () -> {
                    // `nft flush ruleset`, and every reload of many a firewall, takes all tables
                    boolean gone = !now.isNone() && now.equals(wall) && !system.hasWall();
                    if (gone) {
                        tell.accept(
                                "somebody removed table inet "
                                        + ClearFilter.TABLE
                                        + " of nf_tables; it is put in again");
                    }
                    if (gone || !now.equals(wall)) {
                        system.wall(now);
                        wall = now;
                    }
                });
    }

    private void closeChanged(Map<String, LinkWish> wantedLinks) {
        for (LinkWish link : List.copyOf(links.values())) {
            LinkWish now = wantedLinks.get(link.name());
            if (now != null && !now.isButForAddresses(link)) {
                closeLink(link.name());
            }
        }
    }

    /// Virtual addresses come and go while other tunnels use the TUN.
    private void addAddresses(HostPlan wanted) {
        for (LinkWish now : wanted.links()) {
            LinkWish before = links.get(now.name());
            if (before != null) {
                for (InsideAddress address : now.inside()) {
                    if (!before.inside().contains(address)) {
                        attempt(
                                "add " + address + " to " + now.name(),
                                () -> system.addAddress(now.name(), address));
                    }
                }
            }
        }
    }

    private void removeAddresses(HostPlan wanted) {
        for (LinkWish now : wanted.links()) {
            LinkWish before = links.get(now.name());
            if (before != null) {
                for (InsideAddress address : before.inside()) {
                    if (!now.inside().contains(address)) {
                        attempt(
                                "remove " + address + " from " + now.name(),
                                () -> system.removeAddress(now.name(), address));
                    }
                }
                links.put(now.name(), now);
            }
        }
    }

    private void closeLink(String name) {
        attempt("remove " + name, () -> system.closeLink(name));
        links.remove(name);
        routes.values().removeIf(route -> route.link().equals(name));
    }

    private void openMissing(HostPlan wanted) {
        for (LinkWish link : wanted.links()) {
            if (!links.containsKey(link.name())
                    && attempt("make " + link.name(), () -> system.openLink(link))) {
                links.put(link.name(), link);
                String place = "net.ipv4.conf." + link.name() + ".";
                // S3-37: answers may come by another tunnel than the questions went. These
                // settings vanish with the link, so the journal need not know them.
                attempt("set rp_filter", () -> system.set(place + "rp_filter", "2"));
                attempt("set disable_policy", () -> system.set(place + "disable_policy", "1"));
            }
        }
    }

    private void addRoutes(HostPlan wanted, RouteWish.Kind kind) {
        for (RouteWish route : wanted.routes()) {
            boolean possible = route.link().isEmpty() || links.containsKey(route.link());
            RouteWish there = routes.get(route.key());
            if (route.kind() != kind || !possible || route.equals(there)) {
                continue;
            }
            if (there != null) {
                attempt("remove route " + there, () -> system.removeRoute(there));
            }
            if (attempt("add route " + route, () -> system.addRoute(route))) {
                routes.put(route.key(), route);
            }
        }
    }

    private void removeSurplus(HostPlan wanted) {
        Map<RouteWish.Key, RouteWish> keep = new HashMap<>();
        wanted.routes().forEach(route -> keep.put(route.key(), route));
        List<RouteWish> there = new ArrayList<>(routes.values());
        // The ways into tunnels go first, the guards behind them last.
        there.sort(Comparator.comparing(RouteWish::kind));
        for (RouteWish route : there) {
            if (!keep.containsKey(route.key())
                    && attempt("remove route " + route, () -> system.removeRoute(route))) {
                routes.remove(route.key());
            }
        }
    }

    private void rules(HostPlan wanted, boolean add) {
        rule(wanted.rule4(), add, false);
        rule(wanted.rule6(), add, true);
    }

    private void rule(boolean wanted, boolean add, boolean v6) {
        attempt(
                (add ? "add" : "remove") + " the rule to table " + HostPlan.TABLE,
                () -> {
                    if (wanted && add && !system.hasRule(v6)) {
                        system.addRule(v6);
                    } else if (!wanted && !add && system.hasRule(v6)) {
                        system.removeRule(v6);
                    }
                });
    }

    private void settings(HostPlan wanted) {
        if (wanted.forward4()) {
            change("net.ipv4.ip_forward", "1"); // S3-28
        }
        if (wanted.forward6()) {
            change("net.ipv6.conf.all.forwarding", "1");
        }
        for (IpAddress peer : wanted.peersInside()) {
            if (!peer.v6()) {
                attempt(
                        "loosen rp_filter towards " + peer,
                        () -> {
                            Optional<String> out = system.interfaceTo(peer);
                            if (out.isPresent()) {
                                loosen(out.get());
                            }
                        });
            }
        }
    }

    /// The kernel takes the greater of the interface's value and that of `all`, so that a strict
    /// `all` is overcome at the interface alone.
    private void loosen(String link) throws IOException {
        String own = "net.ipv4.conf." + link + ".rp_filter";
        int all = Integer.parseInt(system.setting("net.ipv4.conf.all.rp_filter").orElse("0"));
        int here = Integer.parseInt(system.setting(own).orElse("0"));
        if (Math.max(all, here) == 1) {
            change(own, "2");
        }
    }

    private void change(String name, String value) {
        attempt(
                "set " + name,
                () -> {
                    Optional<String> was = system.setting(name);
                    if (was.isPresent() && !was.get().equals(value)) {
                        journal.willSet(name, was.get(), value);
                        system.set(name, value);
                    }
                });
    }

    private interface Step {
        void run() throws IOException;
    }

    private boolean attempt(String what, Step step) {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            tell.accept("could not " + what + ": " + e.getMessage());
            return false;
        }
    }
}

package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.filter.Wall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The twin of the kernel in memory. It keeps what outlives a killed process, and writes down every
/// step so that their order can be told.
public final class MemorySystem implements HostSystem {
    final Map<String, LinkWish> links = new LinkedHashMap<>();
    final Map<RouteWish.Key, RouteWish> routes = new LinkedHashMap<>();
    final Set<Boolean> rules = new LinkedHashSet<>();
    final Map<String, String> settings = new TreeMap<>();
    final List<String> steps = new ArrayList<>();
    String refuses = "nothing";
    Wall wall = Wall.NONE;
    boolean filtered = true;

    /// `kill -9`: TUNs go with the process, routes through them go with the TUNs.
    void processDies() {
        List.copyOf(links.keySet()).forEach(this::drop);
    }

    String everything() {
        return links + " " + routes.values() + " " + rules + " " + settings + " " + wall;
    }

    private void drop(String link) {
        links.remove(link);
        routes.values().removeIf(r -> r.link().equals(link));
        settings.keySet().removeIf(k -> k.contains("." + link + "."));
    }

    /// Asked before each step.
    Runnable before = () -> {};

    private void step(String step) throws IOException {
        if (step.contains(refuses)) {
            throw new IOException("refused");
        }
        before.run();
        steps.add(step);
    }

    @Override
    public void openLink(LinkWish wish) throws IOException {
        step("open " + wish.name());
        links.put(wish.name(), wish);
    }

    @Override
    public void addAddress(String link, InsideAddress address) throws IOException {
        step("add " + address + " to " + link);
    }

    @Override
    public void removeAddress(String link, InsideAddress address) throws IOException {
        step("remove " + address + " from " + link);
    }

    @Override
    public void closeLink(String name) throws IOException {
        step("close " + name);
        drop(name);
    }

    @Override
    public List<InsideAddress> addresses() {
        return List.of();
    }

    @Override
    public List<IpAddress> reachable() {
        return List.of();
    }

    @Override
    public boolean isFiltered() {
        return filtered;
    }

    @Override
    public boolean hasWall() {
        return !wall.isNone();
    }

    @Override
    public void wall(Wall wanted) throws IOException {
        step("wall of " + wanted.terms().size() + " terms");
        wall = wanted;
    }

    @Override
    public List<LinkState> links() {
        return links.values().stream()
                .map(l -> new LinkState(l.name(), true, l.mtu(), l.inside(), List.of()))
                .toList();
    }

    @Override
    public Optional<IpAddress> sourceTo(IpAddress peer) {
        return Optional.of(IpAddress.of("192.0.2.1"));
    }

    @Override
    public Optional<String> interfaceTo(IpAddress peer) {
        return Optional.of("eth0");
    }

    @Override
    public List<RouteWish> routes() {
        return List.copyOf(routes.values());
    }

    @Override
    public void addRoute(RouteWish wish) throws IOException {
        if (!wish.link().isEmpty() && !links.containsKey(wish.link())) {
            throw new IOException("no such device " + wish.link());
        }
        step("+ " + wish);
        routes.put(wish.key(), wish);
    }

    @Override
    public void removeRoute(RouteWish wish) throws IOException {
        step("- " + wish);
        routes.remove(wish.key());
    }

    @Override
    public boolean hasRule(boolean v6) {
        return rules.contains(v6);
    }

    @Override
    public void addRule(boolean v6) throws IOException {
        step("+ rule");
        rules.add(v6);
    }

    @Override
    public void removeRule(boolean v6) throws IOException {
        step("- rule");
        rules.remove(v6);
    }

    @Override
    public Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    @Override
    public void set(String name, String value) throws IOException {
        step(name + " = " + value);
        settings.put(name, value);
    }
}

package io.sallyport.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.filter.Term;
import io.sallyport.drivers.filter.Wall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNetworkTest {
    private static final IpPrefix VPC = IpPrefix.of("192.168.1.0/24");
    private static final RouteWish GUARD = RouteWish.guard(VPC, HostPlan.MAIN);
    private static final LinkWish TUN = new LinkWish("Tunnel1", List.of(), List.of(), 1419, false);
    private static final RouteWish WAY =
            new RouteWish(
                    RouteWish.Kind.UNICAST, VPC, HostPlan.MAIN, "Tunnel1", 100, IpAddress.ANY4);
    private static final HostPlan POLICY =
            new HostPlan(
                    List.of(new LinkWish("sallyport0", List.of(), List.of(), 1422, false)),
                    List.of(
                            RouteWish.guard(IpPrefix.ALL4, HostPlan.TABLE),
                            new RouteWish(
                                    RouteWish.Kind.UNICAST,
                                    IpPrefix.ALL4,
                                    HostPlan.TABLE,
                                    "sallyport0",
                                    220,
                                    IpAddress.ANY4)),
                    true,
                    false,
                    true,
                    false,
                    List.of(IpAddress.of("203.0.113.9")),
                    Wall.NONE,
                    List.of());

    @TempDir Path state;
    private final MemorySystem system = new MemorySystem();
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void aKernelWithItsSettings() {
        system.settings.put("net.ipv4.ip_forward", "0");
        system.settings.put("net.ipv4.conf.all.rp_filter", "1");
        system.settings.put("net.ipv4.conf.eth0.rp_filter", "0");
    }

    private HostNetwork start() throws IOException {
        return new HostNetwork(system, StateJournal.open(state), told::add);
    }

    private static HostPlan plan(boolean up) {
        return new HostPlan(
                List.of(TUN),
                up ? List.of(GUARD, WAY) : List.of(GUARD),
                false,
                false,
                true,
                false,
                List.of(),
                Wall.NONE,
                List.of());
    }

    @Test
    void theGuardStandsBeforeTheRouteAndLeavesAfterIt() throws IOException {
        HostNetwork host = start();
        host.apply(plan(true));
        assertTrue(
                system.steps.indexOf("+ " + GUARD) < system.steps.indexOf("+ " + WAY),
                system.steps.toString());
        host.apply(plan(false));
        assertEquals(List.of(GUARD), system.routes());
        assertEquals("2", system.settings.get("net.ipv4.conf.Tunnel1.rp_filter")); // S3-37
        system.steps.clear();
        host.apply(plan(true));
        host.apply(HostPlan.EMPTY);
        assertTrue(
                system.steps.indexOf("- " + GUARD) > system.steps.indexOf("- " + WAY),
                system.steps.toString());
        assertEquals(List.of(), told);
    }

    private static final Wall WALL =
            new Wall(
                    Set.of("Tunnel1"),
                    List.of(
                            new Term(
                                    Term.Answer.DROP_UNLESS_ROUTED,
                                    VPC,
                                    IpPrefix.of("0.0.0.0/0"))));

    private static HostPlan walled() {
        return new HostPlan(
                List.of(TUN),
                List.of(GUARD, WAY),
                false,
                false,
                true,
                false,
                List.of(),
                WALL,
                List.of());
    }

    @Test
    void theWallStandsBeforeTheTunnelAndOutlivesAKill() throws IOException {
        start().apply(walled());
        assertTrue(
                system.steps.indexOf("wall of 1 terms") < system.steps.indexOf("open Tunnel1"),
                system.steps.toString());
        system.processDies();
        assertEquals(WALL, system.wall);
        assertEquals(List.of(GUARD), system.routes());
        HostNetwork after = start();
        assertTrue(after.leftovers().toString().contains("nf_tables"), after.leftovers() + "");
        after.withdraw();
        assertEquals(Wall.NONE, system.wall);
    }

    @Test
    void anUnchangedWallIsNotBuiltAgain() throws IOException {
        HostNetwork host = start();
        host.apply(walled());
        system.steps.clear();
        host.apply(walled());
        assertEquals(List.of(), system.steps);
    }

    @Test
    void aWallThatSomebodyTookDownIsBuiltAgain() throws IOException {
        HostNetwork host = start();
        host.apply(walled());
        system.wall = Wall.NONE; // nft flush ruleset
        host.apply(walled());
        assertEquals(WALL, system.wall);
        assertEquals(
                List.of("somebody removed table inet sallyport of nf_tables; it is put in again"),
                told);
    }

    @Test
    void whatSomebodyElseRemovesIsPutInAgain() throws IOException {
        HostNetwork host = start();
        host.apply(POLICY);
        String before = system.everything();
        system.routes.clear(); // ip route flush table 220; ip rule flush
        system.rules.clear();
        host.mend();
        assertEquals(before, system.everything());
        assertEquals(3, told.size(), told.toString());
        system.steps.clear();
        host.mend();
        assertEquals(List.of(), system.steps, "all is well");
    }

    @Test
    void withoutItsWallNoTunnelIsOpened() throws IOException {
        HostNetwork host = start();
        system.refuses = "wall";
        host.apply(walled());
        assertEquals(
                List.of(
                        "could not refuse what comes in clear, so that no new tunnel is opened:"
                                + " refused"),
                told);
        assertEquals(Map.of(), system.links);
        assertEquals(List.of(GUARD), system.routes());
        system.refuses = "nothing";
        host.apply(walled());
        assertEquals(WALL, system.wall);
        assertEquals(List.of(GUARD, WAY), system.routes());
    }

    @Test
    void whereAPersonLetsThemInNoWallIsBuiltAndADeadOnesGoes() throws IOException {
        start().apply(walled());
        system.processDies();
        system.filtered = false;
        start().apply(walled());
        assertEquals(Wall.NONE, system.wall);
        assertEquals(List.of(GUARD, WAY), system.routes(), "the guards stand all the same");
        assertEquals(List.of(), told);
    }

    @Test
    void aRestartMayLeaveTheGuards() throws IOException {
        HostNetwork host = start();
        host.apply(walled());
        host.withdrawTunnels();
        assertEquals(List.of(GUARD), system.routes());
        assertEquals(WALL, system.wall);
        assertEquals(Map.of(), system.links);
        start().withdraw();
        assertEquals(List.of(), system.routes());
        assertEquals(Wall.NONE, system.wall);
    }

    @Test
    void everythingIsAsBeforeAfterAnOrderlyStop() throws IOException {
        String before = system.everything();
        HostNetwork host = start();
        host.apply(plan(true));
        host.apply(POLICY);
        assertNotEquals(before, system.everything());
        assertEquals("2", system.settings.get("net.ipv4.conf.eth0.rp_filter"));
        assertEquals("1", system.settings.get("net.ipv4.ip_forward")); // S3-28
        host.withdraw();
        assertEquals(before, system.everything());
        assertEquals(List.of(), start().leftovers());
        assertEquals(List.of(), told);
    }

    @Test
    void afterKillMinusNineTheGuardStandsAndTheNextStartGoesOn() throws IOException {
        String before = system.everything();
        start().apply(plan(true));
        system.processDies();
        assertEquals(List.of(GUARD), system.routes(), "nothing may leave in clear");

        HostNetwork next = start();
        assertEquals(
                List.of(
                        "route blackhole 192.168.1.0/24 metric 4294967295",
                        "net.ipv4.ip_forward = 1, was 0"),
                next.leftovers());
        system.steps.clear();
        next.apply(plan(true));
        assertFalse(system.steps.contains("- " + GUARD), "adopted, never taken away");
        assertFalse(system.steps.contains("+ " + GUARD));
        next.withdraw();
        assertEquals(before, system.everything());
    }

    @Test
    void aRestartWithAnotherConfigurationCleansWhatTheOldOneLeft() throws IOException {
        start().apply(POLICY);
        system.processDies();
        start().apply(plan(false));
        assertEquals(List.of(GUARD), system.routes());
        assertTrue(system.rules.isEmpty());
    }

    @Test
    void cleanupAloneRemovesWhatAKilledDaemonLeft() throws IOException {
        String before = system.everything();
        start().apply(POLICY);
        system.processDies();
        start().withdraw();
        assertEquals(before, system.everything());
    }

    @Test
    void aSettingThatSomebodyElseChangedMeanwhileIsLeftAlone() throws IOException {
        HostNetwork host = start();
        host.apply(POLICY);
        system.settings.put("net.ipv4.conf.eth0.rp_filter", "1");
        host.withdraw();
        assertEquals("1", system.settings.get("net.ipv4.conf.eth0.rp_filter"));
    }

    @Test
    void aStepThatFailsIsToldAndTheOthersAreDone() throws IOException {
        system.refuses = "open Tunnel1";
        start().apply(plan(true));
        assertEquals(List.of("could not make Tunnel1: refused"), told);
        assertEquals(List.of(GUARD), system.routes());
    }
}

package io.sallyport.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.time.Clock;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.daemon.Wiring;
import io.sallyport.daemon.steer.ConfigFiles;
import io.sallyport.daemon.steer.Loaded;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.route.Sysctl;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Await;
import io.sallyport.testkit.Specs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two whole gateways in this process, each in a network namespace, on real sockets and TUNs.
@Tag("lab")
class TwoGatewaysLabTest {
    private static final IpAddress LEFT_INSIDE = IpAddress.of("10.1.0.1");
    private static final IpAddress RIGHT_INSIDE = IpAddress.of("10.2.0.1");
    private static final Clock CLOCK =
            new Clock() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public Instant now() {
                    return Instant.now();
                }
            };

    @TempDir Path folder;
    private NetworkNamespace left;
    private NetworkNamespace right;
    private NetworkNamespace wire;

    @BeforeEach
    void cables() throws IOException {
        left = NetworkNamespace.create("daemon-left");
        right = NetworkNamespace.create("daemon-right");
        wire = NetworkNamespace.create("daemon-wire");
        Stage.in(
                wire,
                network -> {
                    network.links().addBridge("bridge");
                    quiet("bridge");
                    network.links().up("bridge");
                });
        plug(left, "192.0.2.1/24", LEFT_INSIDE);
        plug(right, "192.0.2.2/24", RIGHT_INSIDE);
    }

    private void plug(NetworkNamespace host, String outside, IpAddress inside) throws IOException {
        String port = host == left ? "left" : "right";
        Stage.in(
                wire,
                network -> {
                    network.links().addVeth(port, "out", host.fd());
                    network.links().enslave(port, "bridge");
                    quiet(port);
                    network.links().up(port);
                });
        Stage.in(
                host,
                network -> {
                    network.links().up("lo");
                    network.addresses().add("lo", new InsideAddress(inside, 32));
                    network.addresses().add("out", InsideAddress.parse(outside).orElseThrow());
                    quiet("out");
                    network.links().up("out");
                });
    }

    /// No IPv6: its solicitations would be counted as strangers.
    private static void quiet(String link) throws IOException {
        Sysctl.write(Sysctl.ipv6(link, "disable_ipv6"), "1");
    }

    @AfterEach
    void unplug() {
        left.close();
        right.close();
        wire.close();
    }

    private Wiring start(NetworkNamespace host, ConnectionSpec connection, String psk)
            throws IOException {
        Wiring wiring =
                host.call(() ->
                        Wiring.start(
                                new Wiring.Setup(
                                        "test",
                                        folder.resolve(host.name()),
                                        new Wiring.Road(RunRequest.Backend.USERSPACE, 1, true, 0),
                                        EngineSettings.DEFAULT,
                                        Faults.NONE,
                                        new Loaded(new ConfigFiles()),
                                        _ -> {},
                                        () -> {},
                                        new LogRing(CLOCK, 100))));
        wiring.load(
                new VpnSpec(
                        List.of(connection),
                        List.of(new SharedSecret(List.of(), Secret.utf8(psk), Origin.NONE))));
        return wiring;
    }

    private static ConnectionSpec begins() {
        return new Specs().name("net").selectors("10.1.0.0/24", "10.2.0.0/24").build();
    }

    private static ConnectionSpec waits() {
        return new Specs()
                .name("net")
                .between("192.0.2.2", "192.0.2.1")
                .selectors("10.2.0.0/24", "10.1.0.0/24")
                .passive()
                .build();
    }

    private static TunnelView tunnel(Wiring wiring) {
        return wiring.operator().status().tunnels().getFirst();
    }

    private static boolean isUp(Wiring wiring) {
        return tunnel(wiring).state().name() == TunnelState.UP;
    }

    @Test
    void s1_01_policyBasedTunnelCarriesPingsAndLeavesNothing() throws IOException {
        String before = Stage.inventory(left) + Stage.inventory(right);
        try (Sniffer sniffer = Sniffer.start(wire);
                Wiring waiting = start(right, waits(), "the same");
                Wiring beginning = start(left, begins(), "the same");
                Pings pings = new Pings(left)) {
            Await.until("up at both ends", () -> isUp(beginning) && isUp(waiting));
            for (int i = 0; i < 5; i++) {
                assertTrue(pings.once(RIGHT_INSIDE).isPresent(), "ping " + i);
            }
            assertEquals(5, tunnel(beginning).traffic().packetsOut());
            assertEquals(5, tunnel(waiting).traffic().packetsIn());
            VerifyView verify = beginning.operator().verify(List.of(RIGHT_INSIDE.toString()));
            assertEquals("sallyport0", verify.routes().getFirst().interfaceName());
            assertTrue(verify.pings().getFirst().rttMillis() != null);
            assertEquals(0, sniffer.count(Frames.OTHER), sniffer.stranger());
            assertTrue(sniffer.count(Frames.ESP) >= 10);
        }
        assertEquals(before, Stage.inventory(left) + Stage.inventory(right));
    }

    @Test
    void withoutTheTunnelNothingLeavesInClear() throws IOException {
        try (Sniffer sniffer = Sniffer.start(wire);
                Wiring waiting = start(right, waits(), "the same");
                Wiring beginning = start(left, begins(), "another");
                Pings pings = new Pings(left)) {
            Await.until(
                    "the wrong key is told",
                    () ->
                            !tunnel(beginning).state().lastFailure().isEmpty()
                                    || !tunnel(waiting).state().lastFailure().isEmpty());
            assertTrue(pings.once(RIGHT_INSIDE).isEmpty());
            assertEquals(0, sniffer.count(Frames.OTHER), sniffer.stranger());
            assertEquals(0, sniffer.count(Frames.ESP));
        }
    }

    @Test
    void downTellsThePeerAndUpBringsItBack() throws IOException {
        try (Wiring waiting = start(right, waits(), "the same");
                Wiring beginning = start(left, begins(), "the same")) {
            Await.until("up at both ends", () -> isUp(beginning) && isUp(waiting));
            assertTrue(beginning.operator().down(List.of("net")).done());
            Await.until(
                    "down at both ends",
                    () ->
                            tunnel(beginning).state().name() == TunnelState.DOWN
                                    && tunnel(waiting).state().name() == TunnelState.WAITING);
            assertTrue(beginning.operator().up(List.of("net")).done());
            Await.until("up again", () -> isUp(beginning) && isUp(waiting));
            String spi = String.valueOf(tunnel(beginning).esp());
            assertTrue(beginning.operator().rekey("net", "net").done());
            Await.until(
                    "another SA",
                    () -> isUp(beginning) && !String.valueOf(tunnel(beginning).esp()).equals(spi));
            assertTrue(!beginning.operator().up(List.of("nobody")).done());
        }
    }
}

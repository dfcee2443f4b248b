package io.sallyport.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.CleanupRequest;
import io.sallyport.daemon.Launch;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of a gateway in a process of its own, in the middle of traffic.
@Tag("lab")
class KilledGatewayLabTest {
    @TempDir Path folder;

    private String file(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/demo/" + name)) {
            Files.copy(in, folder.resolve(name));
        }
        return folder.resolve(name).toString();
    }

    @Test
    void downWithoutADaemonCleansUpAfterTheDead() throws IOException {
        try (Stage stage = new Stage()) {
            String before = Stage.inventory(stage.customer);
            try (Gateway customer =
                    Gateway.start(
                            stage.customer,
                            "customer",
                            folder,
                            List.of(file("aws-vpn.txt"), "--vpc", Stage.VPC.toString()),
                            false)) {
                Await.until("it answers", customer::answers);
                // TUNs are opened last
                Await.until(
                        "the guards stand", () -> inventory(stage.customer).contains("Tunnel2\n"));
                customer.kill();
                assertNotEquals(before, Stage.inventory(stage.customer));
                CleanupRequest request =
                        new CleanupRequest(
                                folder.resolve("customer.sock"), folder.resolve("customer.state"));
                List<String> removed = stage.customer.call(() -> new Launch().cleanup(request));
                assertEquals(
                        List.of(
                                "route blackhole 10.20.0.0/16 metric 4294967295",
                                "route blackhole 169.254.22.72/30 metric 4294967295",
                                "route blackhole 169.254.23.4/30 metric 4294967295",
                                "table inet sallyport of nf_tables",
                                "net.ipv4.ip_forward = 1, was 0"),
                        removed);
                assertEquals(before, Stage.inventory(stage.customer));
                assertEquals(List.of(), stage.customer.call(() -> new Launch().cleanup(request)));
            }
        }
    }

    private static String inventory(NetworkNamespace namespace) {
        try {
            return Stage.inventory(namespace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nothingLeaksAndTheNextStartGoesOn() throws IOException {
        try (Stage stage = new Stage();
                Sniffer wire = Sniffer.start(stage.internet);
                Pings pings = new Pings(stage.lan)) {
            String before = Stage.inventory(stage.customer);
            try (Gateway endpoint =
                            Gateway.start(
                                    stage.endpoint1,
                                    "endpoint1",
                                    folder,
                                    List.of(file("endpoint1.conf"), file("endpoint1.secrets")),
                                    false);
                    Gateway customer =
                            Gateway.start(
                                    stage.customer,
                                    "customer",
                                    folder,
                                    List.of(file("aws-vpn.txt"), "--vpc", Stage.VPC.toString()),
                                    false)) {
                Await.until("tunnel 1 is up", () -> customer.tunnelsUp() == 1);
                assertTrue(pings.once(Stage.VPC_HOST).isPresent());

                assertTrue(endpoint.isAlive());

                customer.kill();
                assertTrue(pings.once(Stage.VPC_HOST).isEmpty());
                assertNotEquals(before, Stage.inventory(stage.customer), "the guard stands");

                customer.again();
                long begin = System.nanoTime();
                Await.until("tunnel 1 is up again", () -> customer.tunnelsUp() == 1);
                assertTrue(System.nanoTime() - begin < 10_000_000_000L);
                assertTrue(pings.once(Stage.VPC_HOST).isPresent());

                customer.stop();
                assertEquals(before, Stage.inventory(stage.customer));
            }
            assertEquals(0, wire.count(Frames.OTHER), wire.stranger());
        }
    }
}

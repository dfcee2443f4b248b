package io.sallyport.daemon.demo;

import io.sallyport.base.net.IpAddress;
import io.sallyport.control.local.DemoRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.TunnelView;
import io.sallyport.drivers.netns.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The main job, end to end, on one machine: a customer with two tunnels into a VPC, both ends
/// Sallyport, each gateway a process of its own. Every claim is checked; the exit code says whether
/// all held.
public final class Demo {
    /// S3-53: a dead peer is noticed after dpdtimeout, at most a dpddelay late.
    private static final long GAP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(40);

    private static final long UP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int LOG_LINES = 15;
    private static final List<String> FILES =
            List.of(
                    "aws-vpn.txt",
                    "endpoint1.conf",
                    "endpoint1.secrets",
                    "endpoint2.conf",
                    "endpoint2.secrets");

    private final DemoRequest request;
    private final Report report;
    private final List<Gateway> gateways = new ArrayList<>();

    public Demo(DemoRequest request) {
        this.request = request;
        this.report = new Report(System.out, request.colour());
    }

    /// @return exit code
    /// @throws Trouble what this machine lacks, in words
    public int run() throws Trouble {
        Path folder;
        try {
            folder =
                    Files.createTempDirectory(
                            "sallyport-demo",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new Trouble(Exit.CANNOT_CREATE, "cannot make a folder: " + e.getMessage(), "");
        }
        Thread interrupted = Thread.ofPlatform().unstarted(() -> gateways.forEach(Gateway::close));
        Runtime.getRuntime().addShutdownHook(interrupted);
        try (Stage stage = new Stage()) {
            play(stage, folder);
            if (request.keep()) {
                keep(stage, folder);
            }
        } catch (IOException e) {
            throw new Trouble(Exit.UNAVAILABLE, String.valueOf(e.getMessage()), "");
        } finally {
            gateways.forEach(Gateway::close);
            Runtime.getRuntime().removeShutdownHook(interrupted);
            remove(folder);
        }
        report.say("");
        boolean all = report.failures() == 0;
        report.claim(
                all,
                all ? "all of it held, in %.1f s" : "something did not hold, after %.1f s",
                report.seconds());
        return (all ? Exit.OK : Exit.NO).code();
    }

    private void play(Stage stage, Path folder) throws IOException, Trouble {
        report.step("a customer's network, the internet, two endpoints, a VPC: six namespaces");
        Map<NetworkNamespace, String> before = inventories(stage);
        for (String file : FILES) {
            try (InputStream in = Demo.class.getResourceAsStream("/demo/" + file)) {
                if (in == null) {
                    throw new IOException("this build lacks its resource demo/" + file);
                }
                Files.copy(in, folder.resolve(file));
            }
        }
        try (Sniffer wire = Sniffer.start(stage.internet);
                Pings pings = new Pings(stage.lan);
                Pings own = new Pings(stage.customer)) {
            Gateway endpoint1 = endpoint(stage.endpoint1, 1, folder);
            Gateway endpoint2 = endpoint(stage.endpoint2, 2, folder);
            Gateway customer =
                    started(
                            stage.customer,
                            "customer",
                            folder,
                            folder.resolve("aws-vpn.txt").toString(),
                            "--vpc",
                            Stage.VPC.toString());
            if (establish(customer, own, pings)) {
                traffic(stage, customer, folder);
                failover(stage, customer, endpoint1, pings);
                back(stage, customer, endpoint1, pings);
            }
            if (!request.keep()) {
                end(stage, List.of(customer, endpoint1, endpoint2), before);
            }
            judge(wire);
        }
        if (report.failures() > 0 && !request.verbose()) {
            gateways.forEach(this::showLog);
        }
    }

    private Gateway endpoint(NetworkNamespace namespace, int number, Path folder)
            throws IOException {
        return started(
                namespace,
                "endpoint" + number,
                folder,
                folder.resolve("endpoint" + number + ".conf").toString(),
                folder.resolve("endpoint" + number + ".secrets").toString());
    }

    private Gateway started(
            NetworkNamespace namespace, String name, Path folder, String... arguments)
            throws IOException {
        Gateway gateway =
                Gateway.start(namespace, name, folder, List.of(arguments), request.verbose());
        gateways.add(gateway);
        return gateway;
    }

    private boolean establish(Gateway customer, Pings own, Pings pings) throws IOException {
        report.step("three gateways start; the customer's reads a file in AWS's format");
        boolean up = await(UP_LIMIT_NANOS, () -> customer.tunnelsUp() == 2);
        report.claim(up, "both tunnels are up: IKEv1 main mode, PSK, PFS");
        if (up) {
            ping(own, "the inside address of tunnel 1", Stage.INSIDE_1);
            ping(own, "the inside address of tunnel 2", Stage.INSIDE_2);
            ping(pings, "the VPC host, from the LAN host", Stage.VPC_HOST);
        }
        return up;
    }

    private void ping(Pings pings, String what, IpAddress host) {
        OptionalLong rtt = pings.once(host);
        report.claim(
                rtt.isPresent(),
                "ping %s, %s: %s",
                host,
                what,
                rtt.isPresent() ? String.format("%.1f ms", rtt.getAsLong() / 1e6) : "no answer");
    }

    private void traffic(Stage stage, Gateway customer, Path folder) throws IOException {
        report.step(request.megabytes() + " MB by TCP each way, every octet compared");
        transfer("LAN to VPC", stage.lan, stage.vpc, Stage.VPC_HOST);
        transfer("VPC to LAN", stage.vpc, stage.lan, Stage.LAN_HOST);
        report.step("sallyport status, at the customer's");
        customer.showStatus();
    }

    private void transfer(
            String what, NetworkNamespace from, NetworkNamespace to, IpAddress destination) {
        try {
            double speed = Transfer.run(from, to, destination, request.megabytes());
            report.claim(true, "%s: %.0f Mbit/s", what, speed);
        } catch (IOException e) {
            report.claim(false, "%s: %s", what, String.valueOf(e.getMessage()));
        }
    }

    private void failover(Stage stage, Gateway customer, Gateway endpoint1, Pings pings)
            throws IOException {
        report.step("endpoint 1 dies (kill -9), the VPC loses its link to it");
        long died = System.nanoTime();
        endpoint1.kill();
        stage.cutVpcFromEndpoint1();
        OptionalLong answer = pings.untilAnswer(Stage.VPC_HOST, GAP_LIMIT_NANOS);
        double gap = (System.nanoTime() - died) / 1e9;
        report.claim(
                answer.isPresent(),
                answer.isPresent()
                        ? "the VPC host answers again, by tunnel 2, after %.1f s (dpddelay 10,"
                                + " dpdtimeout 30)"
                        : "no answer from the VPC host for %.1f s",
                gap);
        report.claim(
                !isUp(customer, "Tunnel1") && isUp(customer, "Tunnel2"),
                "tunnel 1 is down, tunnel 2 carries on");
    }

    private void back(Stage stage, Gateway customer, Gateway endpoint1, Pings pings)
            throws IOException, Trouble {
        report.step("endpoint 1 comes back");
        endpoint1.again();
        stage.joinVpcToEndpoint1();
        report.claim(
                await(UP_LIMIT_NANOS, () -> customer.tunnelsUp() == 2), "tunnel 1 is up again");
        long was = sentBy(customer, "Tunnel1");
        OptionalLong answer = pings.untilAnswer(Stage.VPC_HOST, UP_LIMIT_NANOS);
        int pinged = 10;
        for (int i = 0; i < pinged; i++) {
            var _ = pings.once(Stage.VPC_HOST);
        }
        long carried = sentBy(customer, "Tunnel1") - was;
        report.claim(
                answer.isPresent() && carried >= pinged,
                "the traffic is back on tunnel 1: %d of its packets for %d pings",
                carried,
                pinged + 1);
    }

    private static long sentBy(Gateway gateway, String connection) throws Trouble {
        return gateway.status().tunnels().stream()
                .filter(t -> t.connection().equals(connection))
                .mapToLong(t -> t.traffic().packetsOut())
                .sum();
    }

    private static boolean isUp(Gateway gateway, String connection) {
        try {
            return gateway.status().tunnels().stream()
                    .filter(t -> t.connection().equals(connection))
                    .map(TunnelView::state)
                    .anyMatch(state -> state.name().settled());
        } catch (Trouble e) {
            return false;
        }
    }

    private void end(Stage stage, List<Gateway> all, Map<NetworkNamespace, String> before)
            throws IOException {
        report.step("all gateways stop");
        for (Gateway gateway : all) {
            gateway.stop();
        }
        Map<NetworkNamespace, String> after = inventories(stage);
        report.claim(
                after.equals(before),
                "nothing is left in the system: links, addresses, routes, rules, ip_forward as"
                        + " before");
        if (!after.equals(before)) {
            before.forEach((namespace, was) -> {
                if (!was.equals(after.get(namespace))) {
                    report.say(namespace + " was\n" + was + "\nis\n" + after.get(namespace));
                }
            });
        }
    }

    private void judge(Sniffer wire) {
        report.step("what crossed the internet, by our own capture");
        long ike = wire.count(Frames.IKE);
        long esp = wire.count(Frames.ESP);
        long arp = wire.count(Frames.ARP);
        long icmp = wire.count(Frames.ICMP_ABOUT_US);
        long other = wire.count(Frames.OTHER);
        report.claim(ike > 0 && esp > 0, "%d frames of IKE, %d of ESP", ike, esp);
        report.claim(
                other == 0,
                "%d of anything else (beside %d ARP, and %d ICMP errors of the dead endpoint's"
                        + " host that quote IKE or ESP)",
                other,
                arp,
                icmp);
        if (other > 0) {
            report.say("          the first: " + wire.stranger());
        }
    }

    private static Map<NetworkNamespace, String> inventories(Stage stage) throws IOException {
        Map<NetworkNamespace, String> all =
                new TreeMap<>(java.util.Comparator.comparing(NetworkNamespace::name));
        for (NetworkNamespace namespace :
                List.of(stage.customer, stage.endpoint1, stage.endpoint2)) {
            all.put(namespace, Stage.inventory(namespace));
        }
        return all;
    }

    /// Looks five times a second.
    private static boolean await(long limitNanos, BooleanSupplier condition) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < limitNanos) {
            if (condition.getAsBoolean()) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return condition.getAsBoolean();
    }

    private void keep(Stage stage, Path folder) throws IOException {
        report.say("");
        report.say("Kept. Look round with");
        List<Process> anchors = new ArrayList<>();
        for (NetworkNamespace namespace : stage.all()) {
            Process anchor = namespace.start(new ProcessBuilder("sleep", "infinity"));
            anchors.add(anchor);
            report.say("  nsenter -n -t " + anchor.pid() + "    # " + namespace.name());
        }
        report.say("  sallyport status --socket " + folder.resolve("customer.sock"));
        report.say("Ctrl-C ends it all.");
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .unstarted(() -> {
                                    anchors.forEach(Process::destroyForcibly);
                                    gateways.forEach(Gateway::close);
                                    remove(folder);
                                }));
        try {
            for (Process anchor : anchors) {
                anchor.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void showLog(Gateway gateway) {
        report.say("");
        report.say("last lines of " + gateway.name() + ":");
        try (Stream<String> lines = Files.lines(gateway.log())) {
            List<String> all = lines.toList();
            all.subList(Math.max(0, all.size() - LOG_LINES), all.size()).forEach(report::say);
        } catch (IOException e) {
            report.say("(none: " + e.getMessage() + ")");
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // a temporary folder that stays harms nobody
        }
    }
}

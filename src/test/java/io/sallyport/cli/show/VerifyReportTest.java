package io.sallyport.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.cli.console.Paint;
import io.sallyport.control.view.LinkView;
import io.sallyport.control.view.RouteView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VerifyView.AddressView;
import io.sallyport.control.view.VerifyView.BindingView;
import io.sallyport.control.view.VerifyView.PingView;
import io.sallyport.testkit.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The five checks S3-48 to S3-52: each is broken alone and only it fails.
class VerifyReportTest {
    private final VerifyView good = Views.verify();

    private static List<String> wrong(VerifyView facts, int number) {
        VerifyReport report = VerifyReport.of(facts);
        for (int i = 0; i < 5; i++) {
            assertEquals(i + 1 != number, report.checks().get(i).holds(), "check " + (i + 1));
        }
        return report.checks().get(number - 1).wrong();
    }

    @Test
    void theFiveChecksInTheirFamiliarForms() throws IOException {
        Path golden = Path.of("src/test/resources/io/sallyport/cli/show/verify.txt");
        VerifyReport report = VerifyReport.of(good);
        List<String> lines = report.lines(Paint.PLAIN);
        if ("write".equals(System.getProperty("sallyport.golden"))) {
            Files.write(golden, lines);
        }
        assertEquals(Files.readAllLines(golden), lines);
        assertTrue(report.holds());
    }

    @Test
    void s3_48_aTunnelThatIsNotEstablishedFailsTheFirst() {
        VerifyView facts =
                new VerifyView(
                        List.of(Views.up(), Views.connecting()),
                        good.routes(),
                        good.bindings(),
                        good.addresses(),
                        good.pings());
        assertEquals(
                List.of(
                        "Tunnel2 is CONNECTING: Tunnel2 (54.77.23.12): main mode failed:"
                                + " NO_PROPOSAL_CHOSEN; ours: aes128-sha1-modp1024 [vpn.txt:80]"),
                wrong(facts, 1));
    }

    @Test
    void s3_48_aTunnelThatStandsByIsAsItShouldBe() {
        TunnelView standby = Views.withState(Views.connecting(), TunnelState.STANDBY, "");
        VerifyView facts =
                new VerifyView(
                        List.of(Views.up(), standby),
                        good.routes(),
                        good.bindings(),
                        good.addresses(),
                        good.pings());
        assertTrue(VerifyReport.of(facts).holds());
    }

    @Test
    void s3_49_aRouteThatIsMissingOrHasAnotherMetricFailsTheSecond() {
        for (List<RouteView> routes :
                List.of(
                        List.<RouteView>of(),
                        List.of(new RouteView("10.0.0.0/16", "Tunnel1", 200)),
                        List.of(new RouteView("10.0.0.0/16", "Tunnel2", 100)))) {
            VerifyView facts =
                    new VerifyView(
                            good.tunnels(),
                            routes,
                            good.bindings(),
                            good.addresses(),
                            good.pings());
            assertEquals(
                    List.of("no route to 10.0.0.0/16 by Tunnel1 with metric 100"), wrong(facts, 2));
        }
    }

    @Test
    void s3_49_aPolicyBasedTunnelSaysNoRoutesAndHasThem() {
        TunnelView up = Views.up();
        TunnelView policy =
                new TunnelView(
                        up.connection(),
                        up.child(),
                        up.state(),
                        new LinkView("sallyport0", List.of(), List.of(), 1422, 0, List.of()),
                        up.path(),
                        up.ike(),
                        up.esp(),
                        up.traffic());
        VerifyView without =
                new VerifyView(
                        List.of(policy),
                        List.of(),
                        List.of(
                                new BindingView(
                                        "sallyport0", "52.50.67.155", "10.9.0.4", true, 0, 1382)),
                        good.addresses(),
                        good.pings());
        assertEquals(
                List.of("no route is wanted by any tunnel; name the VPC's network with --vpc CIDR"),
                wrong(without, 2));
        VerifyView with =
                new VerifyView(
                        without.tunnels(),
                        List.of(new RouteView("10.2.0.0/16", "sallyport0", 220)),
                        without.bindings(),
                        without.addresses(),
                        without.pings());
        assertTrue(VerifyReport.of(with).holds());
    }

    @Test
    void s3_51_theFarEndStandsByTheAddressOfItsNetwork() {
        VerifyView facts =
                new VerifyView(
                        good.tunnels(),
                        good.routes(),
                        good.bindings(),
                        List.of(
                                new AddressView(
                                        "Tunnel1",
                                        true,
                                        1419,
                                        List.of("fe80::1/64", "169.254.23.6/30"),
                                        List.of("169.254.23.5"))),
                        good.pings());
        assertEquals(
                List.of(
                        "Tunnel1: <UP,POINTOPOINT>  mtu 1419",
                        "        inet6 fe80::1/64",
                        "        inet 169.254.23.6/30  destination 169.254.23.5"),
                VerifyReport.of(facts).checks().get(3).shown());
    }

    @Test
    void s3_50_aPeerThatIsNotBoundOrNotClampedFailsTheThird() {
        record Case(List<BindingView> bindings, String wrong) {}
        for (Case one :
                List.of(
                        new Case(List.of(), "no peer is bound to Tunnel1"),
                        new Case(List.of(binding(200, 1379)), "Tunnel1 has mark 200, not 100"),
                        new Case(
                                List.of(binding(100, 0)),
                                "TCP's segment size is not clamped on Tunnel1"))) {
            VerifyView facts =
                    new VerifyView(
                            good.tunnels(),
                            good.routes(),
                            one.bindings(),
                            good.addresses(),
                            good.pings());
            assertEquals(List.of(one.wrong()), wrong(facts, 3));
        }
    }

    private static BindingView binding(int mark, int clampMss) {
        return new BindingView("Tunnel1", "52.50.67.155", "10.9.0.4", true, mark, clampMss);
    }

    @Test
    void s3_51_anInterfaceThatIsMissingDownOrWronglyAddressedFailsTheFourth() {
        record Case(List<AddressView> addresses, String wrong) {}
        for (Case one :
                List.of(
                        new Case(List.of(), "there is no interface Tunnel1"),
                        new Case(
                                List.of(address(false, 1419, "169.254.23.6/30")),
                                "Tunnel1 is not up"),
                        new Case(
                                List.of(address(true, 1419, "169.254.23.5/30")),
                                "Tunnel1 lacks 169.254.23.6/30"),
                        new Case(
                                List.of(address(true, 1500, "169.254.23.6/30")),
                                "Tunnel1 has MTU 1500, not 1419"))) {
            VerifyView facts =
                    new VerifyView(
                            good.tunnels(),
                            good.routes(),
                            good.bindings(),
                            one.addresses(),
                            good.pings());
            assertEquals(List.of(one.wrong()), wrong(facts, 4));
        }
    }

    private static AddressView address(boolean up, int mtu, String inside) {
        return new AddressView("Tunnel1", up, mtu, List.of(inside), List.of("169.254.23.5"));
    }

    @Test
    void s3_52_aHostThatDoesNotAnswerFailsTheFifthAndPointsAtSecurityGroups() {
        VerifyView facts =
                new VerifyView(
                        good.tunnels(),
                        good.routes(),
                        good.bindings(),
                        good.addresses(),
                        List.of(new PingView("10.0.1.20", "", null)));
        List<String> wrong = wrong(facts, 5);
        assertEquals(1, wrong.size());
        assertTrue(
                wrong.getFirst().startsWith("10.0.1.20 does not answer")
                        && wrong.getFirst().contains("security groups"),
                wrong.getFirst());
    }

    @Test
    void s3_52_withNothingPingedNothingIsProved() {
        VerifyView facts =
                new VerifyView(
                        good.tunnels(),
                        good.routes(),
                        good.bindings(),
                        good.addresses(),
                        List.of());
        assertEquals(1, wrong(facts, 5).size());
    }
}

package io.sallyport.cli.show;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.cli.console.Paint;
import io.sallyport.cli.console.Printable;
import io.sallyport.cli.console.Quantity;
import io.sallyport.control.view.EspView;
import io.sallyport.control.view.IkeView;
import io.sallyport.control.view.LinkView;
import io.sallyport.control.view.RouteView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VerifyView.AddressView;
import io.sallyport.control.view.VerifyView.BindingView;
import io.sallyport.control.view.VerifyView.PingView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The five checks that AWS's text asks a person to make by hand (S3-48 to S3-52), made from the
/// facts of a running gateway and shown in the form the five tools have made familiar.
public record VerifyReport(List<Check> checks) {
    /// One check.
    ///
    /// @param shown what a tool would have printed
    /// @param wrong what does not hold, a sentence each; empty: it holds
    public record Check(String title, List<String> shown, List<String> wrong) {
        public Check {
            shown = List.copyOf(shown);
            wrong = List.copyOf(wrong);
        }

        public boolean holds() {
            return wrong.isEmpty();
        }
    }

    public VerifyReport {
        checks = List.copyOf(checks);
    }

    /// Judges `facts`.
    public static VerifyReport of(VerifyView facts) {
        return new VerifyReport(
                List.of(
                        established(facts),
                        routed(facts),
                        bound(facts),
                        addressed(facts),
                        reachable(facts)));
    }

    public boolean holds() {
        return checks.stream().allMatch(Check::holds);
    }

    /// All checks as text.
    public List<String> lines(Paint paint) {
        List<String> lines = new ArrayList<>();
        int number = 1;
        for (Check check : checks) {
            String verdict = check.holds() ? paint.good("ok") : paint.bad("FAILED");
            lines.add(paint.strong(number + ". " + check.title()) + ": " + verdict);
            check.shown().forEach(line -> lines.add("   " + Printable.of(line)));
            check.wrong().forEach(line -> lines.add("   " + paint.bad("!") + " " + line));
            lines.add("");
            number++;
        }
        long held = checks.stream().filter(Check::holds).count();
        lines.add(held + " of " + checks.size() + " checks hold");
        return lines;
    }

    // S3-48: `ipsec status` shows both ESTABLISHED.
    private static Check established(VerifyView facts) {
        List<String> shown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        long up = facts.tunnels().stream().filter(t -> t.state().name() == TunnelState.UP).count();
        long busy =
                facts.tunnels().stream()
                        .filter(t -> t.state().name() == TunnelState.CONNECTING)
                        .count();
        shown.add("Security Associations (" + up + " up, " + busy + " connecting):");
        for (TunnelView tunnel : facts.tunnels()) {
            shown.addAll(associations(tunnel));
            TunnelState state = tunnel.state().name();
            if (state != TunnelState.UP && state != TunnelState.STANDBY) {
                String why = tunnel.state().lastFailure();
                wrong.add(tunnel.title() + " is " + state + (why.isEmpty() ? "" : ": " + why));
            }
        }
        if (facts.tunnels().isEmpty()) {
            wrong.add("no tunnel is configured");
        }
        return new Check("tunnels established (ipsec status)", shown, wrong);
    }

    private static List<String> associations(TunnelView tunnel) {
        String name = "  " + tunnel.title();
        String ends = tunnel.path().local() + "..." + tunnel.path().remote();
        IkeView ike = tunnel.ike();
        if (ike == null) {
            return List.of(name + ": " + tunnel.state().name() + ", " + ends);
        }
        List<String> lines = new ArrayList<>();
        String age = Quantity.duration(ike.ages().ageSeconds());
        lines.add(name + ": " + ike.state() + " " + age + " ago, " + ends);
        EspView esp = tunnel.esp();
        if (esp != null) {
            String by = tunnel.path().carriage();
            String carriage = by.equals("UDP") || by.equals("TCP") ? "ESP in " + by : "ESP";
            lines.add(
                    name
                            + "{1}: "
                            + esp.state()
                            + ", TUNNEL, "
                            + carriage
                            + " SPIs: "
                            + esp.spiIn()
                            + "_i "
                            + esp.spiOut()
                            + "_o");
            lines.add(name + "{1}: " + esp.selectors());
        }
        return lines;
    }

    // S3-49: `ip route` has an entry per tunnel to the VPC's CIDR.
    private static Check routed(VerifyView facts) {
        List<String> shown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (RouteView route : facts.routes()) {
            shown.add(
                    route.destination()
                            + " dev "
                            + route.interfaceName()
                            + (route.metric() == 0 ? "" : " metric " + route.metric()));
        }
        for (TunnelView tunnel : facts.tunnels()) {
            for (RouteView wanted : tunnel.link().routes()) {
                if (tunnel.state().name() == TunnelState.UP && !facts.routes().contains(wanted)) {
                    wrong.add(
                            "no route to "
                                    + wanted.destination()
                                    + " by "
                                    + wanted.interfaceName()
                                    + " with metric "
                                    + wanted.metric());
                }
            }
        }
        // A policy-based tunnel says no routes: those to its selectors follow from them.
        boolean noneWanted = facts.tunnels().stream().allMatch(t -> t.link().routes().isEmpty());
        if (noneWanted && facts.routes().isEmpty()) {
            wrong.add("no route is wanted by any tunnel; name the VPC's network with --vpc CIDR");
        }
        return new Check("a route to the VPC by each tunnel (ip route)", shown, wrong);
    }

    // S3-50: `iptables -t mangle -L -n` has entries in INPUT and FORWARD for both. S3-36: the marks
    // are an intent, "bind this peer's SAs to TunnelN"; we keep it without netfilter.
    private static Check bound(VerifyView facts) {
        List<String> shown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        shown.add("Chain INPUT (kept by sallyport, not by netfilter)");
        for (BindingView binding : facts.bindings()) {
            shown.add(
                    "  MARK    "
                            + (binding.udp() ? "esp/udp" : "esp    ")
                            + "  "
                            + binding.peer()
                            + "  "
                            + binding.local()
                            + "  set 0x"
                            + Integer.toHexString(binding.mark())
                            + " to "
                            + binding.interfaceName());
        }
        shown.add("Chain FORWARD (kept by sallyport, not by netfilter)");
        for (BindingView binding : facts.bindings()) {
            if (binding.clampMss() > 0) {
                shown.add(
                        "  TCPMSS  tcp  out "
                                + binding.interfaceName()
                                + "  flags SYN,RST/SYN  clamp to "
                                + binding.clampMss());
            }
        }
        for (TunnelView tunnel : facts.tunnels()) {
            if (tunnel.state().name() == TunnelState.UP && !tunnel.link().name().isEmpty()) {
                unbound(tunnel, facts).ifPresent(wrong::add);
            }
        }
        return new Check("marks and segment size (iptables -t mangle -L -n)", shown, wrong);
    }

    private static Optional<String> unbound(TunnelView tunnel, VerifyView facts) {
        String name = tunnel.link().name();
        for (BindingView binding : facts.bindings()) {
            if (binding.interfaceName().equals(name)) {
                if (binding.mark() != tunnel.link().mark()) {
                    return Optional.of(
                            name + " has mark " + binding.mark() + ", not " + tunnel.link().mark());
                }
                return binding.clampMss() > 0
                        ? Optional.empty()
                        : Optional.of("TCP's segment size is not clamped on " + name);
            }
        }
        return Optional.of("no peer is bound to " + name);
    }

    // S3-51: `ifconfig` shows the right 169.254.x on each end.
    private static Check addressed(VerifyView facts) {
        List<String> shown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (AddressView found : facts.addresses()) {
            String state = found.up() ? "<UP,POINTOPOINT>" : "<POINTOPOINT>";
            shown.add(found.interfaceName() + ": " + state + "  mtu " + found.mtu());
            for (String inside : found.inside()) {
                shown.add(
                        "        "
                                + (inside.indexOf(':') >= 0 ? "inet6 " : "inet ")
                                + inside
                                + farEnd(inside, found.remoteInside()));
            }
        }
        for (TunnelView tunnel : facts.tunnels()) {
            if (!tunnel.link().inside().isEmpty() && tunnel.state().name() == TunnelState.UP) {
                misaddressed(tunnel.link(), facts).ifPresent(wrong::add);
            }
        }
        return new Check("inside addresses (ifconfig)", shown, wrong);
    }

    /// The remote address in the network of `inside`.
    private static String farEnd(String inside, List<String> remote) {
        Optional<InsideAddress> ours = InsideAddress.parse(inside);
        for (String far : remote) {
            Optional<IpAddress> address = IpAddress.parse(far);
            if (ours.isPresent()
                    && address.isPresent()
                    && ours.get().network().contains(address.get())) {
                return "  destination " + far;
            }
        }
        return "";
    }

    private static Optional<String> misaddressed(LinkView link, VerifyView facts) {
        for (AddressView found : facts.addresses()) {
            if (found.interfaceName().equals(link.name())) {
                if (!found.up()) {
                    return Optional.of(link.name() + " is not up");
                }
                if (!found.inside().containsAll(link.inside())) {
                    return Optional.of(link.name() + " lacks " + String.join(" ", link.inside()));
                }
                return link.mtu() == 0 || link.mtu() == found.mtu()
                        ? Optional.empty()
                        : Optional.of(
                                link.name() + " has MTU " + found.mtu() + ", not " + link.mtu());
            }
        }
        return Optional.of("there is no interface " + link.name());
    }

    // S3-52: ping a host in the VPC from the LAN; if it fails, check the security groups.
    private static Check reachable(VerifyView facts) {
        List<String> shown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (PingView ping : facts.pings()) {
            Double millis = ping.rttMillis();
            String by = ping.interfaceName().isEmpty() ? "" : " by " + ping.interfaceName();
            if (millis == null) {
                shown.add("PING " + ping.host() + by + ": no answer");
                wrong.add(
                        ping.host()
                                + " does not answer"
                                + by
                                + "; for a host in the VPC, check that its security groups and"
                                + " network ACLs let ICMP in, and the route tables back");
            } else {
                shown.add("PING " + ping.host() + by + ": time=" + Quantity.millis(millis));
            }
        }
        if (facts.pings().isEmpty()) {
            wrong.add("nothing was pinged; name a host in the VPC: sallyport verify HOST");
        }
        return new Check("the far side answers (ping)", shown, wrong);
    }
}

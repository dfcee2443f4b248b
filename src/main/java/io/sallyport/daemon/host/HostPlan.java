package io.sallyport.daemon.host;

import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.filter.Wall;
import java.util.List;

/// Everything that must be in the system now. Made by [HostPlanner], carried out by [HostNetwork].
///
/// @param routes in the order of putting in: guards first
/// @param rule4 whether the rule to table [#TABLE] must be there for IPv4
/// @param forward4 whether IPv4 packets are to be forwarded
/// @param peersInside peers whose own address lies inside a policy-based tunnel: the way back to
///   them leads elsewhere than they come from, which a strict rp_filter would refuse
/// @param wall what must not come in clear
/// @param findings what could not be placed, as lines for people
public record HostPlan(
        List<LinkWish> links,
        List<RouteWish> routes,
        boolean rule4,
        boolean rule6,
        boolean forward4,
        boolean forward6,
        List<IpAddress> peersInside,
        Wall wall,
        List<String> findings) {
    /// Name of the TUN that all policy-based children share.
    public static final String SHARED = "sallyport0";

    /// The routing table of policy-based children: strongSwan's number, people look there.
    public static final int TABLE = 220;

    public static final int MAIN = 254;
    public static final int RULE_PRIORITY = 220;

    /// Marks our own datagrams, so that they do not follow the routes into the tunnel.
    public static final int MARK = 0x5a11;

    /// Who put a route or rule there: `S`, in the range free for daemons' own use.
    public static final int PROTOCOL = 'S';

    /// The worst metric: any other route to the same destination wins.
    public static final long WORST_METRIC = 0xffff_ffffL;

    public static final HostPlan EMPTY =
            new HostPlan(
                    List.of(), List.of(), false, false, false, false, List.of(), Wall.NONE,
                    List.of());

    public HostPlan {
        links = List.copyOf(links);
        routes = List.copyOf(routes);
        peersInside = List.copyOf(peersInside);
        findings = List.copyOf(findings);
    }

    /// What of this keeps anything from passing in clear, without any tunnel to pass by: what stays
    /// over a restart.
    HostPlan guardsOnly() {
        return new HostPlan(
                List.of(),
                routes.stream().filter(r -> r.kind() != RouteWish.Kind.UNICAST).toList(),
                rule4,
                rule6,
                false,
                false,
                List.of(),
                wall,
                List.of());
    }
}

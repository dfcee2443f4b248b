package io.sallyport.config.aws;

import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Which elements a `customer_gateway_configuration` has, and where: all others are told.
final class XmlShape {
    private static final List<String> SIDE =
            List.of(
                    "tunnel_outside_address",
                    "tunnel_inside_address",
                    "tunnel_inside_ipv6_address",
                    "bgp");

    private static final Map<String, List<String>> CHILDREN =
            Map.ofEntries(
                    Map.entry(
                            "vpn_connection",
                            List.of(
                                    "customer_gateway_id",
                                    "vpn_gateway_id",
                                    "transit_gateway_id",
                                    "vpn_connection_type",
                                    "vpn_connection_attributes",
                                    "ipsec_tunnel")),
                    Map.entry(
                            "ipsec_tunnel",
                            List.of("customer_gateway", "vpn_gateway", "ike", "ipsec")),
                    Map.entry("customer_gateway", SIDE),
                    Map.entry("vpn_gateway", SIDE),
                    Map.entry("tunnel_outside_address", List.of("ip_address")),
                    Map.entry(
                            "tunnel_inside_address",
                            List.of("ip_address", "network_mask", "network_cidr")),
                    Map.entry("tunnel_inside_ipv6_address", List.of("ip_address", "prefix_length")),
                    Map.entry("bgp", List.of("asn", "hold_time")),
                    Map.entry(
                            "ike",
                            List.of(
                                    "authentication_protocol",
                                    "encryption_protocol",
                                    "lifetime",
                                    "perfect_forward_secrecy",
                                    "mode",
                                    "pre_shared_key")),
                    Map.entry(
                            "ipsec",
                            List.of(
                                    "protocol",
                                    "authentication_protocol",
                                    "encryption_protocol",
                                    "lifetime",
                                    "perfect_forward_secrecy",
                                    "mode",
                                    "clear_df_bit",
                                    "fragmentation_before_encryption",
                                    "tcp_mss_adjustment",
                                    "dead_peer_detection")),
                    Map.entry("dead_peer_detection", List.of("interval", "retries")));

    private XmlShape() {}

    /// Unknown and repeated elements, from `parent` down.
    static void check(XmlElement parent, Findings findings) {
        List<String> known = CHILDREN.getOrDefault(parent.name(), List.of());
        TreeSet<String> seen = new TreeSet<>();
        for (XmlElement child : parent.children()) {
            if (!known.contains(child.name())) {
                String name = child.name().matches("[A-Za-z0-9_.-]{1,40}") ? child.name() : "…";
                findings.warning(
                        child.at(),
                        "unknown element <"
                                + name
                                + "> is ignored"
                                + DidYouMean.hint(child.name(), known));
                continue;
            }
            if (!seen.add(child.name()) && !child.name().equals("ipsec_tunnel")) {
                findings.warning(
                        child.at(), "<" + child.name() + "> is there twice; the first one counts");
            }
            check(child, findings);
        }
    }
}

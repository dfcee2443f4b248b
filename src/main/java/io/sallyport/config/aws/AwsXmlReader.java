package io.sallyport.config.aws;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.SharedSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/// AWS's `customer_gateway_configuration`: a `vpn_connection` of two tunnels. The XML names no
/// interfaces and no marks; they are those of the strongSwan text: Tunnel1 and 100, Tunnel2 and
/// 200.
public final class AwsXmlReader {
    private static final int MARK_STEP = 100;

    private AwsXmlReader() {}

    public static AwsReading read(SourceText text, Choices choices, Findings findings) {
        return XmlElement.parse(text, findings)
                .map(root -> read(root, choices, findings))
                .orElse(AwsReading.NOTHING);
    }

    private static AwsReading read(XmlElement root, Choices choices, Findings findings) {
        if (!root.name().equals("vpn_connection")) {
            findings.error(
                    root.at(), "the root element of AWS's configuration is <vpn_connection>");
            return AwsReading.NOTHING;
        }
        XmlShape.check(root, findings);
        identifiers(root, findings);
        List<XmlElement> tunnels = root.all("ipsec_tunnel");
        if (tunnels.isEmpty()) {
            findings.error(root.at(), "there is no <ipsec_tunnel>");
        } else if (tunnels.size() != 2) {
            findings.warning(
                    root.at(),
                    "AWS makes two tunnels a connection, here is "
                            + tunnels.size()
                            + ": failover is not as usual");
        }
        List<ConnectionSpec> connections = new ArrayList<>();
        List<SharedSecret> secrets = new ArrayList<>();
        boolean bgp = false;
        for (int i = 0; i < tunnels.size(); i++) {
            Findings own = new Findings();
            XmlTunnel tunnel =
                    new XmlTunnel(
                            tunnels.get(i), "Tunnel" + (i + 1), (i + 1) * MARK_STEP, choices, own);
            Optional<ConnectionSpec> connection = tunnel.connection();
            tunnel.secret().ifPresent(secrets::add);
            connection.filter(_ -> !own.hasErrors()).ifPresent(connections::add);
            bgp |= tunnel.hasBgp();
            findings.addAll(own);
            if (own.hasErrors()) {
                findings.note(
                        tunnels.get(i).at(), "Tunnel" + (i + 1) + " is left out: see its errors");
            }
        }
        routes(root, bgp, choices, findings);
        return new AwsReading(connections, secrets);
    }

    private static void routes(XmlElement root, boolean bgp, Choices choices, Findings findings) {
        if (bgp) {
            XmlElement at =
                    root.all("ipsec_tunnel")
                            .getFirst()
                            .child("customer_gateway")
                            .flatMap(c -> c.child("bgp"))
                            .orElse(root);
            findings.warning(
                    at.at(),
                    choices.vpc().isEmpty()
                            ? "BGP is not spoken yet; give the VPC's routes with --vpc CIDR"
                            : "BGP is not spoken yet; the routes are those of --vpc");
        }
        if (choices.vpc().isEmpty()) {
            findings.note(
                    root.at(),
                    "no route leads through the tunnels yet: give the VPC's CIDR with --vpc CIDR,"
                            + " e.g. --vpc 192.168.1.0/24");
        }
    }

    private static void identifiers(XmlElement root, Findings findings) {
        identifier(root, root.id(), findings);
        for (String name : List.of("customer_gateway_id", "vpn_gateway_id", "transit_gateway_id")) {
            root.child(name)
                    .filter(e -> !e.text().isEmpty()) // empty with a transit gateway
                    .ifPresent(e -> identifier(e, e.text(), findings));
        }
        root.child("vpn_connection_type")
                .filter(e -> !e.text().equals("ipsec.1"))
                .ifPresent(e ->
                        findings.warning(
                                e.at(),
                                "vpn_connection_type '"
                                        + Values.shown(e.text())
                                        + "' is not ipsec.1"));
    }

    private static void identifier(XmlElement at, String id, Findings findings) {
        Matcher m = AwsIds.ANY.matcher(id);
        if (!m.matches() || !AwsIds.isGood(m.group(2))) {
            findings.warning(
                    at.at(),
                    "'"
                            + Values.shown(id)
                            + "' is no AWS identifier: 8 or 17 hexadecimal digits behind vpn-,"
                            + " vgw- or cgw-");
        }
    }
}

package io.sallyport.config.aws;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.aws.Slot.Word;
import io.sallyport.config.ipsecconf.LoweredConn;
import io.sallyport.config.ipsecconf.UpdownLine;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Selectors;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.RouteSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The commands of the AWS text that make one connection's interface, as a link.
final class TunnelSlots {
    private static final int SMALLEST_MTU = 576;

    private final LoweredConn conn;
    private final List<Slot> slots;
    private final Choices choices;
    private final Findings findings;

    TunnelSlots(LoweredConn conn, List<Slot> slots, Choices choices, Findings findings) {
        this.conn = conn;
        this.slots = slots;
        this.choices = choices;
        this.findings = findings;
    }

    /// The link; empty after an error. An enabled leftupdown line says it already.
    Optional<LinkSpec> link() {
        if (conn.link() instanceof LinkSpec.Tunnel) {
            return Optional.of(conn.link());
        }
        Optional<Slot.Vti> vti = vtiOf(conn, slots);
        if (vti.isEmpty()) {
            findings.warning(
                    conn.at(),
                    "no 'ip link add … type vti' for conn "
                            + conn.name()
                            + ": it is policy-based, and AWS lets only one policy-based tunnel be"
                            + " up");
            return Optional.of(new LinkSpec.Shared());
        }
        Word name = vti.get().name();
        Optional<String> wrong = beyondTheInterface();
        if (wrong.isPresent()) {
            findings.error(conn.at(), "conn " + conn.name() + " " + wrong.get());
            return Optional.empty();
        }
        if (conn.mark() == 0) {
            findings.error(
                    conn.at(),
                    "conn " + conn.name() + " needs mark=, the number of " + name.text());
            return Optional.empty();
        }
        if (!UpdownLine.isInterfaceName(name.text(), name.at(), findings)) {
            return Optional.empty();
        }
        Optional<Slot.Inside> inside = inside(name);
        if (inside.isEmpty()) {
            findings.error(
                    name.at(), "no 'ip addr add … dev " + name.text() + "': it has no address");
            return Optional.empty();
        }
        Optional<InsideAddress> local = address(inside.get().local());
        Optional<InsideAddress> remote = address(inside.get().remote());
        Optional<List<RouteSpec>> routes = routes(name);
        if (local.isEmpty() || remote.isEmpty() || routes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new LinkSpec.Tunnel(
                        name.text(),
                        List.of(local.get()),
                        List.of(remote.get()),
                        mtu(name),
                        conn.mark(),
                        routes.get()));
    }

    /// What one interface with its addresses has no place for.
    private Optional<String> beyondTheInterface() {
        int pairs = conn.spec().children().size();
        if (pairs > 1 || conn.spec().children().getFirst().selectors().local().size() > 1) {
            return Optional.of(
                    "has several pairs of networks for one tunnel interface: use 0.0.0.0/0 on both"
                            + " sides and routes");
        }
        if (!conn.spec().addressing().asked().isEmpty() || !conn.pools().isEmpty()) {
            return Optional.of(
                    "says leftsourceip or rightsourceip: AWS lends no addresses and takes none, the"
                            + " inside ones are those of 'ip addr add'");
        }
        return Optional.empty();
    }

    /// The interface of a connection: the one to its peer, else the one with its mark as key, else
    /// its namesake; a command of step 2 before one of the stanza.
    static Optional<Slot.Vti> vtiOf(LoweredConn conn, List<Slot> slots) {
        List<Slot.Vti> all = new ArrayList<>();
        slots.forEach(s -> {
            if (s instanceof Slot.Vti vti && !vti.stanza()) {
                all.add(vti);
            }
        });
        slots.forEach(s -> {
            if (s instanceof Slot.Vti vti && vti.stanza()) {
                all.add(vti);
            }
        });
        String peer = conn.spec().remote().address().toString();
        return all.stream()
                .filter(v -> v.remote().text().equals(peer))
                .findFirst()
                .or(() ->
                        all.stream()
                                .filter(v -> v.key().text().equals("" + conn.mark()))
                                .findFirst())
                .or(() ->
                        all.stream().filter(v -> v.name().text().equals(conn.name())).findFirst());
    }

    private Optional<Slot.Inside> inside(Word name) {
        Optional<Slot.Inside> best = Optional.empty();
        for (Slot slot : slots) {
            if (slot instanceof Slot.Inside i
                    && i.name().text().equals(name.text())
                    && (best.isEmpty() || best.get().stanza() && !i.stanza())) {
                best = Optional.of(i);
            }
        }
        return best;
    }

    private Optional<InsideAddress> address(Word word) {
        Optional<InsideAddress> address = InsideAddress.parse(word.text());
        if (address.isEmpty()) {
            findings.error(
                    word.at(),
                    "'"
                            + Values.shown(word.text())
                            + "' is no address; write e.g. 169.254.23.6/30");
        }
        return address;
    }

    private int mtu(Word name) {
        for (Slot slot : slots) {
            if (slot instanceof Slot.Mtu m && m.name().text().equals(name.text())) {
                String said = m.mtu().text();
                if (said.matches("[0-9]{1,5}")
                        && Integer.parseInt(said) >= SMALLEST_MTU
                        && Integer.parseInt(said) <= 65535) {
                    return Integer.parseInt(said);
                }
                findings.warning(
                        m.mtu().at(),
                        "'" + Values.shown(said) + "' is no MTU; it is computed instead");
                return 0;
            }
        }
        findings.note(name.at(), "no MTU is said for " + name.text() + "; it is computed");
        return 0;
    }

    /// S3-33: `<VPC CIDR>` is filled with the caller's choice.
    private Optional<List<RouteSpec>> routes(Word name) {
        List<RouteSpec> routes = new ArrayList<>();
        boolean said = false;
        boolean good = true;
        Position at = name.at();
        for (Slot slot : slots) {
            if (slot instanceof Slot.Route r && r.name().text().equals(name.text())) {
                said = true;
                at = r.destination().at();
                int metric = metric(r.metric());
                if (r.destination().isOpen()) {
                    choices.vpc().forEach(p -> routes.add(new RouteSpec(p, metric)));
                    continue;
                }
                Optional<IpPrefix> prefix =
                        Selectors.prefix(
                                r.destination().text(), r.destination().at(), "route", findings);
                prefix.ifPresent(p -> routes.add(new RouteSpec(p, metric)));
                good &= prefix.isPresent();
            }
        }
        if (!said) {
            choices.vpc().forEach(p -> routes.add(new RouteSpec(p, conn.mark())));
        }
        if (routes.isEmpty() && good) {
            findings.note(
                    at,
                    "no route leads through "
                            + name.text()
                            + " yet: give the VPC's CIDR with --vpc CIDR, e.g. --vpc"
                            + " 192.168.1.0/24");
        }
        return good ? Optional.of(routes.stream().distinct().toList()) : Optional.empty();
    }

    private int metric(Word metric) {
        if (metric.text().matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(metric.text());
            if (number != conn.mark()) {
                findings.warning(
                        metric.at(),
                        "metric "
                                + number
                                + " is not the mark "
                                + conn.mark()
                                + ", as aws-updown.sh would have it");
            }
            return number;
        }
        return conn.mark();
    }

    /// The connection with the address that stands where `<LOCAL IP>` was.
    static ConnectionSpec at(Word local, ConnectionSpec spec, Findings findings) {
        Optional<IpAddress> address = IpAddress.parse(local.text());
        if (address.isEmpty()) {
            findings.warning(
                    local.at(),
                    "'"
                            + Values.shown(local.text())
                            + "' is no address; the one of the default route is used");
            return spec;
        }
        PeerSpec ours = spec.local();
        return new ConnectionSpec(
                spec.name(),
                ours.at(new AddressSpec.Fixed(address.get())),
                spec.remote(),
                spec.ike(),
                spec.children(),
                spec.origin());
    }
}

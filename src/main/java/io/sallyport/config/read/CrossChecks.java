package io.sallyport.config.read;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.RouteSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.SharedSecret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What only shows when all connections are there, whatever dialect they came from.
final class CrossChecks {
    private static final List<IpPrefix> PRIVATE =
            List.of(
                    IpPrefix.of("10.0.0.0/8"), // RFC 1918, 3
                    IpPrefix.of("172.16.0.0/12"),
                    IpPrefix.of("192.168.0.0/16"),
                    IpPrefix.of("100.64.0.0/10"), // RFC 6598
                    IpPrefix.of("169.254.0.0/16"), // RFC 3927
                    IpPrefix.of("fc00::/7")); // RFC 4193

    private final List<ConnectionSpec> connections;
    private final List<SharedSecret> secrets;
    private final boolean haveKeys;
    private final Findings findings;

    /// By identity: two files may say the very same connection.
    private final Set<ConnectionSpec> faulty = Collections.newSetFromMap(new IdentityHashMap<>());

    /// @param haveKeys whether any private key is named
    CrossChecks(
            List<ConnectionSpec> connections,
            List<SharedSecret> secrets,
            boolean haveKeys,
            Findings findings) {
        this.connections = connections;
        this.secrets = secrets;
        this.haveKeys = haveKeys;
        this.findings = findings;
    }

    /// The connections without an error.
    List<ConnectionSpec> run() {
        names();
        for (ConnectionSpec c : connections) {
            EngineLimits.errors(c, findings).forEach(w -> fault(c, "conn " + c.name() + " " + w));
            secret(c);
            privateKey(c);
            link(c).ifPresent(link -> routes(c, link));
        }
        links();
        sameTraffic();
        straySecrets();
        new BrokenAlgorithms(connections, findings).run();
        List<ConnectionSpec> good = new ArrayList<>();
        for (ConnectionSpec c : connections) {
            if (!faulty.contains(c)) {
                good.add(c);
            } else {
                findings.note(at(c), "conn " + c.name() + " is left out: see its errors");
            }
        }
        return good;
    }

    private static Position at(ConnectionSpec c) {
        return Position.of(c.origin());
    }

    private void fault(ConnectionSpec c, String message) {
        faulty.add(c);
        findings.error(at(c), message);
    }

    private static Optional<LinkSpec.Tunnel> link(ConnectionSpec c) {
        return c.children().stream()
                .map(ChildSpec::link)
                .filter(LinkSpec.Tunnel.class::isInstance)
                .map(LinkSpec.Tunnel.class::cast)
                .findFirst();
    }

    private void names() {
        Map<String, ConnectionSpec> seen = new HashMap<>();
        for (ConnectionSpec c : connections) {
            ConnectionSpec before = seen.putIfAbsent(c.name(), c);
            if (before != null) {
                fault(c, "a connection '" + c.name() + "' is there already, at " + before.origin());
            }
        }
    }

    /// S3-24: every connection finds a key.
    private void secret(ConnectionSpec c) {
        if (usesKey(c) && secrets.stream().noneMatch(s -> matches(s, c))) {
            fault(
                    c,
                    "conn "
                            + c.name()
                            + " has no pre-shared key: "
                            + (c.origin().file().endsWith("swanctl.conf")
                                    ? "secrets needs an ike section; as a line of ipsec.secrets '"
                                    : "ipsec.secrets needs a line '")
                            + (c.local().identity().isAny() ? "" : c.local().identity() + " ")
                            + c.remote().identity()
                            + " : PSK \"***\"'");
        }
    }

    /// No error: a client may bring it over vici.
    private void privateKey(ConnectionSpec c) {
        if (!haveKeys
                && c.negotiates()
                && c.local().rounds().stream().anyMatch(AuthSpec.Pubkey.class::isInstance)) {
            findings.warning(
                    at(c),
                    "conn "
                            + c.name()
                            + " proves itself by a certificate, and no private key is here: "
                            + (c.origin().file().endsWith("swanctl.conf")
                                    ? "put its file into the directory 'private'"
                                    : "ipsec.secrets needs a line ': RSA FILE' (or ECDSA, PKCS8,"
                                            + " P12)"));
        }
    }

    private static boolean usesKey(ConnectionSpec c) {
        return c.negotiates()
                && Stream.of(c.local(), c.remote())
                        .flatMap(end -> end.rounds().stream())
                        .anyMatch(AuthSpec.Psk.class::isInstance);
    }

    /// S3-21: a key for nobody is a key with a mistyped peer. Only told where all else is well: a
    /// connection that is left out has its key, too.
    private void straySecrets() {
        if (connections.isEmpty() || findings.hasErrors()) {
            return;
        }
        for (SharedSecret s : secrets) {
            if (s.kind() == SharedSecret.Kind.IKE
                    && connections.stream().noneMatch(c -> matches(s, c))) {
                findings.warning(
                        Position.of(s.origin()),
                        "no connection uses the pre-shared key of "
                                + String.join(
                                        ", ",
                                        s.owners().stream().map(Identity::toString).toList()));
            }
        }
    }

    /// As the store matches later: an owner is the peer, or nobody in particular, or all owners are
    /// us.
    private static boolean matches(SharedSecret secret, ConnectionSpec c) {
        List<Identity> owners = secret.owners();
        return secret.kind() == SharedSecret.Kind.IKE && isFor(owners, c);
    }

    private static boolean isFor(List<Identity> owners, ConnectionSpec c) {
        return owners.isEmpty()
                || c.remote().identity().isAny()
                || owners.stream().anyMatch(o -> o.isAny() || isOf(c.remote(), o))
                || owners.stream().allMatch(o -> isOf(c.local(), o));
    }

    private static boolean isOf(PeerSpec end, Identity owner) {
        return owner.equals(end.identity())
                || end.address() instanceof AddressSpec.Fixed(IpAddress a)
                        && owner.equals(Identity.of(a));
    }

    /// S3-21: marks, interfaces and inside addresses are each of one connection only.
    private void links() {
        Map<Integer, ConnectionSpec> marks = new HashMap<>();
        Map<String, ConnectionSpec> names = new HashMap<>();
        List<ConnectionSpec> before = new ArrayList<>();
        for (ConnectionSpec c : connections) {
            Optional<LinkSpec.Tunnel> link = link(c);
            if (link.isEmpty()) {
                continue;
            }
            LinkSpec.Tunnel tunnel = link.get();
            ConnectionSpec sameMark =
                    tunnel.mark() == 0 ? null : marks.putIfAbsent(tunnel.mark(), c);
            if (sameMark != null) {
                fault(
                        c,
                        "mark "
                                + tunnel.mark()
                                + " of conn "
                                + c.name()
                                + " is the mark of conn "
                                + sameMark.name()
                                + ", too ("
                                + sameMark.origin()
                                + "); every tunnel needs its own");
            }
            ConnectionSpec sameName = names.putIfAbsent(tunnel.name(), c);
            if (sameName != null) {
                fault(
                        c,
                        "interface "
                                + tunnel.name()
                                + " of conn "
                                + c.name()
                                + " is that of conn "
                                + sameName.name()
                                + ", too ("
                                + sameName.origin()
                                + ")");
            }
            before.forEach(other -> insideOverlap(c, tunnel, other, link(other).orElseThrow()));
            before.add(c);
        }
    }

    private void insideOverlap(
            ConnectionSpec c,
            LinkSpec.Tunnel link,
            ConnectionSpec other,
            LinkSpec.Tunnel otherLink) {
        for (InsideAddress a : link.inside()) {
            for (InsideAddress b : otherLink.inside()) {
                if (a.network().overlaps(b.network())) {
                    fault(
                            c,
                            "inside network "
                                    + a.network()
                                    + " of conn "
                                    + c.name()
                                    + " overlaps "
                                    + b.network()
                                    + " of conn "
                                    + other.name()
                                    + " ("
                                    + other.origin()
                                    + ")");
                    return;
                }
            }
        }
    }

    private void routes(ConnectionSpec c, LinkSpec.Tunnel link) {
        for (RouteSpec route : link.routes()) {
            IpPrefix to = route.destination();
            for (ConnectionSpec other : connections) {
                if (other.remote().address() instanceof AddressSpec.Fixed(IpAddress peer)
                        && to.contains(peer)) {
                    fault(
                            c,
                            "the route to "
                                    + to
                                    + " through "
                                    + link.name()
                                    + " would swallow the peer "
                                    + peer
                                    + " itself (conn "
                                    + other.name()
                                    + "): its ESP would go into the tunnel");
                    return;
                }
            }
            for (InsideAddress inside : link.inside()) {
                if (to.overlaps(inside.network())) {
                    findings.warning(
                            at(c),
                            "the route to "
                                    + to
                                    + " overlaps the inside network "
                                    + inside.network()
                                    + " of "
                                    + link.name());
                }
            }
            // S0-09: legal, but seldom meant
            if (PRIVATE.stream().noneMatch(p -> p.contains(to))) {
                findings.note(at(c), to + " is not private address space (RFC 1918): is it meant?");
            }
        }
    }

    /// S3-02: policy-based children for the same traffic cannot both be up.
    private void sameTraffic() {
        Map<SelectorPair, ConnectionSpec> first = new HashMap<>();
        for (ConnectionSpec c : connections) {
            if (link(c).isPresent()) {
                continue;
            }
            List<SelectorPair> traffic = traffic(c);
            traffic.stream()
                    .map(first::get)
                    .filter(other -> other != null && !other.name().equals(c.name()))
                    .findFirst()
                    .ifPresent(other ->
                            findings.warning(
                                    at(c),
                                    "conn "
                                            + c.name()
                                            + " is for the same traffic as conn "
                                            + other.name()
                                            + " ("
                                            + other.origin()
                                            + "): policy-based, only one of them carries it,"
                                            + " the later one stands by"));
            traffic.forEach(selectors -> first.putIfAbsent(selectors, c));
        }
    }

    /// Of each child; dynamic selectors differ with the addresses, and are left out.
    private static List<SelectorPair> traffic(ConnectionSpec c) {
        return c.children().stream()
                .map(ChildSpec::selectors)
                .filter(selectors -> !selectors.remote().isEmpty())
                .toList();
    }
}

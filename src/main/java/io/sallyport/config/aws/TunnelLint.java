package io.sallyport.config.aws;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.config.aws.Slot.Word;
import io.sallyport.config.ipsecconf.LoweredConn;
import io.sallyport.config.ipsecconf.Marks;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.LinkSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// S3-21: the same number, name and addresses stand in many places of AWS's text, and every place
/// must agree: mark, VTI key, `-m`, `--set-xmark`; interface names; inside addresses; peers.
final class TunnelLint {
    private static final Pattern OPTION =
            Pattern.compile(
                    "(-ln|--link-name|-ll|--link-local|-lr|--link-remote|-m|--mark)[ \t]+(\\S+)");

    private final List<LoweredConn> conns;
    private final List<Slot> slots;
    private final boolean allConns;
    private final Findings findings;
    private final Set<String> faulty = new HashSet<>();
    private final Map<String, LoweredConn> byInterface = new HashMap<>();
    private final Set<String> interfaces = new TreeSet<>();

    /// @param allConns whether `conns` are all that the file has: only then a stray peer or name is
    ///   told
    TunnelLint(List<LoweredConn> conns, List<Slot> slots, boolean allConns, Findings findings) {
        this.conns = conns;
        this.slots = slots;
        this.allConns = allConns;
        this.findings = findings;
    }

    boolean isFaulty(LoweredConn conn) {
        return faulty.contains(conn.name());
    }

    void run() {
        for (Slot slot : slots) {
            if (slot instanceof Slot.Vti vti) {
                interfaces.add(vti.name().text());
            }
        }
        for (LoweredConn conn : conns) {
            TunnelSlots.vtiOf(conn, slots)
                    .ifPresent(vti -> {
                        LoweredConn before = byInterface.put(vti.name().text(), conn);
                        if (before != null && !before.equals(conn)) {
                            fault(
                                    Optional.of(conn),
                                    vti.name(),
                                    vti.name().text()
                                            + " is the interface of conn "
                                            + before.name()
                                            + " and of conn "
                                            + conn.name());
                        }
                    });
        }
        slots.forEach(this::check);
        conns.forEach(this::enabledUpdown);
    }

    /// A leftupdown line that is enabled and commands beside it make the same interface.
    private void enabledUpdown(LoweredConn conn) {
        Optional<Slot.Vti> vti = TunnelSlots.vtiOf(conn, slots);
        if (vti.isEmpty() || !(conn.link() instanceof LinkSpec.Tunnel tunnel)) {
            return;
        }
        if (!vti.get().name().text().equals(tunnel.name())) {
            fault(
                    Optional.of(conn),
                    vti.get().name(),
                    "leftupdown of conn "
                            + conn.name()
                            + " calls its interface "
                            + tunnel.name()
                            + ", here it is "
                            + Values.shown(vti.get().name().text()));
        }
        insideOf(vti)
                .ifPresent(inside -> {
                    agrees(conn, inside.local(), tunnel.inside());
                    agrees(conn, inside.remote(), tunnel.remoteInside());
                });
    }

    private void agrees(LoweredConn conn, Word said, List<InsideAddress> updown) {
        if (InsideAddress.parse(said.text()).filter(updown::contains).isEmpty()) {
            fault(
                    Optional.of(conn),
                    said,
                    "leftupdown of conn "
                            + conn.name()
                            + " says "
                            + updown.getFirst()
                            + ", here stands "
                            + Values.shown(said.text()));
        }
    }

    private void check(Slot slot) {
        switch (slot) {
            case Slot.Vti vti -> vti(vti);
            case Slot.Inside inside -> inside(inside);
            case Slot.Mtu mtu -> mtu(mtu);
            case Slot.Route route -> known(route.name());
            case Slot.Clamp clamp -> known(clamp.name());
            case Slot.Stanza stanza -> known(stanza.name());
            case Slot.XMark mark -> xmark(mark);
            case Slot.Sysctl sysctl -> sysctl(sysctl);
            case Slot.CommentedUpdown updown -> updown(updown);
        }
    }

    private void fault(Optional<LoweredConn> conn, Word word, String message) {
        conn.ifPresent(c -> faulty.add(c.name()));
        findings.error(word.at(), message);
    }

    private Optional<LoweredConn> connOf(Word name) {
        return Optional.ofNullable(byInterface.get(name.text()));
    }

    private Optional<LoweredConn> byPeer(Word peer) {
        return conns.stream()
                .filter(c -> c.spec().remote().address().toString().equals(peer.text()))
                .findFirst();
    }

    private void vti(Slot.Vti vti) {
        Optional<LoweredConn> conn = connOf(vti.name());
        if (conn.isEmpty()) {
            Optional<LoweredConn> peers = byPeer(vti.remote());
            if (peers.isPresent()) {
                TunnelSlots.vtiOf(peers.get(), slots)
                        .ifPresent(v ->
                                fault(
                                        peers,
                                        vti.name(),
                                        "the interface of conn "
                                                + peers.get().name()
                                                + " is called "
                                                + v.name().text()
                                                + " in line "
                                                + v.name().at().line()
                                                + ", here "
                                                + vti.name().text()));
            } else if (allConns) {
                findings.error(
                        vti.remote().at(),
                        "no conn has right=" + Values.shown(vti.remote().text()));
            }
            return;
        }
        if (!conn.get().spec().remote().address().toString().equals(vti.remote().text())) {
            fault(
                    conn,
                    vti.remote(),
                    "the peer of "
                            + vti.name().text()
                            + " is "
                            + Values.shown(vti.remote().text())
                            + ", but conn "
                            + conn.get().name()
                            + " has right="
                            + conn.get().spec().remote().address());
        }
        number("key", vti.key(), conn.get());
    }

    /// A number that must be the mark of `conn`.
    private void number(String what, Word word, LoweredConn conn) {
        OptionalInt number =
                Marks.parse(new Setting(what, word.text(), word.at(), word.at()), findings);
        if (number.isEmpty()) {
            faulty.add(conn.name());
        } else if (number.getAsInt() != conn.mark()) {
            fault(
                    Optional.of(conn),
                    word,
                    what
                            + " "
                            + number.getAsInt()
                            + " is not the mark "
                            + conn.mark()
                            + " of conn "
                            + conn.name()
                            + " (line "
                            + conn.markAt().line()
                            + ")");
        }
    }

    /// The name of an interface that some line makes.
    private boolean known(Word name) {
        if (name.isOpen() || interfaces.isEmpty() || interfaces.contains(name.text())) {
            return true;
        }
        findings.error(
                name.at(),
                "no line makes an interface '"
                        + Values.shown(name.text())
                        + "'"
                        + DidYouMean.hint(name.text(), interfaces));
        return false;
    }

    private void inside(Slot.Inside inside) {
        if (!known(inside.name())) {
            return;
        }
        for (Slot slot : slots) {
            if (slot instanceof Slot.Inside first
                    && first.name().text().equals(inside.name().text())) {
                same(first.local(), inside.local(), inside.name());
                same(first.remote(), inside.remote(), inside.name());
                break;
            }
        }
        Optional<InsideAddress> local = InsideAddress.parse(inside.local().text());
        Optional<InsideAddress> remote = InsideAddress.parse(inside.remote().text());
        if (local.isPresent()
                && remote.isPresent()
                && !local.get().network().contains(remote.get().address())) {
            fault(
                    connOf(inside.name()),
                    inside.remote(),
                    remote.get() + " is not in the network of our " + local.get());
        }
    }

    private void same(Word first, Word second, Word name) {
        if (!first.text().equals(second.text())) {
            fault(
                    connOf(name),
                    second,
                    name.text()
                            + " has "
                            + Values.shown(first.text())
                            + " in line "
                            + first.at().line()
                            + ", here "
                            + Values.shown(second.text()));
        }
    }

    private void mtu(Slot.Mtu mtu) {
        if (!known(mtu.name())) {
            return;
        }
        for (Slot slot : slots) {
            if (slot instanceof Slot.Mtu first && first.name().text().equals(mtu.name().text())) {
                if (!first.mtu().text().equals(mtu.mtu().text())) {
                    findings.warning(
                            mtu.mtu().at(),
                            "the MTU of "
                                    + mtu.name().text()
                                    + " is "
                                    + Values.shown(first.mtu().text())
                                    + " in line "
                                    + first.mtu().at().line());
                }
                break;
            }
        }
    }

    private void xmark(Slot.XMark mark) {
        Optional<LoweredConn> conn = byPeer(mark.peer());
        if (conn.isPresent()) {
            number("--set-xmark", mark.mark(), conn.get());
        } else if (allConns && !mark.peer().isOpen()) {
            findings.error(
                    mark.peer().at(), "no conn has right=" + Values.shown(mark.peer().text()));
        }
    }

    /// S3-28, S3-37. We set them ourselves; another value in the file is a misunderstanding.
    private void sysctl(Slot.Sysctl sysctl) {
        if (!sysctl.name().text().isEmpty() && !sysctl.key().text().equals("disable_xfrm")) {
            known(
                    sysctl.key().text().equals("disable_policy")
                                    && !interfaces.contains(sysctl.name().text())
                            ? new Word("<physical>", sysctl.name().at())
                            : sysctl.name());
        }
        String wanted = sysctl.key().text().equals("rp_filter") ? "2" : "1";
        if (!sysctl.value().text().replaceFirst("#.*", "").equals(wanted)) {
            findings.warning(
                    sysctl.value().at(),
                    sysctl.key().text()
                            + "="
                            + Values.shown(sysctl.value().text())
                            + ": a route-based tunnel wants "
                            + wanted);
        }
    }

    /// S3-23: the line is not enabled, so what it says differently is a warning.
    private void updown(Slot.CommentedUpdown updown) {
        Optional<LoweredConn> owner = Optional.empty();
        for (LoweredConn conn : conns) {
            if (conn.at().line() < updown.command().at().line()
                    && owner.map(o -> o.at().line() < conn.at().line()).orElse(true)) {
                owner = Optional.of(conn);
            }
        }
        if (owner.isEmpty() || !allConns) {
            return;
        }
        LoweredConn conn = owner.get();
        Optional<Slot.Vti> vti = TunnelSlots.vtiOf(conn, slots);
        Matcher m = OPTION.matcher(updown.command().text());
        while (m.find()) {
            String value = m.group(2);
            Optional<String> wanted =
                    switch (m.group(1)) {
                        case "-m", "--mark" -> Optional.of("" + conn.mark());
                        case "-ln", "--link-name" -> vti.map(v -> v.name().text());
                        case "-ll", "--link-local" -> insideOf(vti).map(i -> i.local().text());
                        default -> insideOf(vti).map(i -> i.remote().text());
                    };
            if (wanted.isPresent() && !wanted.get().equals(value)) {
                findings.warning(
                        updown.command().at().right(m.start(2)),
                        "the leftupdown line that is commented out has "
                                + m.group(1)
                                + " "
                                + Values.shown(value)
                                + " where conn "
                                + conn.name()
                                + " has "
                                + wanted.get());
            }
        }
    }

    private Optional<Slot.Inside> insideOf(Optional<Slot.Vti> vti) {
        for (Slot slot : slots) {
            if (vti.isPresent()
                    && slot instanceof Slot.Inside inside
                    && inside.name().text().equals(vti.get().name().text())) {
                return Optional.of(inside);
            }
        }
        return Optional.empty();
    }
}

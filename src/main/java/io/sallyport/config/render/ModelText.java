package io.sallyport.config.render;

import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.Severity;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.RouteSpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.VpnSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A model as text for people: what `sallyport check` prints. Same model, same text; keys are
/// `***`.
public final class ModelText {
    private static final int LABEL = 14;

    private final StringBuilder out = new StringBuilder();

    private ModelText() {}

    /// The model, the findings, a line of totals; ends with a line feed.
    public static String render(VpnSpec spec, List<Diagnostic> findings) {
        ModelText text = new ModelText();
        spec.connections().forEach(text::connection);
        text.secrets(spec.secrets());
        findings.forEach(f -> text.out.append(f).append('\n'));
        if (!findings.isEmpty()) {
            text.out.append('\n');
        }
        text.out
                .append(count(spec.connections().size(), "connection"))
                .append(", ")
                .append(count(spec.secrets().size(), "secret"))
                .append(", ")
                .append(count(findings, Severity.ERROR))
                .append(", ")
                .append(count(findings, Severity.WARNING))
                .append(", ")
                .append(count(findings, Severity.NOTE))
                .append('\n');
        return text.out.toString();
    }

    private static String count(List<Diagnostic> findings, Severity severity) {
        return count(
                (int) findings.stream().filter(f -> f.severity() == severity).count(),
                severity.toString());
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private void line(int indent, String label, String value) {
        out.append(" ".repeat(indent)).append(label);
        out.append(" ".repeat(Math.max(1, LABEL - label.length() - indent + 2)));
        out.append(value).append('\n');
    }

    private void connection(ConnectionSpec c) {
        out.append("connection ").append(c.name()).append("  (").append(c.origin()).append(")\n");
        line(2, "local", end(c.local()));
        line(2, "remote", end(c.remote()));
        if (!c.negotiates()) {
            line(2, "ike", "none");
            c.children().forEach(this::child);
            out.append('\n');
            return;
        }
        IkeSpec ike = c.ike();
        line(2, "ike", ike.version() == IkeVersion.IKEV1 ? "version 1, main mode" : "version 2");
        line(2, "proposals", joined(ike.proposals()));
        line(2, "lifetime", lifetime(ike.lifetime()));
        line(2, "dead peer", dpd(ike.dpd()));
        line(2, "tries", ike.keyingTries() == 0 ? "for ever" : "" + ike.keyingTries());
        line(2, "esp in udp", ike.forceEncapsulation() ? "always" : "behind a NAT");
        line(2, "unique ids", ike.unique() ? "yes" : "no");
        c.children().forEach(this::child);
        out.append('\n');
    }

    private static String end(PeerSpec end) {
        return end.address()
                + ", identity "
                + (end.identity().isAny() ? "its address" : end.identity())
                + ", "
                + end.auth().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private void child(ChildSpec child) {
        out.append("  child ").append(child.name()).append('\n');
        line(4, "mode", child.mode().name().toLowerCase(Locale.ROOT));
        line(4, "traffic", child.selectors().toString());
        line(4, "proposals", joined(child.proposals()));
        line(4, "lifetime", lifetime(child.lifetime()));
        line(4, "actions", actions(child.actions()));
        line(
                4,
                "replay",
                child.replayWindow() == 0
                        ? "no protection"
                        : "window of " + child.replayWindow() + " packets");
        switch (child.link()) {
            case LinkSpec.Shared _ -> line(4, "link", "shared, policy-based");
            case LinkSpec.Tunnel t -> tunnel(t);
        }
    }

    private void tunnel(LinkSpec.Tunnel t) {
        line(
                4,
                "link",
                t.name()
                        + ", "
                        + joined(t.inside())
                        + (t.remoteInside().isEmpty() ? "" : " to " + joined(t.remoteInside()))
                        + ", mtu "
                        + (t.mtu() == 0 ? "computed" : t.mtu())
                        + (t.mark() == 0 ? "" : ", mark " + t.mark()));
        if (t.routes().isEmpty()) {
            line(4, "routes", "none");
        }
        for (RouteSpec route : t.routes()) {
            line(4, "route", route.destination() + ", metric " + route.metric());
        }
    }

    private static String lifetime(LifetimeSpec l) {
        StringBuilder text = new StringBuilder(time(l.life()));
        if (l.octets() > 0) {
            text.append(" or ").append(l.octets()).append(" octets");
        }
        if (l.packets() > 0) {
            text.append(" or ").append(l.packets()).append(" packets");
        }
        if (!l.rekey()) {
            return text.append(", not rekeyed by us").toString();
        }
        Duration most = l.margin().plus(l.margin().multipliedBy(l.fuzzPercent()).dividedBy(100));
        return text.append(", rekeyed ")
                .append(time(l.margin()))
                .append(" to ")
                .append(time(most))
                .append(" before its end")
                .toString();
    }

    private static String dpd(DpdSpec dpd) {
        return dpd.isOn()
                ? "asked after " + time(dpd.delay()) + ", dead after " + time(dpd.timeout())
                : "not asked";
    }

    private static String actions(Actions a) {
        String start =
                switch (a.start()) {
                    case NONE -> "wait for the peer";
                    case TRAP -> "start with the first packet";
                    case START -> "start at load";
                };
        String close =
                switch (a.close()) {
                    case NONE -> "stay closed";
                    case TRAP -> "wait for a packet";
                    case START -> "start again";
                };
        String dpd =
                switch (a.dpd()) {
                    case NONE -> "do nothing";
                    case CLEAR -> "clear";
                    case HOLD -> "wait for a packet";
                    case RESTART -> "restart";
                };
        return start + "; when closed " + close + "; when dead " + dpd;
    }

    /// `8h`, `9m`, `90s`: the largest unit that divides it.
    static String time(Duration d) {
        long seconds = d.toSeconds();
        if (seconds > 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static String joined(Collection<?> all) {
        return all.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void secrets(List<SharedSecret> secrets) {
        for (SharedSecret s : secrets) {
            out.append("secret ")
                    .append(s.owners().isEmpty() ? "for any" : "for " + joined(s.owners()))
                    .append(": PSK ***  (")
                    .append(s.origin())
                    .append(")\n");
        }
        if (!secrets.isEmpty()) {
            out.append('\n');
        }
    }
}

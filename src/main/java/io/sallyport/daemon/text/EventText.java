package io.sallyport.daemon.text;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import java.util.List;
import java.util.Locale;

/// The one place where an [Event] becomes a line. No line holds a key: the records hold none but
/// [Event.IkeKeysForExport], of which only the cookie is named.
public final class EventText {
    private EventText() {}

    /// One line without a line end.
    public static LogLine of(Event event) {
        return switch (event) {
            case Event.IkeEstablished e ->
                    info(
                            e.connection(),
                            "IKE SA %s with %s as %s, %s",
                            e.rekeyed() ? "rekeyed" : "established",
                            e.path().remote(),
                            e.keys().initiator() ? "initiator" : "responder",
                            e.keys().suite());
            case Event.IkeClosed e ->
                    info(e.connection(), "IKE SA with %s closed: %s", e.path().remote(), e.why());
            case Event.ChildEstablished e ->
                    info(
                            e.connection(),
                            "child %s %s, SPIs %s in %s out, %s, %s, %s",
                            e.sa().owner().child(),
                            e.rekeyed() ? "rekeyed" : "is up",
                            e.sa().inbound().spiText(),
                            e.sa().outbound().spiText(),
                            e.sa().suite(),
                            carriage(e.sa()),
                            e.sa().selectors());
            case Event.ChildClosed e ->
                    info(
                            e.connection(),
                            "child %s, SPIs %s in %s out, closed: %s%s",
                            e.sa().owner().child(),
                            e.sa().inbound().spiText(),
                            e.sa().outbound().spiText(),
                            e.why(),
                            e.last() ? "; it was the last one, the child is down" : "");
            case Event.PeerDead e ->
                    warn(
                            e.connection(),
                            "peer %s is dead: silent for %s",
                            e.path().remote(),
                            seconds(e.silentNanos()));
            case Event.Retransmitted e ->
                    info(
                            e.connection(),
                            "no answer from %s to %s, sent %d times",
                            e.path().remote(),
                            e.exchange(),
                            e.sent());
            case Event.NatFound e -> info(e.connection(), "%s", nat(e));
            case Event.PathChanged e ->
                    info(e.connection(), "path changed from %s to %s", e.was(), e.is());
            case Event.AddressLent e ->
                    info(
                            e.connection(),
                            "%s of pool %s is lent to %s",
                            e.address(),
                            e.pool(),
                            e.peer());
            case Event.AddressesBorrowed e ->
                    info(
                            e.connection(),
                            "our virtual addresses: %s%s",
                            joined(e.addresses()),
                            e.dns().isEmpty() ? "" : "; DNS " + joined(e.dns()));
            case Event.AddressesReturned e ->
                    info(e.connection(), "our virtual addresses are gone");
            case Event.Failed e ->
                    new LogLine(LogLine.Level.ERROR, e.connection(), e.failure().toString());
            case Event.Suspected e ->
                    new LogLine(
                            LogLine.Level.WARN,
                            e.connection(),
                            e.failure().text("will most likely fail"));
            case Event.GivenUp e ->
                    info(e.connection(), "nothing is tried any more until somebody asks for it");
            case Event.CalledOff e ->
                    info(e.connection(), "what was begun is called off: %s", e.why());
            case Event.InternalError e ->
                    new LogLine(
                            LogLine.Level.ERROR,
                            e.connection(),
                            "bug of ours, its sessions were ended: " + e.what());
            case Event.Noticed e -> info(e.connection(), "%s%s", e.what(), from(e.path()));
            case Event.WeakAlgorithm e ->
                    warn(
                            e.connection(),
                            "%s is broken and in use because the configuration names it; change it"
                                    + " where the peer allows",
                            e.algorithm());
            case Event.IkeKeysForExport e ->
                    warn(
                            e.connection(),
                            "keys of IKE SA %s exported, as asked by --export-keys",
                            e.initiatorCookieHex());
        };
    }

    /// Nanoseconds as people say them, e.g. `29.9 s`.
    public static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private static String carriage(ChildSa sa) {
        return sa.carriage().tcp() ? "ESP in TCP" : sa.carriage().udp() ? "ESP in UDP" : "ESP";
    }

    private static String nat(Event.NatFound e) {
        if (e.us() && e.peer()) {
            return "both ends are behind NAT";
        }
        return e.us()
                ? "we are behind NAT"
                : e.peer() ? "the peer is behind NAT" : "no NAT on the way";
    }

    private static String from(Path path) {
        return " (" + path.remote() + ")";
    }

    private static LogLine info(String connection, String format, Object... values) {
        return new LogLine(LogLine.Level.INFO, connection, String.format(format, values));
    }

    private static LogLine warn(String connection, String format, Object... values) {
        return new LogLine(LogLine.Level.WARN, connection, String.format(format, values));
    }

    private static String joined(List<IpAddress> addresses) {
        return String.join(", ", addresses.stream().map(IpAddress::toString).toList());
    }
}

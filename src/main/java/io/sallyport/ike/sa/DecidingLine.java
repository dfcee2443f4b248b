package io.sallyport.ike.sa;

import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Origin;

/// The line of configuration that decided, by the kind of failure; else the connection's.
public final class DecidingLine {
    private DecidingLine() {}

    /// @param child empty: it is about the IKE SA
    public static Origin of(ConnectionSpec spec, Cause cause, String child) {
        Origin at = spec.origin();
        String section = "children." + child;
        return switch (cause) {
            case NO_PROPOSAL, KEY_EXCHANGE ->
                    child.isEmpty()
                            ? at.of("proposals")
                            : at.of(section + ".esp_proposals", section + ".ah_proposals", section);
            case SELECTORS ->
                    child.isEmpty()
                            ? onlyChild(spec, at)
                            : at.of(section + ".local_ts", section + ".remote_ts", section);
            case IDENTITY -> at.of("remote.id", "remote");
            case METHOD -> at.of("remote.auth", "remote");
            case CERTIFICATE -> at.of("remote.cacerts", "remote.certs", "remote.auth", "remote");
            case NOT_BELIEVED -> at.of("local.id", "local");
            case ADDRESSES -> at.of("vips", "pools");
            case SILENCE, LOOKUP -> at.of("remote_addrs");
            case GIVEN_UP -> at.of("keyingtries");
            case SECRET, OURSELVES, UNFINISHED, MALFORMED, NO_CONNECTION, OTHER -> at;
        };
    }

    /// Which child was meant is not known where none fits, unless there is but one.
    private static Origin onlyChild(ConnectionSpec spec, Origin at) {
        return spec.children().size() == 1
                ? of(spec, Cause.SELECTORS, spec.children().getFirst().name())
                : at;
    }
}

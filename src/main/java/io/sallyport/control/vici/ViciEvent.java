package io.sallyport.control.vici;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a client may want to be told.
public enum ViciEvent {
    LOG,
    CONTROL_LOG,
    LIST_SA,
    LIST_POLICY,
    LIST_CONN,
    LIST_CERT,
    LIST_AUTHORITY,
    IKE_UPDOWN,
    IKE_REKEY,
    IKE_UPDATE,
    CHILD_UPDOWN,
    CHILD_REKEY,
    ALERT;

    /// As sent, e.g. `list-sa`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ViciEvent> of(String name) {
        return Arrays.stream(values()).filter(e -> e.toString().equals(name)).findFirst();
    }
}

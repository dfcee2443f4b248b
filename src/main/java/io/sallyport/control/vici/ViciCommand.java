package io.sallyport.control.vici;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The commands that a client may give.
public enum ViciCommand {
    VERSION,
    STATS,
    RELOAD_SETTINGS,
    INITIATE,
    TERMINATE,
    REKEY,
    REDIRECT,
    INSTALL,
    UNINSTALL,
    LIST_SAS,
    LIST_POLICIES,
    LIST_CONNS,
    GET_CONNS,
    LIST_CERTS,
    LIST_AUTHORITIES,
    GET_AUTHORITIES,
    LOAD_CONN,
    UNLOAD_CONN,
    LOAD_CERT,
    LOAD_KEY,
    UNLOAD_KEY,
    GET_KEYS,
    LOAD_TOKEN,
    LOAD_SHARED,
    UNLOAD_SHARED,
    GET_SHARED,
    FLUSH_CERTS,
    CLEAR_CREDS,
    LOAD_AUTHORITY,
    UNLOAD_AUTHORITY,
    LOAD_POOL,
    UNLOAD_POOL,
    GET_POOLS,
    GET_ALGORITHMS,
    GET_COUNTERS,
    RESET_COUNTERS;

    /// As sent, e.g. `list-sas`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ViciCommand> of(String name) {
        return Arrays.stream(values()).filter(c -> c.toString().equals(name)).findFirst();
    }
}

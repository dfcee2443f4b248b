package io.sallyport.control.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How to run a gateway in the foreground until it is stopped.
///
/// @param socket of the control server
/// @param stateDirectory where the daemon writes down what it put into the system, so that the next
///   start can clean up after a `kill -9`
/// @param backend who carries the packets
/// @param guards what keeps protected packets from passing in clear
/// @param workers outbound, and as many inbound, 1..[#MOST_WORKERS]
/// @param tcpPort where others open TCP connections (RFC 9329); 0: nowhere
/// @param exportKeys file for IKE and ESP keys in Wireshark's form; null: off
public record RunRequest(
        LoadRequest load,
        Path socket,
        Path stateDirectory,
        LogLevel logLevel,
        Backend backend,
        Guards guards,
        int workers,
        int tcpPort,
        @Nullable Path exportKeys,
        Vici vici) {
    public static final int USUAL_WORKERS = 1;
    public static final int MOST_WORKERS = 16;

    /// Where charon's clients are served.
    public sealed interface Vici {
        /// Nowhere.
        record Off() implements Vici {}

        /// There, or the start fails.
        record At(Path socket) implements Vici {}

        /// Where swanctl looks; if that place is taken, the daemon says so and runs without.
        record Usual() implements Vici {}
    }

    /// What keeps protected packets from passing in clear.
    ///
    /// @param stay a signal that ends the daemon leaves it in the system
    /// @param filter nf_tables refuse what comes in; false: a person lets it come
    public record Guards(boolean stay, boolean filter) {}

    /// The data plane.
    public enum Backend {
        /// The kernel if it takes an SA on trial, else our own.
        AUTO,
        /// Our own.
        USERSPACE,
        /// The kernel's XFRM, or the start fails.
        KERNEL
    }

    /// How much the daemon tells on standard error.
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}

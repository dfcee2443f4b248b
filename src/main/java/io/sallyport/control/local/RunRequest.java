package io.sallyport.control.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How to run a gateway in the foreground until it is stopped.
///
/// @param socket of the control server
/// @param stateDirectory where the daemon writes down what it put into the system, so that the next
///   start can clean up after a `kill -9`
/// @param backend who carries the packets
/// @param workers outbound, and as many inbound, 1..[#MOST_WORKERS]
/// @param exportKeys file for IKE and ESP keys in Wireshark's form; null: off
public record RunRequest(
        LoadRequest load,
        Path socket,
        Path stateDirectory,
        LogLevel logLevel,
        Backend backend,
        int workers,
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

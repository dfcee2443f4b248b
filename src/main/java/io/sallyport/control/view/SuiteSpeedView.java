package io.sallyport.control.view;

import java.util.List;

/// One suite of packets.
///
/// @param suite e.g. `aes128gcm16`, `aes128-sha1`
/// @param servedBy the engine that runs it
public record SuiteSpeedView(String suite, String servedBy, List<Measured> measured) {
    public SuiteSpeedView {
        measured = List.copyOf(measured);
    }

    /// Nanoseconds for a packet on one core.
    ///
    /// @param octets of the payload
    /// @param run packets handed over at a time
    public record Measured(String engine, int octets, int run, long sealNanos, long openNanos) {}
}

package io.sallyport.drivers.tcp;

import java.time.Duration;

/// What connections of others may cost. An unproven one belongs to no IKE SA whose ends are
/// authenticated.
///
/// @param inAll accepted connections; more are closed at once
/// @param ofAddress the same for those of one address: a NAT may hide many peers
/// @param unproven in all; the oldest makes room for the next one
/// @param unprovenOfAddress the same for those of one address; more are closed at once
/// @param prefix time for the stream prefix
/// @param proof time for an IKE SA to come of it, or to come back to it
public record TcpLimits(
        int inAll,
        int ofAddress,
        int unproven,
        int unprovenOfAddress,
        Duration prefix,
        Duration proof) {
    /// The proof is given a little longer than a half-open IKE SA.
    public static final TcpLimits USUAL =
            new TcpLimits(4096, 256, 256, 16, Duration.ofSeconds(5), Duration.ofSeconds(35));
}

package io.sallyport.control.view;

import org.jspecify.annotations.Nullable;

/// Where a tunnel stands.
///
/// @param sinceSeconds how long it has been in this state; null: unknown
/// @param lastFailure the last reason why a negotiation failed, empty if none did
public record StateView(TunnelState name, @Nullable Long sinceSeconds, String lastFailure) {}

package io.sallyport.control.view;

import org.jspecify.annotations.Nullable;

/// Signs of life of the peer.
///
/// @param heardSeconds since it last proved to be alive (the DPD age); null: never
/// @param rttMillis of the last answered probe; null: none was answered
public record LivenessView(@Nullable Long heardSeconds, @Nullable Double rttMillis) {}

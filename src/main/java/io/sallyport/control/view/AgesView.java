package io.sallyport.control.view;

import org.jspecify.annotations.Nullable;

/// The life of an SA, in seconds from now.
///
/// @param ageSeconds since it was established
/// @param rekeySeconds until it is rekeyed; null: never
/// @param expirySeconds until it ends; null: never
public record AgesView(
        long ageSeconds, @Nullable Long rekeySeconds, @Nullable Long expirySeconds) {}

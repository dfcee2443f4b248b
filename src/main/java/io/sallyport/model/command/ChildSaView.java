package io.sallyport.model.command;

import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaUsage;

/// A child SA as shown to people.
///
/// @param state `INSTALLED`, `REKEYED` (replaced, lingering), `REKEYING`
public record ChildSaView(
        ChildSa sa,
        String state,
        long establishedNanos,
        long rekeyNanos,
        long expiryNanos,
        SaUsage usage) {}

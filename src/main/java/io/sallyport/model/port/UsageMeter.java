package io.sallyport.model.port;

import io.sallyport.model.sa.SaUsage;

/// Asks the data plane what an SA did, which dead peer detection and status need, and what it can
/// do.
public interface UsageMeter {
    SaUsage usage(long childSaId);

    /// Whether it compresses payloads (IPComp).
    default boolean compresses() {
        return false;
    }
}

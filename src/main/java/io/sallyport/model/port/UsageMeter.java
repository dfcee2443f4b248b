package io.sallyport.model.port;

import io.sallyport.model.sa.SaUsage;

/// Asks the data plane what an SA did; dead peer detection and status need it.
public interface UsageMeter {
    SaUsage usage(long childSaId);
}

package io.sallyport.ipsec.pipeline;

import io.sallyport.model.sa.Owner;

/// Called by the outbound worker when a packet needs an SA that is not there and its policy is a
/// trap: at most once a second for each policy. Must not block; puts the news in a mailbox.
@FunctionalInterface
public interface Acquire {
    void acquire(Owner owner);
}

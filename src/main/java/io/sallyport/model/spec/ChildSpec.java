package io.sallyport.model.spec;

import io.sallyport.crypto.suite.EspProposal;
import java.util.List;

/// A child SA as wanted.
///
/// @param replayWindow packets; 0: no replay protection
public record ChildSpec(
        String name,
        Mode mode,
        List<EspProposal> proposals,
        SelectorPair selectors,
        LifetimeSpec lifetime,
        Actions actions,
        LinkSpec link,
        int replayWindow) {
    public ChildSpec {
        proposals = List.copyOf(proposals);
    }
}

package io.sallyport.model.spec;

import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.model.spec.child.ChildOptions;
import java.util.List;

/// A child SA as wanted.
///
/// @param proposals ESP or AH, not both
public record ChildSpec(
        String name,
        Mode mode,
        List<EspProposal> proposals,
        SelectorPair selectors,
        LifetimeSpec lifetime,
        Actions actions,
        LinkSpec link,
        ChildOptions options) {
    public ChildSpec {
        proposals = List.copyOf(proposals);
    }

    /// Without the themes that seldom differ.
    public ChildSpec(
            String name,
            Mode mode,
            List<EspProposal> proposals,
            SelectorPair selectors,
            LifetimeSpec lifetime,
            Actions actions,
            LinkSpec link,
            int replayWindow) {
        this(
                name,
                mode,
                proposals,
                selectors,
                lifetime,
                actions,
                link,
                ChildOptions.window(replayWindow));
    }

    /// Packets; 0: no replay protection.
    public int replayWindow() {
        return options.packets().replayWindow();
    }

    /// Whether IKE makes its SAs: it has some, and nobody keys them by hand.
    public boolean negotiates() {
        return mode.protects() && options.manual().isEmpty();
    }

    public ChildSpec over(LinkSpec other) {
        return new ChildSpec(name, mode, proposals, selectors, lifetime, actions, other, options);
    }
}

package io.sallyport.model.sa;

import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.util.Optional;

/// A pair of ESP SAs as negotiated, ready to install.
///
/// @param id unique in this process
/// @param replayWindow packets; 0: off
public record ChildSa(
        long id,
        Owner owner,
        EspSuite suite,
        SaHalf inbound,
        SaHalf outbound,
        SelectorPair selectors,
        Carriage carriage,
        Handling handling) {
    /// What the data plane does besides the transform.
    ///
    /// @param natOriginal what the peer said of its addresses; transport mode in UDP only
    public record Handling(Mode mode, int replayWindow, Optional<NatOriginal> natOriginal) {
        public Handling(Mode mode, int replayWindow) {
            this(mode, replayWindow, Optional.empty());
        }
    }
}

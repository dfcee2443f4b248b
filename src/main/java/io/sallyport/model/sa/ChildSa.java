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
    /// @param volume of each direction
    /// @param ah round the ESP, if the suite is a bundle
    /// @param outer of tunnel mode
    /// @param compression of payloads, if it was agreed on
    public record Handling(
            Mode mode,
            int replayWindow,
            Optional<NatOriginal> natOriginal,
            VolumeLimits volume,
            Optional<AhPair> ah,
            OuterHeader outer,
            Optional<Compression> compression) {
        public Handling(
                Mode mode,
                int replayWindow,
                Optional<NatOriginal> natOriginal,
                VolumeLimits volume,
                Optional<AhPair> ah,
                OuterHeader outer) {
            this(mode, replayWindow, natOriginal, volume, ah, outer, Optional.empty());
        }

        public Handling(
                Mode mode,
                int replayWindow,
                Optional<NatOriginal> natOriginal,
                VolumeLimits volume,
                Optional<AhPair> ah) {
            this(mode, replayWindow, natOriginal, volume, ah, OuterHeader.USUAL);
        }

        public Handling(Mode mode, int replayWindow, Optional<NatOriginal> natOriginal) {
            this(mode, replayWindow, natOriginal, VolumeLimits.NONE, Optional.empty());
        }

        public Handling(Mode mode, int replayWindow) {
            this(mode, replayWindow, Optional.empty());
        }
    }

    /// The same SA, handled like this.
    public ChildSa with(Handling other) {
        return new ChildSa(id, owner, suite, inbound, outbound, selectors, carriage, other);
    }

    /// The same SA with these limits.
    public ChildSa limited(VolumeLimits volume) {
        return with(
                new Handling(
                        handling.mode(),
                        handling.replayWindow(),
                        handling.natOriginal(),
                        volume,
                        handling.ah(),
                        handling.outer(),
                        handling.compression()));
    }
}

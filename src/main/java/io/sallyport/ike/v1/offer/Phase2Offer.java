package io.sallyport.ike.v1.offer;

import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.wire.ike.v1.Proposal;
import io.sallyport.wire.ike.v1.Transform;
import java.util.Optional;

/// A phase 2 transform that we understand.
///
/// @param spi the SPI of the end that sent the proposal
/// @param life what the attributes give
/// @param ah of a bundle: the AH of the same proposal; its SPI, proposal and transform
/// @param transport transport mode, plain or in UDP; else tunnel mode
public record Phase2Offer(
        EspSuite suite,
        int spi,
        Phase2Life life,
        boolean transport,
        Proposal proposal,
        Transform transform,
        Optional<Phase2Offer> ah) {
    /// One protocol alone.
    Phase2Offer(
            EspSuite suite,
            int spi,
            Phase2Life life,
            boolean transport,
            Proposal proposal,
            Transform transform) {
        this(suite, spi, life, transport, proposal, transform, Optional.empty());
    }

    /// Both of one proposal: ESP with AH round it. Empty if their modes, groups or sequence numbers
    /// differ.
    Optional<Phase2Offer> within(Phase2Offer other) {
        boolean alike =
                transport == other.transport
                        && suite.group() == other.suite.group()
                        && suite.esn() == other.suite.esn();
        return alike
                ? Optional.of(
                        new Phase2Offer(
                                suite.within(other.suite.integrity()),
                                spi,
                                life.shorter(other.life),
                                transport,
                                proposal,
                                transform,
                                Optional.of(other)))
                : Optional.empty();
    }
}

package io.sallyport.ike.v1;

import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.wire.ike.v1.Proposal;
import io.sallyport.wire.ike.v1.Transform;

/// A phase 2 transform that we understand.
///
/// @param spi the SPI of the end that sent the proposal
/// @param life what the attributes give
/// @param transport transport mode, plain or in UDP; else tunnel mode
record Phase2Offer(
        EspSuite suite,
        int spi,
        Phase2Life life,
        boolean transport,
        Proposal proposal,
        Transform transform) {}

package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.IkeSuite;

/// What an IKE SA leaves to its successor, besides its child SAs.
///
/// @param ours whether we began the exchange, and so are the new SA's initiator
/// @param lowestNonce the lower of the exchange's two nonces
public record Succession(
        IkeSuite suite, Ikev2Keys keys, boolean ours, long spiI, long spiR, Octets lowestNonce) {}

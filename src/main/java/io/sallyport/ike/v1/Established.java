package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.model.spec.Identity;

/// What main mode leaves behind: all that phase 2 builds on.
///
/// @param lastBlock the last ciphertext block of phase 1: phase 2 IVs come from it (RFC 2409,
///   appendix B)
record Established(
        MainState.Chosen chosen,
        Protection protection,
        Octets lastBlock,
        NatTraversal.Finding nat,
        Identity localId,
        Identity remoteId) {}

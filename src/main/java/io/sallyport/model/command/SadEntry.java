package io.sallyport.model.command;

import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaUsage;

/// A pair of SAs as the data plane has it (RFC 4301, 4.4.2). No keys.
///
/// @param active whether the packets of its policy take it
/// @param sequenceOut number of the last packet sent
/// @param highestIn highest number accepted
/// @param dummiesOut dummy packets sent (RFC 4303, 2.6); they are not in `usage`
/// @param pathMtu octets of the largest outer packet, as last known; 0: not known here
public record SadEntry(
        ChildSa sa,
        boolean active,
        long sequenceOut,
        long highestIn,
        long dummiesOut,
        int pathMtu,
        SaUsage usage) {}

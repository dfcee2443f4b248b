package io.sallyport.model.command;

import io.sallyport.model.sa.PolicyEntry;

/// A policy as the data plane has it (RFC 4301, 4.4.1).
///
/// @param up whether it has an SA
/// @param packets that it covered, outbound
public record SpdEntry(PolicyEntry policy, boolean up, long packets, long octets) {}

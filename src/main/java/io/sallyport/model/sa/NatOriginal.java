package io.sallyport.model.sa;

import io.sallyport.base.net.IpAddress;

/// The addresses of a path as the peer sees them, before any NAT changed them (RFC 3947, 5.2): what
/// the checksums of its packets in transport mode were computed with.
///
/// @param peer the peer's own address
/// @param us ours, as the peer knows it
public record NatOriginal(IpAddress peer, IpAddress us) {}

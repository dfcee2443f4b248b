package io.sallyport.control.view;

/// The outside of a tunnel.
///
/// @param local our address with port, e.g. `62.81.252.34:4500`, as configured before it is known
/// @param natLocal a NAT before us; `natRemote`: one before the peer
/// @param carriage `ESP` (protocol 50), `UDP` (RFC 3948), `TCP` (RFC 9329), or empty before it is
///   decided
public record PathView(
        String local, String remote, boolean natLocal, boolean natRemote, String carriage) {}

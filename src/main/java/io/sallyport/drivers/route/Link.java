package io.sallyport.drivers.route;

/// A network interface as the kernel knows it.
///
/// @param kind `tun`, `veth`, `bridge`...; empty for hardware and loopback
/// @param master index of the bridge it belongs to; 0: none
public record Link(int index, String name, boolean up, int mtu, String kind, int master) {}

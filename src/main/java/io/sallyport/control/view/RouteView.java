package io.sallyport.control.view;

/// A route through an interface.
///
/// @param destination prefix, e.g. `10.0.0.0/16`
public record RouteView(String destination, String interfaceName, int metric) {}

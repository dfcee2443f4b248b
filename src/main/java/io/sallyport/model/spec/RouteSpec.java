package io.sallyport.model.spec;

import io.sallyport.base.net.IpPrefix;

/// A route through a tunnel while it is up; the lower metric wins.
public record RouteSpec(IpPrefix destination, int metric) {}

package io.sallyport.model.sa;

import io.sallyport.model.spec.SelectorPair;

/// A policy that stands whether or not an SA is up: packets from the owner's TUN that match
/// `selectors` leave protected or not at all.
///
/// @param trap ask for an SA when a packet needs one
public record PolicyEntry(Owner owner, SelectorPair selectors, boolean trap) {}

package io.sallyport.control.view;

/// What one end brought into a negotiation; empty where it was not said.
///
/// @param identity who it is
/// @param wanted who it takes the other end for
/// @param selectors its own side before the other one
public record TermsView(String identity, String wanted, String proposals, String selectors) {}

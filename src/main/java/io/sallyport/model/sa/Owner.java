package io.sallyport.model.sa;

/// Whose policy an SA serves.
///
/// @param link name of the TUN; empty: the shared one
public record Owner(String connection, String child, String link) {}

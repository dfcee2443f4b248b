package io.sallyport.control.local;

/// What is to be captured.
///
/// @param inner clear packets, as TUNs have them
/// @param outer ESP, AH and IKE
/// @param count packets after which it ends; 0: none
/// @param seconds after which it ends; 0: none
/// @param keys whether the keys of the SAs are wanted, too
public record CaptureRequest(boolean inner, boolean outer, int count, int seconds, boolean keys) {}

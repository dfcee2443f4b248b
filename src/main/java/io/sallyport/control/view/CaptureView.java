package io.sallyport.control.view;

/// The end of a capture.
///
/// @param refused why there was none; empty: there was
/// @param packets told
/// @param dropped packets that are not among them, for want of room
public record CaptureView(String refused, long packets, long dropped) {}

package io.sallyport.control.local;

/// What `sallyport engines` asks for.
///
/// @param milliseconds for each figure; 0: measure nothing
/// @param proveAll whether every engine has to give all its known answers
public record EnginesRequest(int milliseconds, boolean proveAll) {}

package io.sallyport.control.local;

/// The demonstration in namespaces of its own.
///
/// @param megabytes to move by TCP through the tunnels
/// @param keep leave namespaces and daemons for looking round; the demo says how to remove them
/// @param verbose show what the daemons log
/// @param colour the output is a terminal that wants colour
public record DemoRequest(int megabytes, boolean keep, boolean verbose, boolean colour) {}

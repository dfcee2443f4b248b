package io.sallyport.model.command;

/// One stage of a packet's road, and what it says.
///
/// @param stage e.g. `policy`
/// @param last whether the packet goes no further
public record TraceStep(String stage, String says, boolean last) {}

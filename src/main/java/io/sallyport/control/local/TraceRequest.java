package io.sallyport.control.local;

/// A packet whose road is asked for; numbers and addresses as a person wrote them.
///
/// @param link name of the TUN; empty: the shared one
/// @param fromPort of ICMP the type; `toPort`: the code
public record TraceRequest(
        String link,
        String from,
        String to,
        int protocol,
        int fromPort,
        int toPort,
        int length,
        boolean dontFragment) {}

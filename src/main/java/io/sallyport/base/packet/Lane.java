package io.sallyport.base.packet;

/// Where a packet of a batch goes next.
public enum Lane {
    /// Goes no further; the reason was counted.
    DROPPED,
    /// Kept by the pipeline, to leave when there is an SA.
    WAITING,
    /// ESP in UDP (RFC 3948), or any UDP datagram.
    UDP,
    /// ESP, or IKE behind its marker, in a TCP connection (RFC 9329).
    TCP,
    /// ESP as IP protocol 50 of its own.
    RAW,
    /// AH, IP protocol 51: in IPv4 with the IP header, which its ICV covers; in IPv6 without.
    AH,
    /// A clear packet that a policy lets pass: out to the network, with the IP header it has.
    CLEAR,
    /// An ICMP message without its IP header, about a packet of ours perhaps.
    ICMP,
    /// A clear inner packet, to the TUN named by the batch's link.
    TUN,
    /// An IKE datagram, to the mailbox of the IKE loop.
    IKE
}

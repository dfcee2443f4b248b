package io.sallyport.base.telemetry;

/// Why a packet went no further. CLI, log and metrics show the same word.
public enum Drop {
    // Inbound, outer
    TOO_SHORT("outer packet shorter than its headers"),
    UNKNOWN_SPI("no SA with this SPI"),
    REPLAYED("sequence number seen before or left of the window"),
    BAD_ICV("integrity check failed"),
    BAD_PADDING("padding or next header of an authentic packet is wrong"),
    BAD_COMPRESSION("compressed payload that is malformed, too large or sent with another CPI"),
    DUMMY("dummy packet for traffic flow confidentiality (next header 59)"),
    SELECTOR_MISMATCH("inner packet outside the selectors of the SA it came by (RFC 4301, 5.2)"),
    BAD_INNER("inner packet malformed"),
    CONGESTION("outer congestion mark on a packet that cannot carry one (RFC 6040, 4.2)"),
    WRONG_PATH("SA in use on another encapsulation, address or without the AH that belongs to it"),
    // Outbound
    NO_POLICY("no policy for this packet"),
    NO_SA("policy protects this packet, but no SA is up"),
    ACQUIRE_OVERFLOW("waited for an SA and made room for a later packet"),
    ACQUIRE_TIMEOUT("waited for an SA that did not come"),
    POLICY_DISCARD("policy says discard"),
    SEQUENCE_EXHAUSTED("sequence number would wrap"),
    LIFETIME_EXPIRED("hard lifetime of the SA is over"),
    TOO_BIG("larger than the path takes and DF is set"),
    TTL_EXPIRED("hop limit reached zero"),
    // Either way
    FRAGMENT("fragment where a whole packet is needed"),
    REASSEMBLY("fragment of a packet that overlapped, was too large or never became whole"),
    OPTIONS("IP options or extension headers, which an SA in transport mode does not carry"),
    MALFORMED_IP("IP header malformed"),
    MAILBOX_FULL("IKE datagram not taken, the loop is behind"),
    IKE_MALFORMED("no IKE message: no whole header, or another length than it says"),
    IKE_FLOOD("IKE message of no IKE SA of ours, more of them than are looked at"),
    SOCKET_FULL("socket or TUN did not take the packet"),
    UNREACHABLE("no route, or the kernel refused to send there"),
    ENGINE_ERROR("crypto engine failed");

    private final String meaning;

    Drop(String meaning) {
        this.meaning = meaning;
    }

    /// One sentence for people.
    public String meaning() {
        return meaning;
    }
}

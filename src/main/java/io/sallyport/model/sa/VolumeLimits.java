package io.sallyport.model.sa;

/// How much one direction of an SA carries: from the soft limits on it shall be replaced, beyond
/// the hard ones it carries nothing. RFC 4301, 4.4.2.1 asks for both kinds, by time and by octets;
/// packets are counted because sequence numbers end. [#NO_LIMIT]: none. Octets are inner octets.
public record VolumeLimits(long softOctets, long hardOctets, long softPackets, long hardPackets) {
    public static final long NO_LIMIT = Long.MAX_VALUE;
    public static final VolumeLimits NONE =
            new VolumeLimits(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT);

    public VolumeLimits {
        if (softOctets < 0 || hardOctets < 0 || softPackets < 0 || hardPackets < 0) {
            throw new IllegalArgumentException("negative limit");
        }
    }
}

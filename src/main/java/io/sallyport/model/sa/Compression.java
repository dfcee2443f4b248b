package io.sallyport.model.sa;

/// IPComp with DEFLATE, agreed on for a pair of SAs (RFC 7296, 2.22). Each end names what it wants
/// to be sent with.
///
/// @param inboundCpi 0..65535, in what we receive
/// @param outboundCpi in what we send
public record Compression(int inboundCpi, int outboundCpi) {
    public Compression {
        if (inboundCpi >>> 16 != 0 || outboundCpi >>> 16 != 0) {
            throw new IllegalArgumentException("CPI " + inboundCpi + ", " + outboundCpi);
        }
    }
}

package io.sallyport.model.spec.ike;

/// How IKE and ESP travel.
///
/// @param mobike RFC 4555 is offered, and accepted
/// @param forceEncapsulation ESP in UDP even where no NAT is seen
/// @param dscp of our IKE packets, 0 to 63
public record PathSpec(
        boolean mobike, Fragmentation fragmentation, boolean forceEncapsulation, int dscp) {
    /// strongSwan's defaults.
    public static final PathSpec DEFAULT = new PathSpec(true, Fragmentation.YES, false, 0);

    /// IKE fragmentation (RFC 7383; IKEv1: by vendor id).
    public enum Fragmentation {
        NO,
        /// Offered and used where the peer can.
        YES,
        /// Not offered, but understood.
        ACCEPT,
        /// IKEv1: the first message already.
        FORCE
    }

    public PathSpec {
        if (dscp < 0 || dscp > 63) {
            throw new IllegalArgumentException("DSCP " + dscp);
        }
    }
}

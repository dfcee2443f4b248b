package io.sallyport.model.spec.ike;

/// How IKE and ESP travel.
///
/// @param mobike RFC 4555 is offered, and accepted
/// @param forceEncapsulation ESP in UDP even where no NAT is seen
/// @param dscp of our IKE packets, 0 to 63
/// @param tcp when we begin
public record PathSpec(
        boolean mobike,
        Fragmentation fragmentation,
        boolean forceEncapsulation,
        int dscp,
        Tcp tcp) {
    /// strongSwan's defaults.
    public static final PathSpec DEFAULT = new PathSpec(true, Fragmentation.YES, false, 0);

    /// IKE and ESP in a TCP connection (RFC 9329).
    ///
    /// @param port of the peer
    public record Tcp(Use use, int port) {
        /// RFC 9329, 2: "Implementations MUST support TCP encapsulation on TCP port 4500".
        public static final int PORT = 4500;

        public static final Tcp NO = new Tcp(Use.NO, PORT);

        public Tcp {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("TCP port " + port);
            }
        }

        /// Whether TCP is used.
        public enum Use {
            NO,
            /// Always.
            YES,
            /// Where UDP has no answer.
            FALLBACK
        }
    }

    /// By datagrams only.
    public PathSpec(
            boolean mobike, Fragmentation fragmentation, boolean forceEncapsulation, int dscp) {
        this(mobike, fragmentation, forceEncapsulation, dscp, Tcp.NO);
    }

    /// The same with this choice.
    public PathSpec over(Tcp choice) {
        return new PathSpec(mobike, fragmentation, forceEncapsulation, dscp, choice);
    }

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

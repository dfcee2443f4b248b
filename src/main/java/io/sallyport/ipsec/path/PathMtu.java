package io.sallyport.ipsec.path;

/// The path MTU between a pair of outer addresses: octets of the largest outer packet, its IP
/// header included. Written by the IKE loop, read by the workers for each packet.
///
/// What was lowered is believed for ten minutes, then the path is taken for what it was: routes
/// change back, too.
public final class PathMtu {
    /// Where nothing else is known.
    public static final int ETHERNET = 1500;

    /// RFC 791, 3.1: "All hosts must be prepared to accept datagrams of up to 576 octets".
    public static final int LEAST4 = 576;

    /// RFC 8201, 4: "A node MUST NOT reduce its estimate of the Path MTU below the IPv6 minimum
    /// link MTU."
    public static final int LEAST6 = 1280;

    /// RFC 8201, 4: an attempt to find a larger one must not be made sooner than 5 minutes after;
    /// "The recommended setting for this timer is twice its minimum value (10 minutes)."
    public static final long KEPT_NANOS = 600_000_000_000L;

    private final boolean v6;
    private volatile int octets = ETHERNET;
    private volatile long until;

    public PathMtu(boolean v6) {
        this.v6 = v6;
    }

    /// Any thread.
    public int octets(long now) {
        int found = octets;
        return found == ETHERNET || now - until < 0 ? found : ETHERNET;
    }

    /// As it was said last, which may be long ago; for people.
    public int remembered() {
        return octets;
    }

    /// The smallest that is ever believed.
    public int least() {
        return v6 ? LEAST6 : LEAST4;
    }

    /// Somebody who is to be believed says that a packet was too large. False if that is nothing
    /// new.
    ///
    /// @param told what the next link takes; 0: an old router, which does not say (RFC 1191, 5)
    /// @param packet octets of the packet that did not pass
    public boolean tooBig(int told, int packet, long now) {
        int mtu = told == 0 && !v6 ? Plateau.below(packet) : told;
        if (v6 && mtu < LEAST6) {
            // RFC 8201, 4: a node that receives such a message "must discard it"
            return false;
        }
        // A packet that the link would have taken was not too large for it
        return mtu < packet && lower(mtu, now);
    }

    /// False if it is no lower.
    boolean lower(int to, long now) {
        int mtu = Math.max(to, least());
        if (mtu >= octets(now)) {
            return false;
        }
        set(mtu, now);
        return true;
    }

    /// So much has passed, or what is known goes on to hold.
    void set(int mtu, long now) {
        until = now + KEPT_NANOS;
        octets = Math.min(mtu, ETHERNET);
    }

    /// Whether it is less than it was, and will be taken for what it was within `nanos`.
    boolean lapses(long nanos, long now) {
        return octets(now) != ETHERNET && until - now < nanos;
    }
}

package io.sallyport.ipsec.fragment;

/// What one outer path is believed to take, and what the workers see there that the [PathSearch]
/// wants to know. Everybody may read; the IKE loop writes [#octets], a worker notes what it sends,
/// the other what it hears: a note that is lost costs nothing.
public final class PathMtu {
    /// RFC 8899, 5.1.2: "When using IPv4, there is no currently equivalent size specified, and a
    /// default BASE_PLPMTU of 1200 bytes is RECOMMENDED": no larger packet needs a proof.
    public static final int BASE = 1200;

    /// Notes are this far apart, so that a busy line writes seldom.
    private static final long GRAIN_NANOS = 50_000_000L;

    private volatile int octets;
    private volatile long largeSentNanos = Long.MIN_VALUE;
    private volatile long heardNanos = Long.MIN_VALUE;

    /// @param octets of the largest outer packet, its IP header included
    public PathMtu(int octets) {
        this.octets = octets;
    }

    /// Octets of the largest outer packet, its IP header included.
    public int octets() {
        return octets;
    }

    void octets(int largest) {
        octets = largest;
    }

    /// A packet was sent that nobody may cut.
    ///
    /// @param length octets of the outer packet, its IP header included
    public void sentWhole(int length, long nowNanos) {
        if (length > BASE && nowNanos - largeSentNanos > GRAIN_NANOS) {
            largeSentNanos = nowNanos;
        }
    }

    /// An authentic packet came.
    public void heard(long nowNanos) {
        if (nowNanos - heardNanos > GRAIN_NANOS) {
            heardNanos = nowNanos;
        }
    }

    /// When a packet larger than [#BASE] was sent that nobody may cut; `Long.MIN_VALUE`: never.
    long largeSentNanos() {
        return largeSentNanos;
    }

    /// When something authentic came; `Long.MIN_VALUE`: never.
    long heardNanos() {
        return heardNanos;
    }

    /// RFC 1191, 3 names 68 as the least; no path of today is below the 576 that every host takes
    /// (RFC 791), and who claims less wants us to crawl. RFC 8200, 5 for IPv6.
    static int floor(boolean v6) {
        return v6 ? 1280 : 576;
    }

    static int base(boolean v6) {
        return Math.max(BASE, floor(v6));
    }

    @Override
    public String toString() {
        return octets + " octets";
    }
}

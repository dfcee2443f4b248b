package io.sallyport.ipsec.sad;

/// Whether it is worth trying to compress the next packet of an SA. RFC 3173, 2.2 lets a sender
/// pass over packets after some that did not become smaller: what is encrypted already, as most of
/// the traffic is, stays so. One outbound worker.
public final class Compressing {
    private static final int LONGEST_PAUSE = 64;

    private final int cpi;
    private int pause = 1;
    private int passing;

    Compressing(int cpi) {
        this.cpi = cpi;
    }

    /// What the peer wants to be sent with.
    public int cpi() {
        return cpi;
    }

    /// Asked once a packet.
    public boolean isDue() {
        if (passing > 0) {
            passing--;
            return false;
        }
        return true;
    }

    /// How the try went: after each failure twice as many packets are passed over, up to 64; after
    /// one success none.
    public void tried(boolean smaller) {
        passing = smaller ? 0 : pause;
        pause = smaller ? 1 : Math.min(2 * pause, LONGEST_PAUSE);
    }
}

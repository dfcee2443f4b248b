package io.sallyport.ipsec.path;

/// The MTUs that links have (RFC 1191, 7.1), for routers that do not say theirs.
final class Plateau {
    private static final int[] MTUS = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    private Plateau() {}

    /// The largest that is smaller than a packet which did not pass.
    static int below(int packet) {
        for (int mtu : MTUS) {
            if (mtu < packet) {
                return mtu;
            }
        }
        return MTUS[MTUS.length - 1];
    }
}

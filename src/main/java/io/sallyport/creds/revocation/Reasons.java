package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;

/// Why certificates are revoked: as a set of flags (RFC 5280, 4.2.1.13) and by number (5.3.1).
public final class Reasons {
    /// Every flag but the unused one.
    static final int ALL = 0x1fe;

    static final int NONE_SAID = -1;
    static final int REMOVE_FROM_CRL = 8;

    private static final String[] WORDS = {
        "unspecified",
        "key compromise",
        "CA compromise",
        "affiliation changed",
        "superseded",
        "cessation of operation",
        "certificate hold",
        "",
        "remove from CRL",
        "privilege withdrawn",
        "AA compromise"
    };

    private Reasons() {}

    /// @param bits content of a BIT STRING of named bits; bit 0 is the highest of its first octet
    static int flags(Octets bits) {
        int set = 0;
        for (int bit = 0; bit < 9 && 1 + bit / 8 < bits.length(); bit++) {
            if ((bits.at(1 + bit / 8) & 0x80 >> bit % 8) != 0) {
                set |= 1 << bit;
            }
        }
        return set;
    }

    /// `key compromise`; empty for none.
    static String word(int reason) {
        return reason >= 0 && reason < WORDS.length ? WORDS[reason] : "";
    }
}

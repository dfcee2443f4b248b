package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import java.util.List;

/// Vendor IDs that we know. Most are an MD5 of a text; some are followed by a version or by flags,
/// so that only their beginning is compared: use [#matches], not equality.
public final class VendorIds {
    /// MD5 of "RFC 3947" (RFC 3947, 3.1).
    public static final Octets NAT_TRAVERSAL = Octets.hex("4a131c81070358455c5728f20e95452f");

    /// MD5 of "draft-ietf-ipsec-nat-t-ike-02".
    public static final Octets NAT_TRAVERSAL_DRAFT_02 =
            Octets.hex("cd60464335df21f87cfdb2fc68b6a448");

    /// MD5 of "draft-ietf-ipsec-nat-t-ike-02" and a line feed: what most of the field sends.
    public static final Octets NAT_TRAVERSAL_DRAFT_02_LF =
            Octets.hex("90cb80913ebb696e086381b5ec427b1f");

    /// MD5 of "draft-ietf-ipsec-nat-t-ike-03".
    public static final Octets NAT_TRAVERSAL_DRAFT_03 =
            Octets.hex("7d9419a65310ca6f2c179d9215529d56");

    /// Version 1.0 (RFC 3706, 5.1); the last two octets are major and minor version.
    public static final Octets DEAD_PEER_DETECTION = Octets.hex("afcad71368a1f1c96b8696fc77570100");

    /// draft-ietf-ipsec-isakmp-xauth-06.
    public static final Octets XAUTH = Octets.hex("09002689dfd6b712");

    /// Version 1.0; the last two octets are major and minor version.
    public static final Octets CISCO_UNITY = Octets.hex("12f5f28c457168a9702d9fe274cc0100");

    /// MD5 of "FRAGMENTATION"; four octets of flags may follow.
    public static final Octets FRAGMENTATION = Octets.hex("4048b7d56ebce88525e7de7f00d6c2d3");

    /// MD5 of "strongSwan".
    public static final Octets STRONGSWAN = Octets.hex("882fe56d6fd20dbc2251613b2ebe5beb");

    /// Text; a version follows.
    public static final Octets LIBRESWAN = Octets.ascii("OE-Libreswan-");

    /// Windows; a version of four octets follows.
    public static final Octets MICROSOFT = Octets.hex("1e2b516905991c7d7c96fcbfb587e461");

    private static final List<Known> KNOWN =
            List.of(
                    new Known("NAT-T (RFC 3947)", NAT_TRAVERSAL, 16, true),
                    new Known("NAT-T (draft-02)", NAT_TRAVERSAL_DRAFT_02, 16, true),
                    new Known("NAT-T (draft-02\\n)", NAT_TRAVERSAL_DRAFT_02_LF, 16, true),
                    new Known("NAT-T (draft-03)", NAT_TRAVERSAL_DRAFT_03, 16, true),
                    // RFC 3706, 5.1: 14 octets of hash, then "MJR" and "MNR".
                    new Known("DPD (RFC 3706)", DEAD_PEER_DETECTION, 14, false),
                    new Known("XAuth", XAUTH, 8, true),
                    new Known("Cisco Unity", CISCO_UNITY, 14, false),
                    new Known("IKE fragmentation", FRAGMENTATION, 16, false),
                    new Known("strongSwan", STRONGSWAN, 16, true),
                    new Known("libreswan", LIBRESWAN, 13, false),
                    new Known("Microsoft", MICROSOFT, 16, false));

    /// @param significant octets of `value` that are compared
    /// @param whole whether nothing may follow them
    private record Known(String name, Octets value, int significant, boolean whole) {
        boolean matches(Octets received) {
            return (whole ? received.length() == significant : received.length() >= significant)
                    && received.slice(0, significant).equals(value.slice(0, significant));
        }
    }

    private VendorIds() {}

    /// Whether `received` means `known`, one of the constants of this class; versions and flags
    /// behind it are ignored.
    public static boolean matches(Octets known, Octets received) {
        for (Known entry : KNOWN) {
            if (entry.value.equals(known)) {
                return entry.matches(received);
            }
        }
        return known.equals(received);
    }

    /// A name for people, or the hexadecimal digits of an ID that we do not know.
    public static String name(Octets received) {
        for (Known entry : KNOWN) {
            if (entry.matches(received)) {
                return entry.name;
            }
        }
        return received.toString();
    }
}

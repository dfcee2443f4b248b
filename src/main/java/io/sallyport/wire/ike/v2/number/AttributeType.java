package io.sallyport.wire.ike.v2.number;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;

/// Settings that can be asked for, and the length of their values (RFC 7296, 3.15.1; RFC 5739; RFC
/// 7651; RFC 8598; RFC 9464; the 3GPP and Microsoft numbers).
public enum AttributeType {
    INTERNAL_IP4_ADDRESS(1, l -> l == 4),
    INTERNAL_IP4_NETMASK(2, l -> l == 4),
    INTERNAL_IP4_DNS(3, l -> l == 4),
    INTERNAL_IP4_NBNS(4, l -> l == 4),
    INTERNAL_IP4_DHCP(6, l -> l == 4),
    APPLICATION_VERSION(7, l -> true),
    /// Address and prefix length; some peers leave the prefix length out.
    INTERNAL_IP6_ADDRESS(8, l -> l == 17 || l == 16),
    INTERNAL_IP6_DNS(10, l -> l == 16),
    INTERNAL_IP6_DHCP(12, l -> l == 16),
    /// Address and mask.
    INTERNAL_IP4_SUBNET(13, l -> l == 8),
    /// Two octets for each.
    SUPPORTED_ATTRIBUTES(14, l -> l % 2 == 0),
    /// Address and prefix length.
    INTERNAL_IP6_SUBNET(15, l -> l == 17),
    MIP6_HOME_PREFIX(16, l -> l == 21),
    /// Interface identifier, then a link ID.
    INTERNAL_IP6_LINK(17, l -> l >= 8),
    INTERNAL_IP6_PREFIX(18, l -> l == 17),
    HOME_AGENT_ADDRESS(19, l -> l == 16 || l == 20),
    P_CSCF_IP4_ADDRESS(20, l -> l == 4),
    P_CSCF_IP6_ADDRESS(21, l -> l == 16),
    FTT_KAT(22, l -> l == 2),
    EXTERNAL_SOURCE_IP4_NAT_INFO(23, l -> l == 6),
    TIMEOUT_PERIOD_FOR_LIVENESS_CHECK(24, l -> l == 4),
    INTERNAL_DNS_DOMAIN(25, l -> true),
    INTERNAL_DNSSEC_TA(26, l -> true),
    ENCDNS_IP4(27, l -> true),
    ENCDNS_IP6(28, l -> true),
    ENCDNS_DIGEST_INFO(29, l -> true),
    /// Microsoft's, private use.
    INTERNAL_IP4_SERVER(23456, l -> l == 4),
    /// Microsoft's, private use.
    INTERNAL_IP6_SERVER(23457, l -> l == 16);

    private final int number;
    private final IntPredicate legal;

    AttributeType(int number, IntPredicate legal) {
        this.number = number;
        this.legal = legal;
    }

    public int number() {
        return number;
    }

    public static Optional<AttributeType> byNumber(int number) {
        return Arrays.stream(values()).filter(t -> t.number == number).findFirst();
    }

    /// Whether a value may have so many octets; none is always legal, and anything in a number that
    /// we do not know.
    public static boolean fits(int number, int octets) {
        return octets == 0 || byNumber(number).map(t -> t.legal.test(octets)).orElse(true);
    }

    /// The name as IANA writes it, or the number.
    public static String name(int number) {
        return byNumber(number).map(Enum::name).orElse("attribute " + number);
    }
}

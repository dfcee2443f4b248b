package io.sallyport.model.spec;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;

/// An IKE identity: a type of RFC 2407, 4.6.2.1 (the numbers are the same in RFC 7296, 3.5) and its
/// octets. As a demand on a peer, names may hold `*`; ranges and [Type#REGEX] are demands only.
public record Identity(Type type, Octets data) {
    /// Matches every identity: `%any`.
    public static final Identity ANY = new Identity(Type.ANY, Octets.EMPTY);

    /// The types we understand.
    public enum Type {
        ANY(0),
        IPV4_ADDR(1),
        FQDN(2),
        USER_FQDN(3),
        /// Address and mask.
        IPV4_ADDR_SUBNET(4),
        IPV6_ADDR(5),
        IPV6_ADDR_SUBNET(6),
        /// First and last address.
        IPV4_ADDR_RANGE(7),
        IPV6_ADDR_RANGE(8),
        DER_ASN1_DN(9),
        DER_ASN1_GN(10),
        KEY_ID(11),
        /// Nobody (RFC 7619, 2.1).
        NULL(13),
        /// A pattern for the text of a peer's identity. Never travels: no octet is -1.
        REGEX(-1);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    public Identity {
        int octets = data.length();
        int exact =
                switch (type) {
                    case IPV4_ADDR -> 4;
                    case IPV4_ADDR_SUBNET, IPV4_ADDR_RANGE -> 8;
                    case IPV6_ADDR -> 16;
                    case IPV6_ADDR_SUBNET, IPV6_ADDR_RANGE -> 32;
                    case ANY, NULL -> 0;
                    case FQDN, USER_FQDN, DER_ASN1_DN, DER_ASN1_GN, KEY_ID, REGEX -> octets;
                };
        if (octets != exact) {
            throw new IllegalArgumentException(type + " of " + octets + " octets");
        }
    }

    public static Identity of(IpAddress address) {
        return new Identity(address.v6() ? Type.IPV6_ADDR : Type.IPV4_ADDR, address.octets());
    }

    public static Identity fqdn(String name) {
        return new Identity(Type.FQDN, Octets.utf8(name));
    }

    public boolean isAny() {
        return type == Type.ANY;
    }

    /// The text a person would write: an address, a name, `%any`, `@#hex` for a key id.
    @Override
    public String toString() {
        return switch (type) {
            case ANY -> "%any";
            case IPV4_ADDR, IPV6_ADDR -> IpAddress.ofOctets(data).toString();
            case IPV4_ADDR_SUBNET, IPV6_ADDR_SUBNET -> half(0) + "/" + maskBits();
            case IPV4_ADDR_RANGE, IPV6_ADDR_RANGE -> half(0) + "-" + half(1);
            case FQDN, USER_FQDN, REGEX -> data.text().replaceAll("\\p{Cntrl}", "?");
            case KEY_ID -> "@#" + data.hex();
            case DER_ASN1_DN -> "asn1dn:#" + data.hex();
            case DER_ASN1_GN -> "asn1gn:#" + data.hex();
            case NULL -> "%null";
        };
    }

    private IpAddress half(int which) {
        int octets = data.length() / 2;
        return IpAddress.ofOctets(data.slice(which * octets, (which + 1) * octets));
    }

    private int maskBits() {
        int bits = 0;
        for (int i = data.length() / 2; i < data.length(); i++) {
            bits += Integer.bitCount(data.at(i) & 0xff);
        }
        return bits;
    }
}

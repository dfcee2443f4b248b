package io.sallyport.model.spec;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;

/// An IKE identity: a type of RFC 2407, 4.6.2.1 (the numbers are the same in RFC 7296, 3.5) and its
/// octets.
public record Identity(Type type, Octets data) {
    /// Matches every identity: `%any`.
    public static final Identity ANY = new Identity(Type.ANY, Octets.EMPTY);

    /// The types we understand.
    public enum Type {
        ANY(0),
        IPV4_ADDR(1),
        FQDN(2),
        USER_FQDN(3),
        IPV6_ADDR(5),
        DER_ASN1_DN(9),
        KEY_ID(11);

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
        if (type == Type.IPV4_ADDR && octets != 4 || type == Type.IPV6_ADDR && octets != 16) {
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
            case FQDN, USER_FQDN -> data.text().replaceAll("\\p{Cntrl}", "?");
            case KEY_ID -> "@#" + data.hex();
            case DER_ASN1_DN -> "asn1dn:#" + data.hex();
        };
    }
}

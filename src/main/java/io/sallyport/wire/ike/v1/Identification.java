package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// Who speaks (phase 1) or whose traffic is meant (phase 2): RFC 2407, 4.6.2.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |    ID type    |  protocol ID  |             port              |
/// +---------------+---------------+-------------------------------+
/// |                      identification data                      |
/// +---------------------------------------------------------------+
/// ```
///
/// @param idType a constant of this class or another 0..255
/// @param protocolId an IP protocol, 0 for any; 0..255
/// @param port 0 for any; 0..65535
/// @param data of the length that an address type asks for
public record Identification(int idType, int protocolId, int port, Octets data) implements Payload {
    public static final int IPV4_ADDR = 1;
    public static final int FQDN = 2;
    public static final int USER_FQDN = 3;

    /// Address, then mask.
    public static final int IPV4_ADDR_SUBNET = 4;

    public static final int IPV6_ADDR = 5;

    /// Address, then mask.
    public static final int IPV6_ADDR_SUBNET = 6;

    /// First address, then last.
    public static final int IPV4_ADDR_RANGE = 7;

    /// First address, then last.
    public static final int IPV6_ADDR_RANGE = 8;

    public static final int DER_ASN1_DN = 9;
    public static final int DER_ASN1_GN = 10;
    public static final int KEY_ID = 11;

    public Identification {
        if (idType >>> 8 != 0 || protocolId >>> 8 != 0 || port >>> 16 != 0) {
            throw new IllegalArgumentException("ID type " + idType + " does not fit its fields");
        }
        if (!fits(idType, data.length())) {
            throw new IllegalArgumentException(
                    "ID type " + idType + " of " + data.length() + " octets");
        }
    }

    static Identification parse(Reader in) throws MalformedException {
        int idType = in.u8("ID type");
        int protocolId = in.u8("protocol ID");
        int port = in.u16("port");
        if (!fits(idType, in.remaining())) {
            throw in.malformed("ID type " + idType + " of " + in.remaining() + " octets");
        }
        return new Identification(idType, protocolId, port, in.rest());
    }

    private static boolean fits(int idType, int length) {
        return switch (idType) {
            case IPV4_ADDR -> length == 4;
            case IPV4_ADDR_SUBNET, IPV4_ADDR_RANGE -> length == 8;
            case IPV6_ADDR -> length == 16;
            case IPV6_ADDR_SUBNET, IPV6_ADDR_RANGE -> length == 32;
            default -> true;
        };
    }

    @Override
    public int type() {
        return PayloadType.IDENTIFICATION;
    }

    @Override
    public Octets body() {
        return new Writer(4 + data.length())
                .u8(idType)
                .u8(protocolId)
                .u16(port)
                .octets(data)
                .toOctets();
    }
}

package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// NAT-OA: an address as its owner sees it, for transport mode (RFC 3947, 5.2).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |    ID type    |   reserved    |           reserved            |
/// +---------------+---------------+-------------------------------+
/// |                  address, 4 or 16 octets                      |
/// +---------------------------------------------------------------+
/// ```
///
/// @param idType [Identification#IPV4_ADDR] or [Identification#IPV6_ADDR]
/// @param address 4 or 16 octets, as the type says
public record NatOriginalAddress(int idType, Octets address) implements Payload {
    public NatOriginalAddress {
        if (!fits(idType, address.length())) {
            throw new IllegalArgumentException(
                    "NAT-OA type " + idType + " of " + address.length() + " octets");
        }
    }

    static NatOriginalAddress parse(Reader in) throws MalformedException {
        int idType = in.u8("ID type");
        in.octets(3, "reserved");
        if (!fits(idType, in.remaining())) {
            throw in.malformed("NAT-OA type " + idType + " of " + in.remaining() + " octets");
        }
        return new NatOriginalAddress(idType, in.rest());
    }

    private static boolean fits(int idType, int length) {
        return idType == Identification.IPV4_ADDR && length == 4
                || idType == Identification.IPV6_ADDR && length == 16;
    }

    @Override
    public int type() {
        return PayloadType.NAT_ORIGINAL_ADDRESS;
    }

    @Override
    public Octets body() {
        return new Writer(4 + address.length()).u8(idType).u8(0).u16(0).octets(address).toOctets();
    }
}

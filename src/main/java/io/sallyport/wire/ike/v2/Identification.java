package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.IdType;

/// Who speaks: IDi and IDr (RFC 7296, 3.5).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |    ID type    |                   reserved                    |
/// +---------------+-----------------------------------------------+
/// |                      identification data                      |
/// +---------------------------------------------------------------+
/// ```
///
/// @param initiator IDi if true, else IDr
/// @param idType [IdType] or another 0..255
/// @param data of the length that an address type asks for
public record Identification(boolean initiator, int idType, Octets data) implements Payload {
    public Identification {
        if (idType >>> 8 != 0 || data.length() > MAX_BODY - 4 || !fits(idType, data.length())) {
            throw new IllegalArgumentException(
                    "ID type " + idType + " of " + data.length() + " octets");
        }
    }

    static Identification parse(boolean initiator, Reader in) throws MalformedException {
        int idType = in.u8("ID type");
        in.u8("reserved");
        in.u16("reserved");
        if (!fits(idType, in.remaining())) {
            throw in.malformed("ID type " + idType + " of " + in.remaining() + " octets");
        }
        return new Identification(initiator, idType, in.rest());
    }

    private static boolean fits(int idType, int length) {
        return switch (idType) {
            case IdType.IPV4_ADDR -> length == 4;
            case IdType.IPV6_ADDR -> length == 16;
            // RFC 7619, 2.2: the data of ID_NULL is absent on sending, and ignored if there.
            default -> true;
        };
    }

    @Override
    public int type() {
        return initiator ? PayloadType.ID_INITIATOR : PayloadType.ID_RESPONDER;
    }

    @Override
    public Octets body() {
        return new Writer(4 + data.length()).u8(idType).u8(0).u16(0).octets(data).toOctets();
    }
}

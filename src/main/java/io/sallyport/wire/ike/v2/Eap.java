package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import java.util.OptionalInt;

/// An EAP packet, carried as it is (RFC 7296, 3.16; RFC 3748, 4).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |     code      |  identifier   |       length, all of it       |
/// +---------------+---------------+-------------------------------+
/// | type, in requests and responses, and its data                 |
/// +---------------------------------------------------------------+
/// ```
///
/// @param packet at least 4 octets, of the length that it says
public record Eap(Octets packet) implements Payload {
    public static final int REQUEST = 1;
    public static final int RESPONSE = 2;
    public static final int SUCCESS = 3;
    public static final int FAILURE = 4;

    private static final int HEADER = 4;

    public Eap {
        if (packet.length() > MAX_BODY) {
            throw new IllegalArgumentException("EAP packet of " + packet.length() + " octets");
        }
        try {
            check(new Reader(packet));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Eap parse(Reader in) throws MalformedException {
        Octets packet = in.peek();
        check(in);
        return new Eap(packet);
    }

    private static void check(Reader in) throws MalformedException {
        int whole = in.remaining();
        int code = in.u8("EAP code");
        in.u8("EAP identifier");
        int length = in.u16("EAP length");
        if (length != whole) {
            throw in.malformed("EAP length " + length + " of " + whole + " octets");
        }
        boolean typed = code == REQUEST || code == RESPONSE;
        if (typed && in.atEnd()) {
            throw in.malformed("EAP code " + code + " without a type");
        }
        in.rest();
    }

    public int code() {
        return packet.at(0);
    }

    public int identifier() {
        return packet.at(1);
    }

    /// The type of a request or response: 1 identity, 3 NAK, then the methods.
    public OptionalInt method() {
        return code() == REQUEST || code() == RESPONSE
                ? OptionalInt.of(packet.at(HEADER))
                : OptionalInt.empty();
    }

    @Override
    public int type() {
        return PayloadType.EAP;
    }

    @Override
    public Octets body() {
        return packet;
    }
}

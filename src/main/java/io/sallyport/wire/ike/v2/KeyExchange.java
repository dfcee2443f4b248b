package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// A public value (RFC 7296, 3.4), or what a KEM sends instead (RFC 9370).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |      key exchange method      |           reserved            |
/// +-------------------------------+-------------------------------+
/// |                       key exchange data                       |
/// +---------------------------------------------------------------+
/// ```
///
/// @param method a transform ID of type 4, 0..65535
/// @param data at least one octet
public record KeyExchange(int method, Octets data) implements Payload {
    public KeyExchange {
        if (method >>> 16 != 0 || data.isEmpty() || data.length() > MAX_BODY - 4) {
            throw new IllegalArgumentException(
                    "key exchange " + method + " of " + data.length() + " octets");
        }
    }

    static KeyExchange parse(Reader in) throws MalformedException {
        int method = in.u16("key exchange method");
        in.u16("reserved");
        if (in.atEnd()) {
            throw in.malformed("key exchange without data");
        }
        return new KeyExchange(method, in.rest());
    }

    @Override
    public int type() {
        return PayloadType.KEY_EXCHANGE;
    }

    @Override
    public Octets body() {
        return new Writer(4 + data.length()).u16(method).u16(0).octets(data).toOctets();
    }
}

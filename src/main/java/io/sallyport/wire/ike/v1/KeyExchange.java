package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// A public Diffie-Hellman value (RFC 2408, 3.7); whether its length fits the group is the
/// machine's question.
///
/// @param value at least one octet
public record KeyExchange(Octets value) implements Payload {
    public KeyExchange {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("public value of no octets");
        }
    }

    static KeyExchange parse(Reader in) throws MalformedException {
        if (in.atEnd()) {
            throw in.malformed("public value of no octets");
        }
        return new KeyExchange(in.rest());
    }

    @Override
    public int type() {
        return PayloadType.KEY_EXCHANGE;
    }

    @Override
    public Octets body() {
        return value;
    }
}

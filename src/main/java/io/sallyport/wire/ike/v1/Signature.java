package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// A signature over what would else be the hash (RFC 2408, 3.12).
///
/// @param value at least one octet
public record Signature(Octets value) implements Payload {
    public Signature {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("signature of no octets");
        }
    }

    static Signature parse(Reader in) throws MalformedException {
        if (in.atEnd()) {
            throw in.malformed("signature of no octets");
        }
        return new Signature(in.rest());
    }

    @Override
    public int type() {
        return PayloadType.SIGNATURE;
    }

    @Override
    public Octets body() {
        return value;
    }
}

package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// What a prf made over parts of the exchange (RFC 2408, 3.11).
///
/// @param value at least one octet
public record Hash(Octets value) implements Payload {
    public Hash {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("hash of no octets");
        }
    }

    static Hash parse(Reader in) throws MalformedException {
        if (in.atEnd()) {
            throw in.malformed("hash of no octets");
        }
        return new Hash(in.rest());
    }

    @Override
    public int type() {
        return PayloadType.HASH;
    }

    @Override
    public Octets body() {
        return value;
    }
}

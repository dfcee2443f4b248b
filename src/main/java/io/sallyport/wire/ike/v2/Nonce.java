package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// A nonce: Ni or Nr (RFC 7296, 3.9).
///
/// @param value 16 to 256 octets
public record Nonce(Octets value) implements Payload {
    private static final int MIN = 16;
    private static final int MAX = 256;

    public Nonce {
        if (value.length() < MIN || value.length() > MAX) {
            throw new IllegalArgumentException("nonce of " + value.length() + " octets");
        }
    }

    static Nonce parse(Reader in) throws MalformedException {
        // RFC 7296, 3.9: "the size of the Nonce Data MUST be between 16 and 256 octets, inclusive"
        if (in.remaining() < MIN || in.remaining() > MAX) {
            throw in.malformed("nonce of " + in.remaining() + " octets");
        }
        return new Nonce(in.rest());
    }

    @Override
    public int type() {
        return PayloadType.NONCE;
    }

    @Override
    public Octets body() {
        return value;
    }
}

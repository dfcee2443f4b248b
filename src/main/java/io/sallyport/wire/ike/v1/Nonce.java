package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// A nonce (RFC 2408, 3.13).
///
/// @param value 8 to 256 octets
public record Nonce(Octets value) implements Payload {
    private static final int MIN = 8;
    private static final int MAX = 256;

    public Nonce {
        if (value.length() < MIN || value.length() > MAX) {
            throw new IllegalArgumentException("nonce of " + value.length() + " octets");
        }
    }

    static Nonce parse(Reader in) throws MalformedException {
        // RFC 2409, 5: "The length of nonce payload MUST be between 8 and 256 bytes inclusive."
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

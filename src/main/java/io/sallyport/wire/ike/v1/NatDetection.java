package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// NAT-D: a hash of cookies, address and port, one for the remote end, then one for each local
/// address (RFC 3947, 3.2).
///
/// @param hash at least one octet, as the negotiated hash makes it
public record NatDetection(Octets hash) implements Payload {
    public NatDetection {
        if (hash.isEmpty()) {
            throw new IllegalArgumentException("NAT-D hash of no octets");
        }
    }

    static NatDetection parse(Reader in) throws MalformedException {
        if (in.atEnd()) {
            throw in.malformed("NAT-D hash of no octets");
        }
        return new NatDetection(in.rest());
    }

    @Override
    public int type() {
        return PayloadType.NAT_DETECTION;
    }

    @Override
    public Octets body() {
        return hash;
    }
}

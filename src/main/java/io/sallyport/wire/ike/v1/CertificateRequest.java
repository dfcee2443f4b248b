package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.Writer;

/// Asks for a certificate under an authority (RFC 2408, 3.10).
///
/// @param encoding 0..255; 4 is an X.509 certificate for signature
/// @param data the DER name of the authority, or nothing for any
public record CertificateRequest(int encoding, Octets data) implements Payload {
    public CertificateRequest {
        if (encoding >>> 8 != 0) {
            throw new IllegalArgumentException("certificate encoding " + encoding);
        }
    }

    @Override
    public int type() {
        return PayloadType.CERTIFICATE_REQUEST;
    }

    @Override
    public Octets body() {
        return new Writer(1 + data.length()).u8(encoding).octets(data).toOctets();
    }
}

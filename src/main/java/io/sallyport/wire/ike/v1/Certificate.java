package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.Writer;

/// A certificate or what goes with it (RFC 2408, 3.9).
///
/// @param encoding 0..255; 4 is an X.509 certificate for signature
/// @param data as the encoding says; DER for X.509
public record Certificate(int encoding, Octets data) implements Payload {
    /// X.509 Certificate - Signature.
    public static final int X509_SIGNATURE = 4;

    /// Certificate Revocation List.
    public static final int CRL = 7;

    public Certificate {
        if (encoding >>> 8 != 0) {
            throw new IllegalArgumentException("certificate encoding " + encoding);
        }
    }

    @Override
    public int type() {
        return PayloadType.CERTIFICATE;
    }

    @Override
    public Octets body() {
        return new Writer(1 + data.length()).u8(encoding).octets(data).toOctets();
    }
}

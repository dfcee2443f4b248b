package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// Which certificates the sender can judge (RFC 7296, 3.7).
///
/// @param encoding `CertificateEncoding` or another 0..255
/// @param authority one SHA-1 hash of a public key behind the other, for X.509
public record CertificateRequest(int encoding, Octets authority) implements Payload {
    private static final int HASH = 20;

    public CertificateRequest {
        if (encoding >>> 8 != 0 || authority.length() > MAX_BODY - 1) {
            throw new IllegalArgumentException("certificate encoding " + encoding);
        }
    }

    /// A request for certificates under one of these authorities.
    ///
    /// @param hashes SHA-1 of each SubjectPublicKeyInfo, 20 octets
    public static CertificateRequest of(int encoding, List<Octets> hashes) {
        return new CertificateRequest(encoding, Octets.concat(hashes.toArray(Octets[]::new)));
    }

    /// The hashes; none if the octets are no whole number of them. The request is a hint, and a bad
    /// hint no reason to refuse a message (RFC 7296, 3.7: it may be ignored).
    public List<Octets> authorities() {
        List<Octets> hashes = new ArrayList<>();
        if (authority.length() % HASH == 0) {
            for (int at = 0; at < authority.length(); at += HASH) {
                hashes.add(authority.slice(at, at + HASH));
            }
        }
        return hashes;
    }

    @Override
    public int type() {
        return PayloadType.CERTIFICATE_REQUEST;
    }

    @Override
    public Octets body() {
        return new Writer(1 + authority.length()).u8(encoding).octets(authority).toOctets();
    }
}

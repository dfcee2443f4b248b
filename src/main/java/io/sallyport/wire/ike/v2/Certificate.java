package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.CertificateEncoding;
import java.util.Optional;

/// A certificate, a revocation list, or where to fetch it (RFC 7296, 3.6).
///
/// @param encoding [CertificateEncoding] or another 0..255
/// @param data of at least 21 octets if it is a hash and a URL
public record Certificate(int encoding, Octets data) implements Payload {
    private static final int HASH = 20;

    /// @param hash SHA-1 of what the URL leads to
    public record HashAndUrl(Octets hash, String url) {}

    public Certificate {
        if (encoding >>> 8 != 0
                || data.length() > MAX_BODY - 1
                || hashAndUrl(encoding) && data.length() <= HASH) {
            throw new IllegalArgumentException(
                    "certificate encoding " + encoding + " of " + data.length() + " octets");
        }
    }

    static Certificate parse(Reader in) throws MalformedException {
        int encoding = in.u8("certificate encoding");
        if (hashAndUrl(encoding) && in.remaining() <= HASH) {
            throw in.malformed("hash and URL of " + in.remaining() + " octets");
        }
        return new Certificate(encoding, in.rest());
    }

    /// RFC 7296, 3.6: encodings 12 and 13 are a 20-octet SHA-1 hash followed by a URL.
    private static boolean hashAndUrl(int encoding) {
        return encoding == CertificateEncoding.HASH_AND_URL_X509
                || encoding == CertificateEncoding.HASH_AND_URL_BUNDLE;
    }

    /// Hash and URL, if that is what it is.
    public Optional<HashAndUrl> hashAndUrl() {
        return hashAndUrl(encoding)
                ? Optional.of(
                        new HashAndUrl(data.slice(0, HASH), data.slice(HASH, data.length()).text()))
                : Optional.empty();
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

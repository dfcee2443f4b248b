package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.AuthMethod;

/// The proof of an identity: AUTH (RFC 7296, 3.8).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// |  auth method  |                   reserved                    |
/// +---------------+-----------------------------------------------+
/// |                      authentication data                      |
/// +---------------------------------------------------------------+
/// ```
///
/// @param method [AuthMethod] or another 0..255
public record Authentication(int method, Octets data) implements Payload {
    /// A signature that says how it was made (RFC 7427, 3).
    ///
    /// @param algorithm AlgorithmIdentifier in DER, 1..255 octets
    public record DigitalSignature(Octets algorithm, Octets value) {
        public DigitalSignature {
            if (algorithm.isEmpty() || algorithm.length() > 255) {
                throw new IllegalArgumentException(
                        "AlgorithmIdentifier of " + algorithm.length() + " octets");
            }
        }
    }

    public Authentication {
        if (method >>> 8 != 0 || data.length() > MAX_BODY - 4) {
            throw new IllegalArgumentException("auth method " + method);
        }
    }

    /// Method 14.
    public static Authentication of(DigitalSignature signature) {
        return new Authentication(
                AuthMethod.DIGITAL_SIGNATURE.number(),
                new Writer()
                        .u8(signature.algorithm.length())
                        .octets(signature.algorithm)
                        .octets(signature.value)
                        .toOctets());
    }

    static Authentication parse(Reader in) throws MalformedException {
        int method = in.u8("auth method");
        in.u8("reserved");
        in.u16("reserved");
        return new Authentication(method, in.rest());
    }

    /// The data of method 14: "ASN.1 Length", AlgorithmIdentifier, signature value.
    ///
    /// @throws MalformedException if they are not those three, or the method is another
    public DigitalSignature digitalSignature() throws MalformedException {
        Reader in = new Reader(data);
        if (method != AuthMethod.DIGITAL_SIGNATURE.number()) {
            throw in.malformed("auth method " + method + " is no digital signature");
        }
        int length = in.u8("ASN.1 length");
        if (length == 0) {
            throw in.malformed("no AlgorithmIdentifier");
        }
        return new DigitalSignature(in.octets(length, "AlgorithmIdentifier"), in.rest());
    }

    @Override
    public int type() {
        return PayloadType.AUTHENTICATION;
    }

    @Override
    public Octets body() {
        return new Writer(4 + data.length()).u8(method).u8(0).u16(0).octets(data).toOctets();
    }
}

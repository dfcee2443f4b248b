package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;

/// Other payloads, sealed: SK (RFC 7296, 3.14). The last of its message. What is IV, ciphertext and
/// checksum the algorithms of the SA say; opening is not done here.
///
/// @param firstType of the first payload inside, [PayloadType#NONE] if there is none
/// @param sealed IV, ciphertext and integrity checksum
public record Encrypted(int firstType, Octets sealed) implements Payload {
    /// The three parts of what is sealed.
    ///
    /// @param icv integrity checksum, or the tag of an AEAD
    public record Parts(Octets iv, Octets ciphertext, Octets icv) {
        /// @throws MalformedException if there are too few octets for IV and checksum
        static Parts of(Octets sealed, int ivOctets, int icvOctets) throws MalformedException {
            Reader in = new Reader(sealed);
            Octets iv = in.octets(ivOctets, "IV");
            Octets ciphertext = in.octets(in.remaining() - icvOctets, "ciphertext");
            return new Parts(iv, ciphertext, in.rest());
        }
    }

    public Encrypted {
        if (firstType >>> 8 != 0 || sealed.length() > MAX_BODY) {
            throw new IllegalArgumentException("sealed payload of " + sealed.length() + " octets");
        }
    }

    /// @throws MalformedException if there are too few octets
    public Parts parts(int ivOctets, int icvOctets) throws MalformedException {
        return Parts.of(sealed, ivOctets, icvOctets);
    }

    @Override
    public int type() {
        return PayloadType.ENCRYPTED;
    }

    @Override
    public Octets body() {
        return sealed;
    }
}

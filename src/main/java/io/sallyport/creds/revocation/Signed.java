package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.Standing;
import java.security.PublicKey;
import java.util.Optional;

/// ```text
/// SEQUENCE { what is signed, AlgorithmIdentifier, signature BIT STRING, ... }
/// ```
///
/// the frame that certificates, revocation lists and OCSP answers have in common.
///
/// @param body with its tag and length: what the signature is over
record Signed(Octets body, Octets algorithm, Octets signature) {
    static Signed read(DerReader inside) throws BadDer {
        return new Signed(
                inside.next(Tag.SEQUENCE).whole(),
                inside.next(Tag.SEQUENCE).whole(),
                inside.next(Tag.BIT_STRING).bits());
    }

    static Signed parse(Octets der) throws BadDer {
        DerReader inside = Der.parse(der, Tag.SEQUENCE).inside();
        Signed signed = read(inside);
        inside.end();
        return signed;
    }

    /// Returns if it is signed by `key`, by an algorithm that can be believed.
    void verify(CryptoEngine crypto, PublicKey key) throws Unbelieved {
        Optional<SignatureScheme> scheme = SignatureScheme.byAlgorithmIdentifier(algorithm);
        if (scheme.isEmpty() || !crypto.offers(scheme.get())) {
            throw new Unbelieved("signed by an algorithm that is not known to us");
        }
        if (scheme.get().standing() == Standing.BROKEN
                || SignatureScheme.standing(key) == Standing.BROKEN) {
            throw new Unbelieved("signed by " + scheme.get() + ", which is broken");
        }
        try {
            crypto.verifier(scheme.get()).verify(key, signature, body);
        } catch (BadSignature _) {
            throw new Unbelieved("not signed by that key");
        }
    }
}

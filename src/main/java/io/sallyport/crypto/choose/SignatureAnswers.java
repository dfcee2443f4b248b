package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.SignatureScheme;
import java.security.GeneralSecurityException;
import java.security.PublicKey;

/// Known answers of the signatures: a published one is taken, a spoilt one is not, over another
/// message neither; and what the engine signs it takes itself. Where a scheme knows one signature
/// only, that one.
final class SignatureAnswers {
    private SignatureAnswers() {}

    static void check(CryptoEngine engine, SignatureScheme scheme) throws WrongAnswer {
        SignatureVector vector = SignatureVector.of(scheme);
        Verifier verifier = engine.verifier(scheme);
        Octets message = vector.message();
        try {
            PublicKey key = vector.publicKey(scheme);
            verifier.verify(key, vector.signature(), message);
            byte[] spoilt = vector.signature().toArray();
            spoilt[spoilt.length - 1] ^= 1;
            refuses(verifier, key, Octets.owned(spoilt), message);
            refuses(verifier, key, vector.signature(), Octets.concat(message, message));
            refuses(verifier, key, Octets.EMPTY, message);
            Octets half = message.slice(0, message.length() / 2);
            Octets rest = message.slice(message.length() / 2, message.length());
            Octets own = engine.signer(scheme).sign(vector.privateKey(scheme), half, rest);
            verifier.verify(key, own, message);
            boolean unique =
                    switch (scheme.kind()) {
                        case RSA_PKCS1, RSA_BARE, EDDSA -> true;
                        case RSA_PSS, ECDSA, ECDSA_RAW -> false;
                    };
            WrongAnswer.unless(
                    !unique || own.equals(vector.signature()), "another signature than OpenSSL's");
        } catch (BadSignature | CannotSign | GeneralSecurityException e) {
            throw new WrongAnswer("refused a good signature or key: " + e.getMessage());
        }
    }

    private static void refuses(Verifier verifier, PublicKey key, Octets signature, Octets message)
            throws WrongAnswer {
        try {
            verifier.verify(key, signature, message);
        } catch (BadSignature _) {
            return;
        }
        throw new WrongAnswer("took a bad signature");
    }
}

package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;

/// Known answers of the ciphers of IKE messages.
final class MessageAnswers {
    private MessageAnswers() {}

    static void check(CryptoEngine engine, Cipher cipher) throws WrongAnswer {
        CipherVector vector = CipherVector.of(cipher);
        if (cipher.encryption().isAead()) {
            checkAead(engine, cipher, vector);
            return;
        }
        MessageCipher messages = engine.messageCipher(cipher);
        try (Secret key = vector.key()) {
            WrongAnswer.unlessEqual(
                    vector.sealed(),
                    messages.encrypt(key, vector.iv(), vector.plain()),
                    vector.source());
            WrongAnswer.unlessEqual(
                    vector.plain(),
                    messages.decrypt(key, vector.iv(), vector.sealed()),
                    vector.source() + " (decrypting)");
        }
        if (cipher.encryption() == Encryption.TRIPLE_DES_CBC) {
            // Encrypt with k1, decrypt with k2, encrypt with k3: with three equal keys that is DES.
            CipherVector des = CipherVector.of(Cipher.of(Encryption.DES_CBC));
            Octets one = Octets.hex(des.keyHex());
            try (Secret key = Secret.of(Octets.concat(one, one, one))) {
                WrongAnswer.unlessEqual(
                        des.sealed(),
                        messages.encrypt(key, des.iv(), des.plain()),
                        des.source() + " (three equal keys)");
            }
        }
    }

    private static void checkAead(CryptoEngine engine, Cipher cipher, CipherVector vector)
            throws WrongAnswer {
        MessageAead messages = engine.messageAead(cipher);
        // The vector bears the full tag; a shorter one is its beginning.
        int length = vector.sealed().length() - 16 + cipher.encryption().icvOctets();
        Octets sealed = vector.sealed().slice(0, length);
        try (Secret key = vector.key()) {
            WrongAnswer.unlessEqual(
                    sealed,
                    messages.seal(key, vector.iv(), vector.header(), vector.plain()),
                    vector.source());
            WrongAnswer.unlessEqual(
                    vector.plain(),
                    messages.open(key, vector.iv(), vector.header(), sealed).orElse(Octets.EMPTY),
                    vector.source() + " (decrypting)");
            byte[] flipped = sealed.toArray();
            flipped[length - 1] ^= 1;
            WrongAnswer.unless(
                    messages.open(key, vector.iv(), vector.header(), Octets.owned(flipped))
                            .isEmpty(),
                    "took a message with a flipped bit");
        }
    }
}

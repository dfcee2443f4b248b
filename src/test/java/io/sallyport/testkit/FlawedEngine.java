package io.sallyport.testkit;

import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Prf;

/// An engine that works; tests override what shall not.
public class FlawedEngine implements CryptoEngine {
    private final CryptoEngine good = new JceEngine();

    @Override
    public String name() {
        return "flawed";
    }

    @Override
    public boolean offers(Prf prf) {
        return good.offers(prf);
    }

    @Override
    public boolean offers(Group group) {
        return good.offers(group);
    }

    @Override
    public boolean offers(Cipher cipher) {
        return good.offers(cipher);
    }

    @Override
    public boolean offers(EspSuite suite) {
        return good.offers(suite);
    }

    @Override
    public PrfFunction prf(Prf prf) {
        return good.prf(prf);
    }

    @Override
    public KeyAgreement agreement(Group group) {
        return good.agreement(group);
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        return good.messageCipher(cipher);
    }

    @Override
    public PacketCipher sealer(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return good.sealer(suite, encryptionKey, integrityKey);
    }

    @Override
    public PacketCipher opener(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return good.opener(suite, encryptionKey, integrityKey);
    }
}

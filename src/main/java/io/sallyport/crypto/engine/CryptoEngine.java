package io.sallyport.crypto.engine;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.crypto.suite.SignatureScheme;

/// One provider of algorithms. A method for something the engine does not [#offers offer] throws
/// `IllegalArgumentException`. Objects that an engine makes belong to one thread, unless they say
/// otherwise.
public interface CryptoEngine {
    /// E.g. `jce`.
    String name();

    boolean offers(Prf prf);

    boolean offers(Group group);

    /// For IKE messages.
    boolean offers(Cipher cipher);

    /// For packets.
    boolean offers(EspSuite suite);

    default boolean offers(SignatureScheme scheme) {
        return false;
    }

    /// Stateless; any thread.
    PrfFunction prf(Prf prf);

    /// Stateless; any thread.
    KeyAgreement agreement(Group group);

    /// Stateless; any thread. Ciphers without integrity of their own: CBC, and CTR for IKEv2.
    MessageCipher messageCipher(Cipher cipher);

    /// Stateless; any thread. AEAD ciphers only (IKEv2).
    default MessageAead messageAead(Cipher cipher) {
        throw new IllegalArgumentException(name() + " has no " + cipher + " for messages");
    }

    /// Stateless; any thread.
    default Signer signer(SignatureScheme scheme) {
        throw new IllegalArgumentException(name() + " has no " + scheme);
    }

    /// Stateless; any thread.
    default Verifier verifier(SignatureScheme scheme) {
        throw new IllegalArgumentException(name() + " has no " + scheme);
    }

    /// A cipher for one outbound SA. The keys are copied.
    ///
    /// @param encryptionKey key and salt, [Cipher#keyingOctets()]
    /// @param integrityKey empty with an AEAD
    PacketCipher sealer(EspSuite suite, Secret encryptionKey, Secret integrityKey);

    /// A cipher for one inbound SA. The keys are copied.
    PacketCipher opener(EspSuite suite, Secret encryptionKey, Secret integrityKey);
}

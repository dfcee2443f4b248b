package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.crypto.suite.SignatureScheme;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;

/// The JDK's providers as an engine. It offers what the running JDK really has: a JDK in FIPS mode
/// has no MD5 and no DES.
public final class JceEngine implements CryptoEngine {
    private final SecureRandom random = new SecureRandom();

    /// Something of JCE that is there or not.
    private interface Probe {
        void run() throws GeneralSecurityException;
    }

    private static boolean has(Probe probe) {
        try {
            probe.run();
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /// What IKE messages are sealed with here.
    private static boolean isForMessages(Encryption encryption) {
        return switch (encryption) {
            case AES_CTR, AES_GCM_8, AES_GCM_12, AES_GCM_16, CHACHA20_POLY1305 -> true;
            default -> isCbc(encryption);
        };
    }

    private static boolean isCbc(Encryption encryption) {
        return switch (encryption) {
            case DES_CBC, TRIPLE_DES_CBC, AES_CBC -> true;
            case NULL, AES_CTR, AES_GCM_8, AES_GCM_12, AES_GCM_16, CHACHA20_POLY1305 -> false;
        };
    }

    @Override
    public String name() {
        return "jce";
    }

    @Override
    public boolean offers(Prf prf) {
        return has(() -> {
            Mac.getInstance(prf.jceName());
            MessageDigest.getInstance(prf.hashName());
        });
    }

    @Override
    public boolean offers(Group group) {
        return switch (group.kind()) {
            case NONE -> false;
            case MODP -> has(() -> KeyPairGenerator.getInstance("DH"));
            case ECP -> has(() -> new EcpAgreement(group));
            case XDH -> has(() -> KeyPairGenerator.getInstance("X25519"));
        };
    }

    @Override
    public boolean offers(Cipher cipher) {
        return isForMessages(cipher.encryption()) && hasTransformation(cipher.encryption());
    }

    @Override
    public boolean offers(EspSuite suite) {
        Integrity integrity = suite.integrity();
        return hasTransformation(suite.cipher().encryption())
                && (integrity == Integrity.NONE || has(() -> Mac.getInstance(integrity.jceName())));
    }

    @Override
    public boolean offers(SignatureScheme scheme) {
        return JceSignatures.isOffered(scheme);
    }

    private static boolean hasTransformation(Encryption encryption) {
        return encryption == Encryption.NULL
                || has(() -> javax.crypto.Cipher.getInstance(JceNames.transformation(encryption)));
    }

    private static void require(boolean offered, Object algorithm) {
        if (!offered) {
            throw new IllegalArgumentException("jce has no " + algorithm);
        }
    }

    @Override
    public PrfFunction prf(Prf prf) {
        require(offers(prf), prf);
        return new HmacPrf(prf);
    }

    @Override
    public KeyAgreement agreement(Group group) {
        require(offers(group), group);
        try {
            return switch (group.kind()) {
                case MODP -> new ModpAgreement(group);
                case ECP -> new EcpAgreement(group);
                case XDH -> new XdhAgreement();
                case NONE -> throw new IllegalArgumentException("no group");
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        require(offers(cipher) && !cipher.encryption().isAead(), cipher);
        return isCbc(cipher.encryption()) ? new CbcMessages(cipher) : new CtrMessages(cipher);
    }

    @Override
    public MessageAead messageAead(Cipher cipher) {
        require(offers(cipher) && cipher.encryption().isAead(), cipher);
        return new AeadMessages(cipher);
    }

    @Override
    public Signer signer(SignatureScheme scheme) {
        require(offers(scheme), scheme);
        return new JceSignatures(scheme);
    }

    @Override
    public Verifier verifier(SignatureScheme scheme) {
        require(offers(scheme), scheme);
        return new JceSignatures(scheme);
    }

    @Override
    public PacketCipher sealer(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        require(offers(suite), suite);
        Encryption encryption = suite.cipher().encryption();
        try {
            InitialVectors ivs =
                    encryption.ivOctets() == 0
                            ? InitialVectors.none()
                            : isCbc(encryption)
                                    ? InitialVectors.unpredictable(encryption.ivOctets(), random)
                                    : InitialVectors.sequence();
            return packets(suite, encryptionKey, integrityKey, ivs, true);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public PacketCipher opener(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        require(offers(suite), suite);
        try {
            return packets(suite, encryptionKey, integrityKey, InitialVectors.none(), false);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param ivs tests put the IVs of published packets here
    PacketCipher packets(
            EspSuite suite,
            Secret encryptionKey,
            Secret integrityKey,
            InitialVectors ivs,
            boolean seals)
            throws GeneralSecurityException {
        Cipher cipher = suite.cipher();
        Encryption encryption = cipher.encryption();
        if (encryptionKey.length() != cipher.keyingOctets()
                || integrityKey.length() != suite.integrity().keyOctets()) {
            throw new IllegalArgumentException(
                    suite + " with " + encryptionKey + " and " + integrityKey);
        }
        if (encryption.isAead()) {
            try (Secret key = encryptionKey.slice(0, cipher.keyOctets());
                    Secret salt = encryptionKey.slice(cipher.keyOctets(), cipher.keyingOctets())) {
                Aead aead =
                        encryption == Encryption.AES_GCM_8
                                ? new ShortTagGcm(encryption, key)
                                : new JceAead(encryption, key);
                return new AeadPackets(suite, aead, salt, ivs, seals);
            }
        }
        int mode = seals ? javax.crypto.Cipher.ENCRYPT_MODE : javax.crypto.Cipher.DECRYPT_MODE;
        PayloadCipher payloads =
                switch (encryption) {
                    case NULL -> PayloadCipher.NULL;
                    case AES_CTR -> new CtrPayloads(encryption, encryptionKey);
                    default -> new CbcPayloads(encryption, encryptionKey, mode);
                };
        return new HmacPackets(suite, payloads, integrityKey, ivs, seals);
    }
}

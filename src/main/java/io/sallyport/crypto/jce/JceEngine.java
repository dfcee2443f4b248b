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
import io.sallyport.crypto.jce.signature.JceSignatures;
import io.sallyport.crypto.lanes.HmacSha1Lanes;
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

/// The JDK's providers as an engine. It offers what the running JDK really has: a JDK in FIPS mode
/// has no MD5 and no DES.
public final class JceEngine implements CryptoEngine {
    private final SecureRandom random = new SecureRandom();
    private final boolean sha1InLanes;

    public JceEngine() {
        this(false);
    }

    /// @param sha1InLanes whether HMAC-SHA1 of many packets is better computed side by side
    ///   ([HmacSha1Lanes]): where the processor has no instructions for SHA, JCE's is slow
    public JceEngine(boolean sha1InLanes) {
        this.sha1InLanes = sha1InLanes;
    }

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

    private static boolean isCbc(Encryption encryption) {
        return switch (encryption) {
            case DES_CBC, TRIPLE_DES_CBC, CAMELLIA_CBC, AES_CBC -> true;
            default -> false;
        };
    }

    @Override
    public String name() {
        return "jce";
    }

    @Override
    public boolean offers(Prf prf) {
        return has(() -> {
            CipherMac.find(prf.jceName());
            if (prf.isHmac()) {
                MessageDigest.getInstance(prf.hashName());
            }
        });
    }

    @Override
    public boolean offers(Group group) {
        return switch (group.kind()) {
            case NONE -> false;
            case MODP -> has(() -> KeyPairGenerator.getInstance("DH"));
            case ECP -> has(() -> new EcpAgreement(group));
            case XDH -> has(() -> KeyPairGenerator.getInstance(XdhAgreement.name(group)));
            case KEM -> has(() -> KeyPairGenerator.getInstance(KemAgreement.name(group)));
        };
    }

    @Override
    public boolean offers(Cipher cipher) {
        return cipher.encryption().isForIke() && hasTransformation(cipher.encryption());
    }

    @Override
    public boolean offers(EspSuite suite) {
        Integrity integrity = suite.integrity();
        return hasTransformation(suite.cipher().encryption())
                && (integrity == Integrity.NONE || has(() -> CipherMac.find(integrity.jceName())));
    }

    @Override
    public boolean offers(SignatureScheme scheme) {
        return JceSignatures.isOffered(scheme);
    }

    private static boolean hasTransformation(Encryption encryption) {
        // Camellia is our own
        return encryption == Encryption.NULL
                || encryption == Encryption.CAMELLIA_CBC
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
                case XDH -> new XdhAgreement(group);
                case KEM -> new KemAgreement(group);
                case NONE -> throw new IllegalArgumentException("no group");
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        require(offers(cipher) && !cipher.encryption().isAead(), cipher);
        if (cipher.encryption() == Encryption.CAMELLIA_CBC) {
            return CamelliaPayloads.messages(cipher.keyOctets());
        }
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
                return new AeadPackets(suite, Aead.of(encryption, key), salt, ivs, seals);
            }
        }
        int mode = seals ? javax.crypto.Cipher.ENCRYPT_MODE : javax.crypto.Cipher.DECRYPT_MODE;
        PayloadCipher payloads =
                switch (encryption) {
                    case NULL -> PayloadCipher.NULL;
                    case AES_CTR -> new CtrPayloads(encryption, encryptionKey);
                    case CAMELLIA_CBC -> new CamelliaPayloads(encryptionKey);
                    default -> new CbcPayloads(encryption, encryptionKey, mode);
                };
        // Lanes take messages of whole words: with CBC all are
        boolean lanes =
                sha1InLanes && isCbc(encryption) && suite.integrity() == Integrity.HMAC_SHA1_96;
        return new HmacPackets(
                suite,
                payloads,
                integrityKey,
                ivs,
                seals,
                lanes ? new HmacSha1Lanes(integrityKey) : null);
    }
}

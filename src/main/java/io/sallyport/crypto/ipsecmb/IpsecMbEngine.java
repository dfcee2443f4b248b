package io.sallyport.crypto.ipsecmb;

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
import io.sallyport.ffi.ipsecmb.Bursts;
import io.sallyport.ffi.ipsecmb.IpsecMb;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

/// AES-GCM, and AES-CBC, AES-CTR or NULL with an HMAC, for packets by libIPSec_MB: a fraction of
/// the time that JCE takes, and nothing allocated. Everything else is left to other engines.
public final class IpsecMbEngine implements CryptoEngine {
    /// Packets of a run from which on a burst is quicker than JCE; as measured, see
    /// `docs/engines.md`.
    static final int FEWEST = 4;

    private final JceEngine few = new JceEngine();
    private final SecureRandom random = new SecureRandom();

    private IpsecMbEngine() {}

    /// Empty if the library is not installed, or is of a version that we do not know.
    public static Optional<CryptoEngine> find() {
        return IpsecMb.isThere() ? Optional.of(new IpsecMbEngine()) : Optional.empty();
    }

    @Override
    public String name() {
        return "ipsec-mb " + IpsecMb.description();
    }

    @Override
    public boolean offers(Prf prf) {
        return false;
    }

    @Override
    public boolean offers(Group group) {
        return false;
    }

    @Override
    public boolean offers(Cipher cipher) {
        return false;
    }

    @Override
    public boolean offers(EspSuite suite) {
        return switch (suite.cipher().encryption()) {
            case AES_GCM_8, AES_GCM_12, AES_GCM_16 -> true;
            default ->
                    Bursts.areThere()
                            && BurstPackets.has(suite.cipher().encryption(), suite.integrity())
                            && few.offers(suite);
        };
    }

    @Override
    public PrfFunction prf(Prf prf) {
        throw refused(prf);
    }

    @Override
    public KeyAgreement agreement(Group group) {
        throw refused(group);
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        throw refused(cipher);
    }

    @Override
    public PacketCipher sealer(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return packets(suite, encryptionKey, integrityKey, true);
    }

    @Override
    public PacketCipher opener(EspSuite suite, Secret encryptionKey, Secret integrityKey) {
        return packets(suite, encryptionKey, integrityKey, false);
    }

    private PacketCipher packets(EspSuite suite, Secret key, Secret integrityKey, boolean seals) {
        if (!offers(suite)) {
            throw refused(suite);
        }
        if (key.length() != suite.cipher().keyingOctets()
                || integrityKey.length() != suite.integrity().keyOctets()) {
            throw new IllegalArgumentException(suite + " with " + key + " and " + integrityKey);
        }
        if (suite.cipher().encryption().isAead()) {
            return new GcmPackets(suite, key, seals);
        }
        PacketCipher jce =
                seals ? few.sealer(suite, key, integrityKey) : few.opener(suite, key, integrityKey);
        try {
            return new BurstPackets(suite, key, integrityKey, seals, jce, FEWEST, random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static IllegalArgumentException refused(Object algorithm) {
        return new IllegalArgumentException("ipsec-mb has no " + algorithm);
    }
}

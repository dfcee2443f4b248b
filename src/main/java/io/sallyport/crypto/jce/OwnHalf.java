package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import javax.security.auth.DestroyFailedException;
import org.jspecify.annotations.Nullable;

/// Our private value and the public one that belongs to it.
abstract class OwnHalf implements KeyAgreement.Ephemeral {
    private final Octets publicValue;
    private @Nullable PrivateKey key;

    OwnHalf(PrivateKey key, Octets publicValue) {
        this.key = key;
        this.publicValue = publicValue;
    }

    @Override
    public final Octets publicValue() {
        return publicValue;
    }

    final Secret shared(String algorithm, Key peer) throws GeneralSecurityException {
        PrivateKey own = key;
        if (own == null) {
            throw new IllegalStateException("private value used after it was closed");
        }
        var agreement = javax.crypto.KeyAgreement.getInstance(algorithm);
        agreement.init(own);
        agreement.doPhase(peer, true);
        return Secret.owned(agreement.generateSecret());
    }

    @Override
    public final void close() {
        PrivateKey own = key;
        key = null;
        if (own != null) {
            try {
                own.destroy();
            } catch (DestroyFailedException _) {
                // The JDK's keys cannot be zeroed; without a reference they are collected.
            }
        }
    }
}

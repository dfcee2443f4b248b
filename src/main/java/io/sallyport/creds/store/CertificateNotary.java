package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.creds.x509.Judge;
import io.sallyport.creds.x509.Locator;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Notary;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import java.security.KeyPair;
import java.time.InstantSource;

/// Signs with the keys of a [Vault], and judges by its certificates. Any thread.
public final class CertificateNotary implements Notary {
    private final CryptoEngine crypto;
    private final Vault vault;
    private final Judge judge;
    private final InstantSource clock;

    public CertificateNotary(
            CryptoEngine crypto,
            Vault vault,
            RevocationCheck revocation,
            Locator locator,
            InstantSource clock) {
        this.crypto = crypto;
        this.vault = vault;
        this.judge = new Judge(crypto, vault, revocation, locator);
        this.clock = clock;
    }

    @Override
    public Octets sign(Octets key, SignatureScheme scheme, Octets data) throws CannotSign {
        KeyPair pair = vault.pairs().get(key);
        if (pair == null) {
            throw new CannotSign("the key " + key.hex() + " is not loaded any more");
        }
        if (!crypto.offers(scheme)) {
            throw new CannotSign("signatures by " + scheme + " are not offered");
        }
        return crypto.signer(scheme).sign(pair.getPrivate(), data);
    }

    @Override
    public Verdict judge(PeerProof proof) {
        return judge.judge(proof, clock.instant());
    }
}

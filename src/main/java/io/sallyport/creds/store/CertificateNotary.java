package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.creds.tls.JsseConversation;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Judge;
import io.sallyport.creds.x509.Locator;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Notary;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.trust.HeldKey;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.TlsEnd;
import io.sallyport.model.trust.Verdict;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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
    public boolean waitsToSign(Octets key) {
        return vault.held().containsKey(key);
    }

    @Override
    public Octets sign(Octets key, SignatureScheme scheme, Octets data) throws CannotSign {
        if (!crypto.offers(scheme)) {
            throw new CannotSign("signatures by " + scheme + " are not offered");
        }
        HeldKey held = vault.held().get(key);
        if (held != null) {
            return held.sign(scheme, data);
        }
        KeyPair pair = vault.pairs().get(key);
        if (pair == null) {
            throw new CannotSign("the key " + key.hex() + " is not loaded any more");
        }
        return crypto.signer(scheme).sign(pair.getPrivate(), data);
    }

    @Override
    public TlsConversation tls(TlsEnd end) {
        Optional<OwnKey> own =
                new OwnKeys(vault)
                        .of(end.own(), List.of()).stream().filter(k -> !k.isRaw()).findFirst();
        Optional<KeyPair> pair = own.map(k -> vault.pairs().get(k.id()));
        if (pair.isEmpty()) {
            return Notary.super.tls(end);
        }
        List<X509Certificate> chain =
                own.orElseThrow().chain().stream()
                        .flatMap(der -> Certificates.parse(der).stream())
                        .toList();
        try {
            return new JsseConversation(
                    end.server(),
                    pair.get().getPrivate(),
                    chain,
                    shown -> judge.judge(end.peer(), end.demand(), shown, clock.instant()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS here", e);
        }
    }

    @Override
    public Verdict judge(PeerProof proof) {
        return judge.judge(proof, clock.instant());
    }
}

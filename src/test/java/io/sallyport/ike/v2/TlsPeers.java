package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.creds.issue.AltName;
import io.sallyport.creds.issue.CertificateOrder;
import io.sallyport.creds.issue.NewKey;
import io.sallyport.creds.issue.Seal;
import io.sallyport.creds.store.CertificateNotary;
import io.sallyport.creds.store.CredentialStore;
import io.sallyport.creds.store.Vault;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Locator;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.port.Notary;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.TlsEnd;
import io.sallyport.model.trust.Verdict;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A client and a gateway with certificates, for EAP-TLS.
final class TlsPeers {
    static final Identity CAROL = Identity.fqdn("carol.example");
    static final Identity SUN = Identity.fqdn("sun.example");
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private TlsPeers() {}

    /// Somebody with a key and a certificate.
    record Holder(KeyPair pair, X509Certificate certificate) {}

    private static KeyPair pair(String name, String kind) {
        return PAIRS.computeIfAbsent(
                name + kind, _ -> NewKey.make(kind, kind.equals("ecdsa") ? 256 : 0));
    }

    private static CertificateOrder order(String name, KeyPair pair, int serial) {
        return new CertificateOrder(
                DistinguishedName.encode("CN=" + name).orElseThrow(),
                pair.getPublic(),
                BigInteger.valueOf(serial),
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(1)));
    }

    private static Seal seal(KeyPair pair) throws CannotSign {
        return Seal.of(TestCrypto.CRYPTO, pair, Optional.empty(), false);
    }

    static Holder authority(String name) {
        KeyPair pair = pair(name, "ecdsa");
        try {
            return new Holder(pair, order(name, pair, 1).authority(-1).selfSigned(seal(pair)));
        } catch (CannotSign e) {
            throw new AssertionError(e);
        }
    }

    static Holder holder(String name, String kind, Holder by, Set<CertificateOrder.Flag> flags) {
        KeyPair pair = pair(name, kind);
        try {
            return new Holder(
                    pair,
                    order(name, pair, 2)
                            .names(List.of(AltName.of(name).orElseThrow()))
                            .flags(flags)
                            .issuedBy(by.certificate(), seal(by.pair())));
        } catch (CannotSign e) {
            throw new AssertionError(e);
        }
    }

    private static Vault vault(Holder own, Holder trusted) {
        return new Vault(
                Map.of(Certificates.keyId(own.pair().getPublic()), own.pair()),
                Map.of(),
                List.of(trusted.certificate()),
                List.of(own.certificate()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }

    static void equip(TwoPeers.Peer peer, Holder own, Holder trusted) {
        Vault vault = vault(own, trusted);
        CredentialStore store = new CredentialStore(List.of(), vault);
        peer.notary(
                new CertificateNotary(
                        TestCrypto.CRYPTO, vault, RevocationCheck.NONE, Locator.NONE, () -> NOW),
                store::ownKeys,
                store.authorities(TrustSpec.ANY));
    }

    static ConnectionSpec client(Identity server, boolean alone) {
        return EapPeers.with(
                new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(1).build(),
                new AuthSpec.Eap(CAROL, "tls", 0, Identity.ANY, List.of(), server, TrustSpec.ANY),
                alone ? eap(SUN) : EapPeers.key(SUN, true));
    }

    static ConnectionSpec gateway(boolean alone) {
        return EapPeers.with(
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build(),
                alone ? eap(SUN) : EapPeers.key(SUN, true),
                eap(Identity.ANY));
    }

    private static AuthSpec eap(Identity id) {
        return new AuthSpec.Eap(id, "tls", 0, Identity.ANY, List.of(), Identity.ANY, TrustSpec.ANY);
    }

    static TwoPeers peers(long seed, boolean aloneA, boolean aloneB) {
        return peers(seed, aloneA, aloneB, "ecdsa");
    }

    static TwoPeers peers(long seed, boolean aloneA, boolean aloneB, String kind) {
        TwoPeers p =
                new TwoPeers(
                        seed, TestCrypto.CRYPTO, client(Identity.ANY, aloneA), gateway(aloneB));
        Holder ca = authority("ca.example");
        equip(p.a, holder("carol.example", kind, ca, Set.of()), ca);
        equip(p.b, holder("sun.example", kind, ca, Set.of()), ca);
        return p;
    }

    /// Shows its certificate whatever it should be called.
    static void pose(TwoPeers.Peer peer, Holder own, Holder trusted) {
        CertificateNotary notary =
                new CertificateNotary(
                        TestCrypto.CRYPTO,
                        vault(own, trusted),
                        RevocationCheck.NONE,
                        Locator.NONE,
                        () -> NOW);
        peer.notary(
                new Poser(notary),
                (_, _) -> List.of(),
                new CredentialStore(List.of(), vault(own, trusted)).authorities(TrustSpec.ANY));
    }

    private record Poser(Notary notary) implements Notary {
        @Override
        public Octets sign(Octets key, SignatureScheme scheme, Octets data) throws CannotSign {
            return notary.sign(key, scheme, data);
        }

        @Override
        public Verdict judge(PeerProof proof) {
            return notary.judge(proof);
        }

        @Override
        public TlsConversation tls(TlsEnd end) {
            return notary.tls(
                    new TlsEnd(
                            end.server(),
                            new AuthSpec.Pubkey(Identity.ANY, List.of(), List.of(), TrustSpec.ANY),
                            end.peer(),
                            end.demand()));
        }
    }
}

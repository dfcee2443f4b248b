package io.sallyport.creds.x509;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.Fixtures;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.store.Vault;
import io.sallyport.creds.store.VaultLoader;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Certificates that a peer sends, one behind the other, with a signature by moon's key: whoever
/// changes one of them and keeps the key gets as far as the path and its rules. Trusted is moon's
/// own certificate alone.
public final class ChainFuzz {
    private static final int MOST = 6;
    private static final Crypto CRYPTO = EngineChooser.choose(new JceEngine());
    private static final Octets SIGNED = Octets.utf8("message, nonce and MACed identity");
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Identity MOON = Identity.fqdn("moon.lab.example");

    private record Known(Judge judge, Octets moon, Octets signature) {
        static final Known ONE = make();

        private static Known make() {
            CertificateSpec authority =
                    new CertificateSpec(
                            CertificateSpec.Kind.X509_CA,
                            new KeySource.Inline(Fixtures.octets("ca.crt"), Origin.NONE));
            Vault vault =
                    VaultLoader.load(
                                    new VpnSpec(
                                            List.of(),
                                            List.of(),
                                            List.of(),
                                            List.of(authority),
                                            List.of(),
                                            List.of()))
                            .vault();
            try {
                return new Known(
                        new Judge(CRYPTO, vault, RevocationCheck.NONE),
                        Certificates.der(Fixtures.certificate("moon")),
                        CRYPTO.signer(SignatureScheme.RSA_PKCS1_SHA2_256)
                                .sign(Fixtures.pair("moon").getPrivate(), SIGNED));
            } catch (BadCredential | CannotSign e) {
                throw new IllegalStateException(Secret.EMPTY + " " + e, e);
            }
        }
    }

    private ChainFuzz() {}

    public static void feed(byte[] input) {
        Known known = Known.ONE;
        List<Octets> sent = parts(Octets.of(input));
        PeerProof proof =
                new PeerProof(
                        MOON,
                        new AuthSpec.Pubkey(Identity.ANY, List.of(), List.of(), TrustSpec.ANY),
                        sent.stream().<Evidence>map(Evidence.Certificate::new).toList(),
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        known.signature(),
                        SIGNED);
        Verdict verdict = known.judge().judge(proof, NOW);
        if (verdict instanceof Verdict.Trusted
                && (sent.isEmpty() || !sent.getFirst().equals(known.moon()))) {
            throw new AssertionError("trusted: " + sent);
        }
    }

    /// Cut where a SEQUENCE of two octets of length says so; the rest is one more.
    private static List<Octets> parts(Octets input) {
        List<Octets> all = new ArrayList<>();
        int at = 0;
        while (at < input.length() && all.size() < MOST) {
            int end = input.length();
            if (end - at > 4 && input.at(at) == 0x30 && input.at(at + 1) == 0x82) {
                end = Math.min(end, at + 4 + (input.at(at + 2) << 8 | input.at(at + 3)));
            }
            all.add(input.slice(at, end));
            at = end;
        }
        return all;
    }
}

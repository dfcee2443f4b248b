package io.sallyport.creds.x509;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.base.net.IpAddress;
import io.sallyport.creds.Fixtures;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.issue.Seal;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.store.CertificateNotary;
import io.sallyport.creds.store.CredentialStore;
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
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.TrustSpec.Revocation;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.model.trust.Verdict.Reason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Peers prove who they are, truly and not: the signature is made by the key of the fixture that is
/// named, and judged by one who trusts the authorities `ca`, `narrow` and `short`.
class JudgeTest {
    private static final Crypto CRYPTO = EngineChooser.choose(new JceEngine());
    private static final Octets SIGNED = Octets.utf8("message, nonce and MACed identity");
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Identity MOON = Identity.fqdn("moon.lab.example");

    private static KeySource inline(String file) {
        return new KeySource.Inline(Fixtures.octets(file), Origin.NONE);
    }

    private static CertificateSpec spec(CertificateSpec.Kind kind, String file) {
        return new CertificateSpec(kind, inline(file));
    }

    private static Vault vault(List<CertificateSpec> certificates, String... keys) {
        List<PrivateKeySpec> specs = new ArrayList<>();
        for (String key : keys) {
            specs.add(
                    new PrivateKeySpec(
                            PrivateKeySpec.Kind.ANY, inline(key + ".key"), Secret.EMPTY));
        }
        // A connection's sources are read with it; here they stand among the certificates
        VaultLoader.Loaded loaded =
                VaultLoader.load(
                        new VpnSpec(
                                List.of(), List.of(), specs, certificates, List.of(), List.of()));
        assertEquals(List.of(), loaded.findings());
        return loaded.vault();
    }

    private static final List<CertificateSpec> TRUSTED =
            List.of(
                    spec(CertificateSpec.Kind.X509_CA, "ca.crt"),
                    spec(CertificateSpec.Kind.X509_CA, "narrow.crt"),
                    spec(CertificateSpec.Kind.X509_CA, "short.crt"));

    private static AuthSpec.Pubkey demand(TrustSpec trust) {
        return new AuthSpec.Pubkey(Identity.ANY, List.of(), List.of(), trust);
    }

    private static Octets signature(String key, SignatureScheme scheme)
            throws BadCredential, CannotSign {
        return CRYPTO.signer(scheme).sign(Fixtures.pair(key).getPrivate(), SIGNED);
    }

    private static List<Evidence> sent(String... certificates) throws BadCredential {
        List<Evidence> all = new ArrayList<>();
        for (String name : certificates) {
            all.add(new Evidence.Certificate(Certificates.der(Fixtures.certificate(name))));
        }
        return all;
    }

    private static Verdict judge(
            Identity claimed, TrustSpec trust, SignatureScheme scheme, String... sent)
            throws BadCredential, CannotSign {
        return judge(vault(TRUSTED), demand(trust), claimed, scheme, sent);
    }

    private static Verdict judge(
            Vault vault,
            AuthSpec.Pubkey demand,
            Identity claimed,
            SignatureScheme scheme,
            String... sent)
            throws BadCredential, CannotSign {
        PeerProof proof =
                new PeerProof(
                        claimed, demand, sent(sent), scheme, signature(sent[0], scheme), SIGNED);
        return new Judge(CRYPTO, vault, RevocationCheck.NONE).judge(proof, NOW);
    }

    private static Verdict moon(TrustSpec trust, String... sent) throws Exception {
        return judge(MOON, trust, SignatureScheme.RSA_PKCS1_SHA2_256, sent);
    }

    private static void assertRefused(Reason reason, String words, Verdict verdict) {
        Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, verdict);
        assertEquals(reason, refused.reason(), refused.text());
        assertTrue(refused.text().contains(words), refused.text());
        assertTrue(refused.why().contains(refused.text()), refused.why().toString());
    }

    private static TrustSpec trust(Identity authority, List<String> policies, String... schemes) {
        return new TrustSpec(
                List.of(), authority, List.of(), policies, List.of(schemes), Revocation.RELAXED);
    }

    private static TrustSpec words(String... schemes) {
        return trust(Identity.ANY, List.of(), schemes);
    }

    // ---- who is who

    @Test
    void everyKindOfIdentity() throws Exception {
        var certificate = Fixtures.certificate("moon");
        for (Identity good :
                List.of(
                        MOON,
                        Identity.fqdn("MOON.Lab.Example"),
                        new Identity(Identity.Type.USER_FQDN, Octets.utf8("moon@lab.example")),
                        Identity.of(IpAddress.parse("192.0.2.1").orElseThrow()),
                        Identity.of(IpAddress.parse("2001:db8::1").orElseThrow()),
                        Certificates.subject(certificate),
                        new Identity(
                                Identity.Type.DER_ASN1_DN,
                                DistinguishedName.encode("C=ch, O=LAB, CN=Moon").orElseThrow()),
                        new Identity(
                                Identity.Type.KEY_ID,
                                Certificates.keyId(certificate.getPublicKey())))) {
            Verdict verdict = judge(good, TrustSpec.ANY, SignatureScheme.RSA_PSS_SHA2_256, "moon");
            assertInstanceOf(Verdict.Trusted.class, verdict, good + ": " + verdict.why());
        }
        for (Identity bad :
                List.of(
                        Identity.ANY,
                        Identity.fqdn("sun.lab.example"),
                        Identity.fqdn("*"),
                        Identity.fqdn("*.lab.example"),
                        Identity.fqdn("moon@lab.example"),
                        Identity.fqdn(""),
                        Identity.of(IpAddress.parse("192.0.2.2").orElseThrow()),
                        new Identity(Identity.Type.KEY_ID, Octets.utf8("moon")),
                        new Identity(
                                Identity.Type.DER_ASN1_DN,
                                DistinguishedName.encode("C=CH, O=Lab, CN=*").orElseThrow()),
                        new Identity(Identity.Type.DER_ASN1_DN, Octets.hex("3000")),
                        new Identity(Identity.Type.REGEX, Octets.utf8(".*")))) {
            assertRefused(
                    Reason.NO_KEY,
                    "is not for",
                    judge(bad, TrustSpec.ANY, SignatureScheme.RSA_PSS_SHA2_256, "moon"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ec, ECDSA_SHA2_256",
        "ec, ECDSA_P256_RAW",
        "ed, ED25519",
        "ed448, ED448",
        "p384, ECDSA_SHA2_384",
        "p384, ECDSA_P384_RAW"
    })
    void everyKindOfKey(String name, SignatureScheme scheme) throws Exception {
        String[] sent = name.equals("ec") ? new String[] {"ec", "sub"} : new String[] {name};
        assertInstanceOf(
                Verdict.Trusted.class,
                judge(Identity.fqdn(name + ".lab.example"), TrustSpec.ANY, scheme, sent));
    }

    // ---- signatures

    /// Each octet of each signature is changed: 0 are accepted.
    @ParameterizedTest
    @CsvSource({
        "moon, RSA_PKCS1_SHA2_256",
        "moon, RSA_PSS_SHA2_256",
        "ec, ECDSA_SHA2_256",
        "ec, ECDSA_P256_RAW",
        "ed, ED25519",
        "ed448, ED448"
    })
    void noBadSignatureIsAccepted(String name, SignatureScheme scheme) throws Exception {
        Vault vault = vault(TRUSTED);
        Judge judge = new Judge(CRYPTO, vault, RevocationCheck.NONE);
        Octets good = signature(name, scheme);
        List<Octets> bad = new ArrayList<>();
        for (int i = 0; i < good.length(); i++) {
            byte[] octets = good.toArray();
            octets[i] ^= (byte) (1 << i % 8);
            bad.add(Octets.of(octets));
        }
        bad.add(Octets.EMPTY);
        bad.add(Octets.of(new byte[good.length()]));
        bad.add(Octets.concat(good, Octets.of((byte) 0)));
        bad.add(good.slice(0, good.length() - 1));
        bad.add(Octets.hex("3006020100020100"));
        bad.add(Octets.hex("3006020101020101"));
        int accepted = 0;
        for (Octets signature : bad) {
            PeerProof proof =
                    new PeerProof(
                            Identity.fqdn(name + ".lab.example"),
                            demand(TrustSpec.ANY),
                            sent(name, "sub"),
                            scheme,
                            signature,
                            SIGNED);
            Verdict verdict = judge.judge(proof, NOW);
            accepted += verdict instanceof Verdict.Trusted ? 1 : 0;
            assertRefused(Reason.BAD_SIGNATURE, "not by", verdict);
        }
        assertEquals(0, accepted);
    }

    @Test
    void anotherMessageIsNotWhatWasSigned() throws Exception {
        PeerProof proof =
                new PeerProof(
                        MOON,
                        demand(TrustSpec.ANY),
                        sent("moon"),
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        signature("moon", SignatureScheme.RSA_PKCS1_SHA2_256),
                        Octets.utf8("another"));
        assertRefused(
                Reason.BAD_SIGNATURE,
                "not by",
                new Judge(CRYPTO, vault(TRUSTED), RevocationCheck.NONE).judge(proof, NOW));
    }

    /// Only the first certificate is the peer's (RFC 7296, 3.6).
    @Test
    void aGoodCertificateBehindAStrangersDoesNotHelp() throws Exception {
        assertRefused(Reason.UNTRUSTED, "no way", moon(TrustSpec.ANY, "stranger", "moon", "ca"));
    }

    // ---- paths

    @Test
    void theAnchorIsOursNotTheirs() throws Exception {
        assertRefused(Reason.UNTRUSTED, "not trusted", moon(TrustSpec.ANY, "stranger", "other"));
        assertRefused(
                Reason.UNTRUSTED,
                "no certificate of 'C=CH, O=Lab, CN=Sub'",
                judge(
                        Identity.fqdn("ec.lab.example"),
                        TrustSpec.ANY,
                        SignatureScheme.ECDSA_SHA2_256,
                        "ec"));
    }

    @ParameterizedTest
    @CsvSource({
        "outside, narrow, moon.evil.example, name constraints",
        "deep, shortsub, moon.lab.example, pathLenConstraint",
        "noca, moon, moon.lab.example, keyCertSign",
        "plain, inside, moon.lab.example, basic constraints",
        "crit, ca, moon.lab.example, critical extension",
        "nosig, ca, moon.lab.example, keyUsage"
    })
    void brokenRules(String name, String issuer, String claimed, String words) throws Exception {
        Verdict verdict =
                judge(
                        Identity.fqdn(claimed),
                        TrustSpec.ANY,
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        name,
                        issuer);
        assertRefused(Reason.CONSTRAINT, words, verdict);
    }

    @Test
    void whatIsInsideTheConstraintsIsTrusted() throws Exception {
        Verdict verdict = moon(TrustSpec.ANY, "inside");
        assertInstanceOf(Verdict.Trusted.class, verdict, verdict.why().toString());
    }

    @Test
    void timesOfValidity() throws Exception {
        for (String when : List.of("2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z")) {
            PeerProof proof =
                    new PeerProof(
                            MOON,
                            demand(TrustSpec.ANY),
                            sent("moon"),
                            SignatureScheme.RSA_PKCS1_SHA2_256,
                            signature("moon", SignatureScheme.RSA_PKCS1_SHA2_256),
                            SIGNED);
            assertRefused(
                    Reason.EXPIRED,
                    "valid",
                    new Judge(CRYPTO, vault(TRUSTED), RevocationCheck.NONE)
                            .judge(proof, Instant.parse(when)));
        }
    }

    @Test
    void weakKeysAndHashes() throws Exception {
        assertRefused(Reason.WEAK, "SHA1", moon(TrustSpec.ANY, "sha1"));
        assertInstanceOf(Verdict.Trusted.class, moon(words("pubkey", "sha1", "sha256"), "sha1"));
        assertInstanceOf(Verdict.Trusted.class, moon(TrustSpec.ANY, "rsa1024"));
        assertRefused(Reason.WEAK, "2048", moon(words("rsa", "2048"), "rsa1024"));
        assertRefused(Reason.WEAK, "'nonsense-ecdsa'", moon(words("nonsense-ecdsa"), "moon"));
        assertRefused(Reason.WEAK, "(ecdsa) does not allow", moon(words("ecdsa"), "moon"));
        assertRefused(Reason.WEAK, "rsa-sha256", moon(words("rsa", "sha384"), "moon"));
        assertRefused(
                Reason.WEAK,
                "(ike:rsa/pss-sha256) does not",
                moon(words("ike:rsa/pss", "sha256"), "moon"));
    }

    // ---- demands

    @Test
    void demandsOnTheChain() throws Exception {
        Identity lab =
                new Identity(
                        Identity.Type.DER_ASN1_DN,
                        DistinguishedName.encode("C=CH, O=Lab, CN=*").orElseThrow());
        Identity elsewhere =
                new Identity(
                        Identity.Type.DER_ASN1_DN,
                        DistinguishedName.encode("C=CH, O=Other, CN=*").orElseThrow());
        assertInstanceOf(Verdict.Trusted.class, moon(trust(lab, List.of()), "moon"));
        assertRefused(Reason.CONSTRAINT, "ca_id", moon(trust(elsewhere, List.of()), "moon"));
        assertInstanceOf(
                Verdict.Trusted.class, moon(trust(Identity.ANY, List.of("1.2.3.4")), "moon"));
        assertRefused(
                Reason.CONSTRAINT, "polic", moon(trust(Identity.ANY, List.of("1.2.3.5")), "moon"));
        assertRefused(
                Reason.CONSTRAINT,
                "attribute certificates",
                moon(
                        new TrustSpec(
                                List.of(),
                                Identity.ANY,
                                List.of("staff"),
                                List.of(),
                                List.of(),
                                Revocation.RELAXED),
                        "moon"));
        for (boolean right : List.of(true, false)) {
            TrustSpec cacerts =
                    new TrustSpec(
                            List.of(inline(right ? "ca.crt" : "narrow.crt")),
                            Identity.ANY,
                            List.of(),
                            List.of(),
                            List.of(),
                            Revocation.RELAXED);
            assertEquals(right, moon(cacerts, "moon") instanceof Verdict.Trusted);
        }
    }

    /// Nobody can be asked here: strict refuses, the others do not.
    @Test
    void revocationThatCannotBeAsked() throws Exception {
        for (Revocation mode : Revocation.values()) {
            TrustSpec trust =
                    new TrustSpec(List.of(), Identity.ANY, List.of(), List.of(), List.of(), mode);
            Verdict verdict = moon(trust, "moon");
            if (mode == Revocation.STRICT) {
                assertRefused(Reason.REVOCATION_UNKNOWN, "nobody is asked", verdict);
            } else {
                assertInstanceOf(Verdict.Trusted.class, verdict);
            }
        }
    }

    /// CVE-2022-40617: what a certificate names is asked only after its issuer was found good, so a
    /// revoked authority makes nobody fetch.
    @Test
    void theAnchorsChildIsAskedAboutFirst() throws Exception {
        List<String> asked = new ArrayList<>();
        RevocationCheck good =
                (one, _, _, _) -> {
                    asked.add(Certificates.quoted(one));
                    return new RevocationCheck.Status(RevocationCheck.State.GOOD, "not listed");
                };
        assertInstanceOf(Verdict.Trusted.class, below(good, Revocation.STRICT));
        String sub = Certificates.quoted(Fixtures.certificate("sub"));
        assertEquals(List.of(sub, Certificates.quoted(Fixtures.certificate("ec"))), asked);
        asked.clear();
        RevocationCheck revoked =
                (one, _, _, _) -> {
                    asked.add(Certificates.quoted(one));
                    return new RevocationCheck.Status(RevocationCheck.State.REVOKED, "on the list");
                };
        assertRefused(Reason.REVOKED, sub + ": on the list", below(revoked, Revocation.RELAXED));
        assertEquals(List.of(sub), asked);
    }

    /// CVE-2022-40617, too: nothing that a stranger's certificate names is asked, nor anything for
    /// a holder who did not sign.
    @Test
    void nobodyIsAskedForAStranger() throws Exception {
        List<String> asked = new ArrayList<>();
        RevocationCheck revocation =
                (one, _, _, _) -> {
                    asked.add(Certificates.quoted(one));
                    return new RevocationCheck.Status(RevocationCheck.State.GOOD, "not listed");
                };
        Judge judge = new Judge(CRYPTO, vault(TRUSTED), revocation);
        SignatureScheme scheme = SignatureScheme.RSA_PKCS1_SHA2_256;
        for (List<String> sent :
                List.of(
                        List.of("stranger"),
                        List.of("stranger", "other"),
                        List.of("stranger", "moon", "ca"))) {
            PeerProof proof =
                    new PeerProof(
                            MOON,
                            demand(TrustSpec.ANY),
                            sent(sent.toArray(String[]::new)),
                            scheme,
                            signature("stranger", scheme),
                            SIGNED);
            assertRefused(Reason.UNTRUSTED, "", judge.judge(proof, NOW));
        }
        PeerProof unsigned =
                new PeerProof(
                        MOON,
                        demand(TrustSpec.ANY),
                        sent("moon"),
                        scheme,
                        signature("stranger", scheme),
                        SIGNED);
        assertInstanceOf(Verdict.Refused.class, judge.judge(unsigned, NOW));
        assertEquals(List.of(), asked);
    }

    /// A list that was promised and cannot be read: strict and ifuri refuse.
    @Test
    void aPlaceThatGivesNoAnswer() throws Exception {
        for (Revocation mode : Revocation.values()) {
            Verdict verdict =
                    below(
                            (_, _, _, _) ->
                                    new RevocationCheck.Status(
                                            RevocationCheck.State.NO_ANSWER, "no list can be read"),
                            mode);
            if (mode == Revocation.RELAXED) {
                assertInstanceOf(Verdict.Trusted.class, verdict);
            } else {
                assertRefused(Reason.REVOCATION_UNKNOWN, "no list can be read", verdict);
            }
        }
    }

    private static Verdict below(RevocationCheck revocation, Revocation mode) throws Exception {
        TrustSpec trust =
                new TrustSpec(List.of(), Identity.ANY, List.of(), List.of(), List.of(), mode);
        SignatureScheme scheme = SignatureScheme.ECDSA_SHA2_256;
        PeerProof proof =
                new PeerProof(
                        Identity.fqdn("ec.lab.example"),
                        demand(trust),
                        sent("ec", "sub"),
                        scheme,
                        signature("ec", scheme),
                        SIGNED);
        return new Judge(CRYPTO, vault(TRUSTED), revocation).judge(proof, NOW);
    }

    @Test
    void pinnedCertificates() throws Exception {
        Vault vault = vault(List.of(spec(CertificateSpec.Kind.X509, "stranger.crt")));
        AuthSpec.Pubkey pinned =
                new AuthSpec.Pubkey(
                        Identity.ANY, List.of(inline("stranger.crt")), List.of(), TrustSpec.ANY);
        assertInstanceOf(
                Verdict.Trusted.class,
                judge(vault, pinned, MOON, SignatureScheme.RSA_PKCS1_SHA2_256, "stranger"));
        assertRefused(
                Reason.UNTRUSTED,
                "none of the configured certs",
                judge(vault, pinned, MOON, SignatureScheme.RSA_PKCS1_SHA2_256, "moon"));
    }

    /// It is trusted as it is, but for what it demands itself.
    @Test
    void aPinnedCertificateWithACriticalExtensionThatIsUnknown() throws Exception {
        Vault vault = vault(List.of(spec(CertificateSpec.Kind.X509, "crit.crt")));
        AuthSpec.Pubkey pinned =
                new AuthSpec.Pubkey(
                        Identity.ANY, List.of(inline("crit.crt")), List.of(), TrustSpec.ANY);
        assertRefused(
                Reason.CONSTRAINT,
                "critical extension",
                judge(vault, pinned, MOON, SignatureScheme.RSA_PKCS1_SHA2_256, "crit"));
    }

    /// RFC 4945, 5.1.3.12: what a key is for, if the authority insists on it.
    @ParameterizedTest
    @CsvSource({
        "1.3.6.1.5.5.7.3.3, true, false", // codeSigning
        "1.3.6.1.5.5.7.3.3, false, true",
        "1.3.6.1.5.5.7.3.17, true, true", // ipsecIKE
        "1.3.6.1.5.5.7.3.1, true, true",
        "2.5.29.37.0, true, true"
    })
    void extendedKeyUsage(String use, boolean critical, boolean trusted) throws Exception {
        Seal seal = new Seal(CRYPTO, Fixtures.pair("ca"), SignatureScheme.RSA_PKCS1_SHA2_256);
        X509Certificate ca = Fixtures.certificate("ca");
        X509Certificate moon = Fixtures.certificate("moon");
        List<Octets> extension = new ArrayList<>(List.of(DerWriter.oid("2.5.29.37")));
        if (critical) {
            extension.add(DerWriter.bool(true));
        }
        extension.add(DerWriter.octetString(DerWriter.sequence(DerWriter.oid(use))));
        Octets name = DerWriter.value(0x82, Octets.ascii("moon.lab.example"));
        Octets certificate =
                seal.on(
                        DerWriter.sequence(
                                DerWriter.tagged(0, DerWriter.integer(2)),
                                DerWriter.integer(99),
                                seal.algorithm(),
                                Octets.owned(ca.getSubjectX500Principal().getEncoded()),
                                DerWriter.sequence(
                                        DerWriter.time(NOW.minusSeconds(60)),
                                        DerWriter.time(NOW.plusSeconds(60))),
                                Octets.owned(moon.getSubjectX500Principal().getEncoded()),
                                Octets.owned(moon.getPublicKey().getEncoded()),
                                DerWriter.tagged(
                                        3,
                                        DerWriter.sequence(
                                                DerWriter.sequence(extension),
                                                DerWriter.sequence(
                                                        DerWriter.oid("2.5.29.17"),
                                                        DerWriter.octetString(
                                                                DerWriter.sequence(name)))))));
        PeerProof proof =
                new PeerProof(
                        MOON,
                        demand(TrustSpec.ANY),
                        List.of(new Evidence.Certificate(certificate)),
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        signature("moon", SignatureScheme.RSA_PKCS1_SHA2_256),
                        SIGNED);
        Verdict verdict = new Judge(CRYPTO, vault(TRUSTED), RevocationCheck.NONE).judge(proof, NOW);
        if (trusted) {
            assertInstanceOf(Verdict.Trusted.class, verdict, verdict::toString);
        } else {
            assertRefused(Reason.CONSTRAINT, "extended key usage", verdict);
        }
    }

    @Test
    void rawKeys() throws Exception {
        Vault vault = vault(List.of(spec(CertificateSpec.Kind.PUBKEY, "ed.pub")));
        AuthSpec.Pubkey demand =
                new AuthSpec.Pubkey(
                        Identity.ANY, List.of(), List.of(inline("ed.pub")), TrustSpec.ANY);
        Judge judge = new Judge(CRYPTO, vault, RevocationCheck.NONE);
        for (String sent : List.of("", "ed", "ed448")) {
            List<Evidence> evidence =
                    sent.isEmpty()
                            ? List.of()
                            : List.of(
                                    new Evidence.RawKey(
                                            Certificates.publicKey(
                                                    Fixtures.pair(sent).getPublic())));
            for (String signer : List.of("ed", "ed448")) {
                SignatureScheme scheme =
                        signer.equals("ed") ? SignatureScheme.ED25519 : SignatureScheme.ED448;
                Verdict verdict =
                        judge.judge(
                                new PeerProof(
                                        MOON,
                                        demand,
                                        evidence,
                                        scheme,
                                        signature(signer, scheme),
                                        SIGNED),
                                NOW);
                assertEquals(
                        signer.equals("ed") && !sent.equals("ed448"),
                        verdict instanceof Verdict.Trusted,
                        sent + " by " + signer + ": " + verdict);
            }
        }
    }

    @Test
    void whatIsNoCertificateIsToldSo() throws Exception {
        PeerProof proof =
                new PeerProof(
                        MOON,
                        demand(TrustSpec.ANY),
                        List.of(new Evidence.Certificate(Octets.hex("3003020100"))),
                        SignatureScheme.ED25519,
                        Octets.EMPTY,
                        SIGNED);
        assertRefused(
                Reason.MALFORMED,
                "no X.509 certificate",
                new Judge(CRYPTO, vault(TRUSTED), RevocationCheck.NONE).judge(proof, NOW));
    }

    /// RFC 7296, 3.6: the first certificate has the key; a good one behind it does not stand in.
    @Test
    void whatFollowsAFirstCertificateThatNobodyCanReadIsNotTaken() throws Exception {
        Octets signature = signature("moon", SignatureScheme.RSA_PKCS1_SHA2_256);
        Evidence bad = new Evidence.Certificate(Octets.hex("3003020100"));
        Evidence moon = sent("moon").getFirst();
        Judge judge = new Judge(CRYPTO, vault(TRUSTED), RevocationCheck.NONE);
        assertRefused(
                Reason.MALFORMED,
                "no X.509 certificate",
                judge.judge(byMoon(List.of(bad, moon), signature), NOW));
        assertInstanceOf(
                Verdict.Trusted.class, judge.judge(byMoon(List.of(moon, bad), signature), NOW));
    }

    private static PeerProof byMoon(List<Evidence> evidence, Octets signature) {
        return new PeerProof(
                MOON,
                demand(TrustSpec.ANY),
                evidence,
                SignatureScheme.RSA_PKCS1_SHA2_256,
                signature,
                SIGNED);
    }

    // ---- our own end

    /// A certificate with its chain behind it in one file: the chain is sent, and is on the way of
    /// others, too; but nothing of it is an authority, nor a peer that is trusted as it is.
    @Test
    void whatStandsBehindACertificateInItsFileIsItsChain() throws Exception {
        KeySource full =
                new KeySource.Inline(
                        Octets.concat(Fixtures.octets("ec.crt"), Fixtures.octets("sub.crt")),
                        Origin.NONE);
        Vault vault =
                vault(
                        List.of(
                                spec(CertificateSpec.Kind.X509_CA, "ca.crt"),
                                new CertificateSpec(CertificateSpec.Kind.X509, full)),
                        "ec");
        Octets sub = Certificates.der(Fixtures.certificate("sub"));
        OwnKey ec =
                new CredentialStore(List.of(), vault)
                        .ownKeys(demand(TrustSpec.ANY), List.of())
                        .getFirst();
        assertEquals(List.of(Certificates.der(Fixtures.certificate("ec")), sub), ec.chain());
        assertInstanceOf(
                Verdict.Trusted.class,
                judge(
                        vault,
                        demand(TrustSpec.ANY),
                        Identity.fqdn("ec.lab.example"),
                        SignatureScheme.ECDSA_SHA2_256,
                        "ec"));
        assertEquals(1, vault.authorities().size());
        assertEquals(1, vault.peers().size());
        // without the root of the chain there is no way, not even for the one between itself
        Vault rootless = vault(List.of(new CertificateSpec(CertificateSpec.Kind.X509, full)), "ec");
        assertRefused(
                Reason.UNTRUSTED,
                "no way",
                judge(
                        rootless,
                        demand(TrustSpec.ANY),
                        Certificates.subject(Fixtures.certificate("sub")),
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        "sub"));
    }

    @Test
    void ownKeysAndWhatTheySign() throws Exception {
        Vault vault =
                vault(
                        List.of(
                                spec(CertificateSpec.Kind.X509_CA, "ca.crt"),
                                spec(CertificateSpec.Kind.X509_CA, "sub.crt"),
                                spec(CertificateSpec.Kind.X509, "moon.crt"),
                                spec(CertificateSpec.Kind.X509, "ec.crt"),
                                spec(CertificateSpec.Kind.X509, "inside.crt")),
                        "moon",
                        "ec");
        CredentialStore store = new CredentialStore(List.of(), vault);
        AuthSpec.Pubkey any = demand(TrustSpec.ANY);
        Octets sub = Certificates.keyId(Fixtures.certificate("sub").getPublicKey());
        assertEquals(2, store.ownKeys(any, List.of()).size());
        assertEquals(OwnKey.Kind.RSA, store.ownKeys(any, List.of()).getFirst().kind());
        OwnKey ec = store.ownKeys(any, List.of(sub)).getFirst();
        assertEquals(OwnKey.Kind.ECDSA, ec.kind());
        assertEquals(
                List.of(
                        Certificates.der(Fixtures.certificate("ec")),
                        Certificates.der(Fixtures.certificate("sub"))),
                ec.chain());
        assertEquals(SignatureScheme.ECDSA_SHA2_256, ec.schemes().getFirst());
        AuthSpec.Pubkey moon = new AuthSpec.Pubkey(MOON, List.of(), List.of(), TrustSpec.ANY);
        OwnKey own = store.ownKeys(moon, List.of()).getFirst();
        assertEquals(SignatureScheme.RSA_PKCS1_SHA2_256, own.schemes().getFirst());
        assertEquals(2, store.authorities(TrustSpec.ANY).size());
        CertificateNotary notary =
                new CertificateNotary(CRYPTO, vault, RevocationCheck.NONE, Locator.NONE, () -> NOW);
        for (OwnKey key : List.of(own, ec)) {
            for (SignatureScheme scheme : key.schemes()) {
                if (scheme != SignatureScheme.RSA_BARE) {
                    Octets made = notary.sign(key.id(), scheme, SIGNED);
                    Identity claimed = key.subject();
                    List<Evidence> chain = new ArrayList<>();
                    key.chain().forEach(der -> chain.add(new Evidence.Certificate(der)));
                    assertInstanceOf(
                            Verdict.Trusted.class,
                            notary.judge(new PeerProof(claimed, any, chain, scheme, made, SIGNED)),
                            scheme.toString());
                }
            }
        }
    }
}

package io.sallyport.ike;

import static io.sallyport.ike.SignedPeers.MOON;
import static io.sallyport.ike.SignedPeers.SUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.Notary;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.TwoPeers;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures that are almost right, through IKE_AUTH of two whole engines: none gets an IKE SA,
/// and the right one of the same making does.
class BadSignatureTest {
    /// Signs as it is told.
    private record Signing(KeyPair pair, Forgery.Maker maker, RawKeys known) implements Notary {
        @Override
        public Octets sign(Octets key, SignatureScheme scheme, Octets data)
                throws Signer.CannotSign {
            try {
                return maker.make(pair, data);
            } catch (GeneralSecurityException e) {
                throw new Signer.CannotSign(e.toString());
            }
        }

        @Override
        public Verdict judge(PeerProof proof) {
            return known.judge(proof);
        }
    }

    private static TwoPeers dialogue(
            String sort, SignatureScheme scheme, Forgery.Maker maker, PublicKey knownOfMoon) {
        KeyPair pair = SignedPeers.pair("moon", sort);
        RawKeys moon =
                new RawKeys(TestCrypto.CRYPTO)
                        .own(pair)
                        .knows(SUN, SignedPeers.pair("sun", "ed25519").getPublic());
        RawKeys sun =
                new RawKeys(TestCrypto.CRYPTO)
                        .own(SignedPeers.pair("sun", "ed25519"))
                        .knows(MOON, knownOfMoon);
        TwoPeers p =
                new TwoPeers(
                        31,
                        TestCrypto.CRYPTO,
                        SignedPeers.spec(true, List.of()),
                        SignedPeers.spec(false, List.of()));
        p.a.notary(
                new Signing(pair, maker, moon), (_, _) -> moon.ownKeys(List.of(scheme)), List.of());
        p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), List.of());
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), () -> "" + p.b.events);
        return p;
    }

    private static boolean isAccepted(String sort, SignatureScheme scheme, Forgery.Maker maker) {
        TwoPeers p = dialogue(sort, scheme, maker, SignedPeers.pair("moon", sort).getPublic());
        boolean any = p.b.told(Event.IkeEstablished.class::isInstance) || p.b.backend.size() > 0;
        if (!any) {
            assertTrue(
                    p.b.told(e ->
                            e instanceof Event.Failed f && f.toString().contains("moon.example")),
                    () -> "it came to a judgement: " + p.b.events);
        }
        return any;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(
                        "rsa",
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        Forgery.PKCS1_RIGHT,
                        Forgery.pkcs1()),
                Arguments.of(
                        "rsa", SignatureScheme.RSA_PSS_SHA2_256, Forgery.PSS_RIGHT, Forgery.pss()),
                Arguments.of(
                        "ecdsa-256",
                        SignatureScheme.ECDSA_SHA2_256,
                        Forgery.ECDSA_RIGHT,
                        Forgery.ecdsa()),
                // RFC 4754: no DER, and methods of their own, 9 and 11
                Arguments.of(
                        "ecdsa-256",
                        SignatureScheme.ECDSA_P256_RAW,
                        Forgery.RAW_RIGHT,
                        Forgery.ecdsaRaw()),
                Arguments.of(
                        "ecdsa-521",
                        SignatureScheme.ECDSA_P521_RAW,
                        Forgery.RAW_RIGHT,
                        Forgery.ecdsaRaw()),
                Arguments.of("ed25519", SignatureScheme.ED25519, Forgery.ED_RIGHT, Forgery.ed(32)),
                Arguments.of("ed448", SignatureScheme.ED448, Forgery.ED_RIGHT, Forgery.ed(57)));
    }

    /// Must-show 4 of the third issue: 0 accepted.
    @ParameterizedTest
    @MethodSource("kinds")
    void noneIsAccepted(
            String sort,
            SignatureScheme scheme,
            Forgery.Maker right,
            Map<String, Forgery.Maker> wrong) {
        assertTrue(isAccepted(sort, scheme, right), "the right one");
        List<String> accepted = new ArrayList<>();
        wrong.forEach((name, maker) -> {
            if (isAccepted(sort, scheme, maker)) {
                accepted.add(name);
            }
        });
        System.out.println(
                "bad signatures by "
                        + scheme
                        + ": "
                        + accepted.size()
                        + " of "
                        + wrong.size()
                        + " accepted");
        assertEquals(List.of(), accepted);
        assertTrue(wrong.size() >= 15);
    }

    /// The same in IKEv1's main mode (RFC 2409, 5.1), where either end is the one that signs so.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noneIsAcceptedInMainMode(boolean initiator) {
        assertTrue(isAcceptedInMainMode(initiator, Forgery.BARE_RIGHT), "the right one");
        List<String> accepted = new ArrayList<>();
        Map<String, Forgery.Maker> wrong = Forgery.bare();
        wrong.forEach((name, maker) -> {
            if (isAcceptedInMainMode(initiator, maker)) {
                accepted.add(name);
            }
        });
        System.out.println(
                "bad signatures of "
                        + (initiator ? "the initiator" : "the responder")
                        + " in main mode: "
                        + accepted.size()
                        + " of "
                        + wrong.size()
                        + " accepted");
        assertEquals(List.of(), accepted);
        assertTrue(wrong.size() >= 30);
    }

    private static boolean isAcceptedInMainMode(boolean initiator, Forgery.Maker maker) {
        TwoPeers p = SignedPeers.main(31, "rsa", MOON, SUN);
        String name = initiator ? "moon" : "sun";
        KeyPair pair = SignedPeers.pair(name, "rsa");
        RawKeys keys =
                SignedPeers.keys(
                        name,
                        "rsa",
                        initiator ? SUN : MOON,
                        SignedPeers.pair(initiator ? "sun" : "moon", "rsa"));
        TwoPeers.Peer forger = initiator ? p.a : p.b;
        TwoPeers.Peer target = initiator ? p.b : p.a;
        forger.notary(new Signing(pair, maker, keys), (_, _) -> keys.ownKeys(List.of()), List.of());
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        assertFalse(target.told(Event.InternalError.class::isInstance), () -> "" + target.events);
        boolean any =
                target.told(Event.IkeEstablished.class::isInstance) || target.backend.size() > 0;
        if (!any) {
            assertTrue(
                    target.events(Event.Suspected.class)
                            .anyMatch(e -> e.failure().cause() == Cause.CERTIFICATE),
                    () -> "it came to a judgement: " + target.events);
        }
        return any;
    }

    /// (r, n - s) is a signature of the same message by the same key: FIPS 186-5 takes it, and it
    /// takes a right one to make it.
    @Test
    void theOtherHalfOfAnEcdsaSignatureIsOne() {
        assertTrue(
                isAccepted("ecdsa-256", SignatureScheme.ECDSA_SHA2_256, Forgery.ECDSA_OTHER_HALF));
    }

    // ---- keys of small order

    /// The y of the points of small order on Curve25519's Edwards form: orders 1, 2, 4, 8 and 8.
    private static final List<String> SMALL_25519 =
            List.of(
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

    private static PublicKey key(NamedParameterSpec curve, BigInteger y, boolean odd)
            throws GeneralSecurityException {
        return KeyFactory.getInstance(curve.getName())
                .generatePublic(new EdECPublicKeySpec(curve, new EdECPoint(odd, y)));
    }

    /// Whoever is known by a key of small order is known by nothing: such a key signs everything
    /// with S = 0, without a secret. It is not taken, whatever R comes with it.
    @Test
    void aKeyOfSmallOrderSignsNothing() throws GeneralSecurityException {
        int tried = 0;
        for (String y : SMALL_25519) {
            for (boolean odd : new boolean[] {false, true}) {
                PublicKey key;
                try {
                    key =
                            key(
                                    NamedParameterSpec.ED25519,
                                    Forgery.little(Octets.hex(y).toArray()),
                                    odd);
                } catch (GeneralSecurityException _) {
                    continue; // this JDK does not even make one
                }
                for (String r : SMALL_25519) {
                    Octets forged = Octets.concat(Octets.hex(r), Octets.owned(new byte[32]));
                    for (int message = 0; message < 16; message++) {
                        tried++;
                        refused(SignatureScheme.ED25519, key, forged, message);
                    }
                }
            }
        }
        BigInteger p448 =
                BigInteger.ONE
                        .shiftLeft(448)
                        .subtract(BigInteger.ONE.shiftLeft(224))
                        .subtract(BigInteger.ONE);
        for (BigInteger y :
                List.of(BigInteger.ONE, BigInteger.ZERO, p448.subtract(BigInteger.ONE))) {
            PublicKey key = key(NamedParameterSpec.ED448, y, false);
            byte[] forged = new byte[114];
            forged[0] = 1;
            tried++;
            refused(SignatureScheme.ED448, key, Octets.owned(forged), 0);
        }
        assertTrue(tried > 100, tried + " tried");
    }

    private static void refused(
            SignatureScheme scheme, PublicKey key, Octets signature, int message) {
        assertThrows(
                Verifier.BadSignature.class,
                () ->
                        TestCrypto.CRYPTO
                                .verifier(scheme)
                                .verify(key, signature, Octets.ofInt(message)),
                () -> key + " " + signature);
    }

    /// The same through IKE_AUTH.
    @Test
    void norDoesItGetAnIkeSa() throws GeneralSecurityException {
        byte[] forged = new byte[64];
        forged[0] = 1;
        TwoPeers p =
                dialogue(
                        "ed25519",
                        SignatureScheme.ED25519,
                        (_, _) -> Octets.owned(forged),
                        key(NamedParameterSpec.ED25519, BigInteger.ONE, false));
        assertFalse(p.b.told(Event.IkeEstablished.class::isInstance), () -> "" + p.b.events);
    }
}

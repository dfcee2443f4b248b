package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.Standing;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures that are almost right. Right ones that others made are the known answers.
class JceSignaturesTest {
    private static final JceEngine JCE = new JceEngine();
    private static final Octets MESSAGE = Octets.ascii("initiator's first message, nonce, MAC");
    private static final KeyPair RSA = rsa(1024);
    private static final KeyPair P256 = pair("EC", "secp256r1");
    private static final KeyPair P384 = pair("EC", "secp384r1");
    private static final KeyPair P521 = pair("EC", "secp521r1");

    private static KeyPair rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair pair(String algorithm, String curve) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (!curve.isEmpty()) {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keys(SignatureScheme scheme) {
        return switch (scheme) {
            case RSA_PSS_SHA2_512 -> rsa(1536); // 1024 bits have no room for hash and salt
            case ECDSA_P384_RAW -> P384;
            case ECDSA_P521_RAW, ECDSA_SHA2_512 -> P521;
            case ED25519 -> pair("Ed25519", "");
            case ED448 -> pair("Ed448", "");
            default ->
                    switch (scheme.kind()) {
                        case RSA_PKCS1, RSA_PSS, RSA_BARE -> RSA;
                        case ECDSA, ECDSA_RAW, EDDSA -> P256;
                    };
        };
    }

    private static void refused(
            SignatureScheme scheme, PublicKey key, Octets signature, Octets message) {
        Verifier verifier = JCE.verifier(scheme);
        assertThrows(
                BadSignature.class,
                () -> verifier.verify(key, signature, message),
                scheme + ": " + signature);
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void takesItsOwnSignatureAndNoneThatDiffers(SignatureScheme scheme) throws Exception {
        KeyPair keys = keys(scheme);
        Octets signature = JCE.signer(scheme).sign(keys.getPrivate(), MESSAGE);
        Octets begin = MESSAGE.slice(0, 5);
        Octets rest = MESSAGE.slice(5, MESSAGE.length());
        JCE.verifier(scheme).verify(keys.getPublic(), signature, begin, rest);

        PublicKey key = keys.getPublic();
        refused(scheme, key, signature, begin);
        refused(scheme, key, signature, Octets.EMPTY);
        refused(scheme, key, Octets.EMPTY, MESSAGE);
        refused(scheme, key, Octets.concat(signature, Octets.of((byte) 0)), MESSAGE);
        refused(scheme, key, Octets.concat(Octets.of((byte) 0), signature), MESSAGE);
        refused(scheme, key, signature.slice(0, signature.length() - 1), MESSAGE);
        refused(scheme, key, Octets.owned(new byte[signature.length()]), MESSAGE);
        byte[] ones = new byte[signature.length()];
        Arrays.fill(ones, (byte) 0xff);
        refused(scheme, key, Octets.owned(ones), MESSAGE);
        Random random = new Random(7427);
        for (int n = 0; n < 20; n++) {
            byte[] flipped = signature.toArray();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            refused(scheme, key, Octets.owned(flipped), MESSAGE);
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            refused(scheme, key, Octets.owned(garbage), MESSAGE);
        }
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void keysOfAnotherKindNeitherSignNorVerify(SignatureScheme scheme) throws Exception {
        for (SignatureScheme other : SignatureScheme.values()) {
            KeyPair keys = keys(other);
            if (!scheme.fits(keys.getPublic())) {
                refused(scheme, keys.getPublic(), Octets.owned(new byte[64]), MESSAGE);
                assertThrows(
                        CannotSign.class,
                        () -> JCE.signer(scheme).sign(keys.getPrivate(), MESSAGE));
            }
        }
    }

    /// RFC 8017, 8.1.2: "the representative s is between 0 and n - 1".
    @ParameterizedTest
    @EnumSource(
            value = SignatureScheme.class,
            names = {"RSA_PKCS1_SHA2_256", "RSA_PSS_SHA2_256", "RSA_BARE"})
    void anRsaSignatureBeyondItsModulusIsRefused(SignatureScheme scheme) throws Exception {
        KeyPair keys = keys(scheme);
        BigInteger n = ((RSAPublicKey) keys.getPublic()).getModulus();
        Octets signature = JCE.signer(scheme).sign(keys.getPrivate(), MESSAGE);
        BigInteger larger = new BigInteger(1, signature.toArray()).add(n);
        Octets octets = Octets.owned(FixedLength.bigEndian(larger, 1 + signature.length()));
        refused(scheme, keys.getPublic(), octets, MESSAGE);
        if (octets.at(0) == 0) {
            refused(scheme, keys.getPublic(), octets.slice(1, octets.length()), MESSAGE);
        }
        for (BigInteger trivial : List.of(BigInteger.ONE, n.subtract(BigInteger.ONE), n)) {
            Octets one = Octets.owned(FixedLength.bigEndian(trivial, signature.length()));
            refused(scheme, keys.getPublic(), one, MESSAGE);
        }
    }

    /// Bleichenbacher's forgery of 2006: with exponent 3, a cube root of a block that begins well
    /// and has garbage behind the hash. Needs no private key.
    @ParameterizedTest
    @ValueSource(ints = {2048, 3072})
    void garbageBehindTheHashDoesNotPassWithExponentThree(int bits) throws Exception {
        BigInteger n = ((RSAPublicKey) rsa(bits).getPublic()).getModulus();
        PublicKey key =
                KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(n, BigInteger.valueOf(3)));
        Octets digest =
                Octets.owned(MessageDigest.getInstance("SHA-256").digest(MESSAGE.toArray()));
        Octets digestInfo =
                Octets.concat(Octets.hex("3031300d060960864801650304020105000420"), digest);
        for (Octets hashed : List.of(digestInfo, digest)) {
            byte[] block = new byte[bits / 8];
            Octets head = Octets.concat(Octets.hex("0001ffffffffffffffff00"), hashed);
            System.arraycopy(head.toArray(), 0, block, 0, head.length());
            BigInteger root = cubeRoot(new BigInteger(1, block)).add(BigInteger.ONE);
            byte[] begins = FixedLength.bigEndian(root.pow(3), bits / 8);
            assertEquals(head, Octets.owned(begins).slice(0, head.length()), "a forgery indeed");
            Octets forged = Octets.owned(FixedLength.bigEndian(root, bits / 8));
            refused(SignatureScheme.RSA_PKCS1_SHA2_256, key, forged, MESSAGE);
            refused(SignatureScheme.RSA_BARE, key, forged, digest);
        }
    }

    private static BigInteger cubeRoot(BigInteger value) {
        BigInteger low = BigInteger.ZERO;
        BigInteger high = BigInteger.ONE.shiftLeft(value.bitLength() / 3 + 1);
        while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
            BigInteger middle = low.add(high).shiftRight(1);
            if (middle.pow(3).compareTo(value) <= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// RFC 2409, 5.1: IKEv1's has no OID; and neither passes for the other.
    @Test
    void theSignatureOfIkev1AndThatOfIkev2AreNotEachOthers() throws Exception {
        KeyPair keys = RSA;
        Octets digest = Octets.owned(MessageDigest.getInstance("SHA-1").digest(MESSAGE.toArray()));
        Octets bare = JCE.signer(SignatureScheme.RSA_BARE).sign(keys.getPrivate(), digest);
        JCE.verifier(SignatureScheme.RSA_BARE).verify(keys.getPublic(), bare, digest);
        refused(SignatureScheme.RSA_PKCS1_SHA1, keys.getPublic(), bare, MESSAGE);
        Octets pkcs1 = JCE.signer(SignatureScheme.RSA_PKCS1_SHA1).sign(keys.getPrivate(), MESSAGE);
        refused(SignatureScheme.RSA_BARE, keys.getPublic(), pkcs1, digest);
    }

    @Test
    void shortRsaKeysAreRefusedOrWarnedOf() throws Exception {
        KeyPair tiny = rsa(768);
        assertEquals(Standing.BROKEN, SignatureScheme.standing(tiny.getPublic()));
        assertThrows(
                CannotSign.class,
                () ->
                        JCE.signer(SignatureScheme.RSA_PKCS1_SHA2_256)
                                .sign(tiny.getPrivate(), MESSAGE));
        refused(
                SignatureScheme.RSA_PKCS1_SHA2_256,
                tiny.getPublic(),
                Octets.owned(new byte[96]),
                MESSAGE);
        assertEquals(Standing.LEGACY, SignatureScheme.standing(RSA.getPublic()));
        assertEquals(Standing.CURRENT, SignatureScheme.standing(P384.getPublic()));
    }

    /// CVE-2022-21449 and its like: r or s of 0, or as large as the order.
    @Test
    void ecdsaWithoutNumbersInRangeIsRefused() throws Exception {
        ECPublicKey key = (ECPublicKey) P256.getPublic();
        BigInteger order = key.getParams().getOrder();
        List<BigInteger> odd =
                List.of(
                        BigInteger.ZERO,
                        BigInteger.ONE,
                        order.subtract(BigInteger.ONE),
                        order,
                        order.add(BigInteger.ONE),
                        BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));
        for (BigInteger r : odd) {
            for (BigInteger s : odd) {
                byte[] raw = new byte[64];
                FixedLength.bigEndian(r, raw, 0, 32);
                FixedLength.bigEndian(s, raw, 32, 32);
                refused(SignatureScheme.ECDSA_P256_RAW, key, Octets.of(raw), MESSAGE);
                Octets der = EcdsaForm.toDer(Octets.of(raw));
                refused(SignatureScheme.ECDSA_SHA2_256, key, der, MESSAGE);
            }
        }
    }

    /// One signature, one encoding: whatever BER would also allow is refused.
    @Test
    void ecdsaSignaturesHaveOneEncoding() throws Exception {
        KeyPair keys = P256;
        Octets raw = JCE.signer(SignatureScheme.ECDSA_P256_RAW).sign(keys.getPrivate(), MESSAGE);
        Octets der = EcdsaForm.toDer(raw);
        JCE.verifier(SignatureScheme.ECDSA_SHA2_256).verify(keys.getPublic(), der, MESSAGE);
        assertEquals(Optional.of(raw), EcdsaForm.fromDer(der, 32));

        Octets body = der.slice(2, der.length());
        int rEnd = 2 + body.at(1);
        Octets r = body.slice(2, rEnd);
        Octets s = body.slice(rEnd + 2, body.length());
        Octets zero = Octets.of((byte) 0);
        Octets asn1Null = Octets.hex("0500");
        List<Octets> wrong =
                List.of(
                        // a length in more octets than it needs
                        Octets.concat(Octets.of((byte) 0x30, (byte) 0x81), der.slice(1, 2), body),
                        Octets.concat(
                                Octets.of((byte) 0x30, (byte) 0x82, (byte) 0),
                                der.slice(1, 2),
                                body),
                        // an indefinite length
                        Octets.concat(Octets.hex("3080"), body, Octets.hex("0000")),
                        // leading zeros
                        sequence(Octets.concat(zero, r), s),
                        sequence(r, Octets.concat(zero, s)),
                        // something in it, or behind it, that does not belong there
                        sequence(r, s, asn1Null),
                        Octets.concat(der, asn1Null),
                        // negative numbers, none, one
                        sequence(Octets.of((byte) 0xff), s),
                        sequence(Octets.EMPTY, s),
                        sequence(r),
                        Octets.hex("3000"),
                        Octets.concat(Octets.hex("31"), der.slice(1, der.length())),
                        raw);
        for (Octets one : wrong) {
            assertEquals(Optional.empty(), EcdsaForm.fromDer(one, 32), one.hex());
            refused(SignatureScheme.ECDSA_SHA2_256, keys.getPublic(), one, MESSAGE);
        }
        refused(SignatureScheme.ECDSA_P256_RAW, keys.getPublic(), der, MESSAGE);
    }

    private static Octets sequence(Octets... integers) {
        Octets content = Octets.EMPTY;
        for (Octets one : integers) {
            content = Octets.concat(content, Octets.of((byte) 2, (byte) one.length()), one);
        }
        return Octets.concat(Octets.of((byte) 0x30, (byte) content.length()), content);
    }

    @Test
    void fromDerLivesThroughAnything() {
        Random random = new Random(3279);
        Octets good = EcdsaForm.toDer(Octets.hex("80".repeat(66) + "00".repeat(65) + "01"));
        assertTrue(EcdsaForm.fromDer(good, 66).isPresent());
        for (int n = 0; n < 50_000; n++) {
            byte[] octets = good.toArray();
            for (int k = random.nextInt(4); k >= 0; k--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            Octets mutant = Octets.owned(octets).slice(0, random.nextInt(octets.length + 1));
            EcdsaForm.fromDer(mutant, 66)
                    .ifPresent(raw -> assertEquals(mutant, EcdsaForm.toDer(raw)));
        }
    }

    @Test
    void aKeyThatIsNotOnItsCurveIsRefused() throws Exception {
        KeyPair keys = P256;
        ECPublicKey good = (ECPublicKey) keys.getPublic();
        Octets signature =
                JCE.signer(SignatureScheme.ECDSA_P256_RAW).sign(keys.getPrivate(), MESSAGE);
        ECPoint off =
                new ECPoint(good.getW().getAffineX(), good.getW().getAffineY().add(BigInteger.ONE));
        PublicKey bad;
        try {
            bad =
                    KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(off, good.getParams()));
        } catch (GeneralSecurityException _) {
            return; // this JDK does not even make one
        }
        refused(SignatureScheme.ECDSA_P256_RAW, bad, signature, MESSAGE);
    }

    /// Forms of RFC 7427, appendix A, and of others that name the same.
    @Test
    void algorithmIdentifiersAreThoseOfTheRfcs() {
        String pss256 =
                "06092a864886f70d01010a30"
                        + "34a00f300d06096086480165030402010500"
                        + "a11c301a06092a864886f70d010108300d06096086480165030402010500"
                        + "a203020120";
        Map<String, SignatureScheme> known =
                Map.of(
                        "300d06092a864886f70d0101050500",
                        SignatureScheme.RSA_PKCS1_SHA1,
                        "300d06092a864886f70d01010b0500",
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        "300b06092a864886f70d01010b",
                        SignatureScheme.RSA_PKCS1_SHA2_256,
                        "300d06092a864886f70d01010d0500",
                        SignatureScheme.RSA_PKCS1_SHA2_512,
                        "300a06082a8648ce3d040303",
                        SignatureScheme.ECDSA_SHA2_384,
                        "300506032b6570",
                        SignatureScheme.ED25519,
                        "300506032b6571",
                        SignatureScheme.ED448,
                        "3041" + pss256,
                        SignatureScheme.RSA_PSS_SHA2_256,
                        "3046" + pss256.replace("3034", "3039") + "a303020101",
                        SignatureScheme.RSA_PSS_SHA2_256);
        known.forEach((hex, scheme) ->
                assertEquals(
                        Optional.of(scheme),
                        SignatureScheme.byAlgorithmIdentifier(Octets.hex(hex)),
                        hex));
        // Another salt, another mask hash, NULL where nothing belongs
        for (String hex :
                List.of(
                        "",
                        "3000",
                        "3041" + pss256.replace("a203020120", "a203020114"),
                        "300c06082a8648ce3d0403020500",
                        "300706032b65700500")) {
            assertEquals(
                    Optional.empty(), SignatureScheme.byAlgorithmIdentifier(Octets.hex(hex)), hex);
        }
        for (SignatureScheme scheme : SignatureScheme.values()) {
            Octets identifier = scheme.algorithmIdentifier();
            boolean named =
                    switch (scheme.kind()) {
                        case RSA_BARE, ECDSA_RAW -> false;
                        default -> true;
                    };
            assertEquals(named, !identifier.isEmpty(), scheme.toString());
            if (named) {
                assertEquals(
                        Optional.of(scheme), SignatureScheme.byAlgorithmIdentifier(identifier));
            }
        }
        assertEquals(Optional.of(SignatureScheme.RSA_PKCS1_SHA1), SignatureScheme.byMethod(1));
        assertEquals(Optional.of(SignatureScheme.ECDSA_P521_RAW), SignatureScheme.byMethod(11));
        assertFalse(SignatureScheme.byMethod(14).isPresent());
        assertFalse(SignatureScheme.byMethod(2).isPresent());
    }
}

package io.sallyport.crypto.jce.signature;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.engine.Verifier;
import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.SignatureScheme.Kind;
import io.sallyport.crypto.suite.Standing;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;

/// Signatures by one scheme.
///
/// What a peer sends is taken apart here as far as its form goes, because providers differ in what
/// they forgive: a signature has exactly one length, or exactly one DER encoding.
public final class JceSignatures implements Signer, Verifier {
    /// Longer keys would let a peer keep us busy.
    private static final int MOST_RSA_BITS = 16_384;

    /// RFC 8017, 9.2: "PS [...] will be at least eight octets": 00 01 PS 00.
    private static final int PADDING = 11;

    private final SignatureScheme scheme;

    public JceSignatures(SignatureScheme scheme) {
        this.scheme = scheme;
    }

    @Override
    public Octets sign(PrivateKey key, Octets... data) throws CannotSign {
        String unfit = whyUnfit(key);
        if (!unfit.isEmpty()) {
            throw new CannotSign(unfit);
        }
        try {
            if (scheme.kind() == Kind.RSA_BARE) {
                return bare(key, Octets.concat(data));
            }
            Signature signature = signature();
            signature.initSign(key);
            for (Octets part : data) {
                signature.update(part.buffer());
            }
            Octets made = Octets.owned(signature.sign());
            return scheme.kind() == Kind.ECDSA ? EcdsaForm.toDer(made) : made;
        } catch (GeneralSecurityException e) {
            throw new CannotSign(scheme + ": " + e.getMessage());
        }
    }

    @Override
    public void verify(PublicKey key, Octets signature, Octets... data) throws BadSignature {
        String unfit = whyUnfit(key);
        if (!unfit.isEmpty()) {
            throw new BadSignature(unfit);
        }
        boolean good;
        try {
            good =
                    switch (scheme.kind()) {
                        case RSA_BARE -> isBare(key, signature, Octets.concat(data));
                        case RSA_PKCS1 -> isBare(key, signature, digestInfo(data));
                        default -> isGood(key, inJceForm(key, signature), data);
                    };
        } catch (GeneralSecurityException e) {
            throw new BadSignature(scheme + ": " + e.getMessage());
        }
        if (!good) {
            throw new BadSignature(scheme + ": not of this key, or not over this message");
        }
    }

    private boolean isGood(PublicKey key, Octets signature, Octets... data)
            throws GeneralSecurityException {
        Signature verifying = signature();
        verifying.initVerify(key);
        for (Octets part : data) {
            verifying.update(part.buffer());
        }
        return verifying.verify(signature.toArray());
    }

    /// Empty if `key` may be used.
    private String whyUnfit(Key key) {
        if (!scheme.fits(key)) {
            return scheme + " with a key of another kind (" + key.getAlgorithm() + ")";
        }
        if (key instanceof RSAKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (SignatureScheme.standing(key) == Standing.BROKEN || bits > MOST_RSA_BITS) {
                return scheme + " with a key of " + bits + " bits";
            }
        }
        if (key instanceof EdECPublicKey ed && EdwardsKeys.isOfSmallOrder(ed)) {
            return scheme + ": the key is of small order";
        }
        return key instanceof ECPublicKey ec && !EcdsaForm.isOnCurve(ec)
                ? scheme + ": the key is not on its curve"
                : "";
    }

    /// Checks the length or the encoding.
    private Octets inJceForm(PublicKey key, Octets signature) throws BadSignature {
        int expected =
                switch (scheme.kind()) {
                    // RFC 8017, 8.1.2 and 8.2.2, step 1: "If the length of the signature S is not
                    // k octets, output "invalid signature" and stop"
                    case RSA_PKCS1, RSA_PSS, RSA_BARE -> modulusOctets((RSAKey) key);
                    case ECDSA_RAW -> 2 * EcdsaForm.orderOctets((ECPublicKey) key);
                    case EDDSA -> scheme == SignatureScheme.ED448 ? 114 : 64;
                    case ECDSA -> -1;
                };
        if (expected < 0) {
            return EcdsaForm.fromDer(signature, EcdsaForm.orderOctets((ECPublicKey) key))
                    .orElseThrow(
                            () -> new BadSignature(scheme + ": no SEQUENCE of r and s in DER"));
        }
        if (signature.length() != expected) {
            throw new BadSignature(
                    scheme + ": " + signature.length() + " octets instead of " + expected);
        }
        return signature;
    }

    private Signature signature() throws GeneralSecurityException {
        String hash = scheme.hash().jceName();
        return switch (scheme.kind()) {
            case RSA_PKCS1 -> Signature.getInstance(hash.replace("-", "") + "withRSA");
            case RSA_PSS -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(
                        new PSSParameterSpec(
                                hash,
                                "MGF1",
                                new MGF1ParameterSpec(hash),
                                scheme.hash().octets(),
                                PSSParameterSpec.TRAILER_FIELD_BC));
                yield pss;
            }
            case ECDSA, ECDSA_RAW ->
                    Signature.getInstance(hash.replace("-", "") + "withECDSAinP1363Format");
            case EDDSA ->
                    Signature.getInstance(scheme == SignatureScheme.ED448 ? "Ed448" : "Ed25519");
            case RSA_BARE -> throw new IllegalStateException("no signature of JCE's");
        };
    }

    public static boolean isOffered(SignatureScheme scheme) {
        try {
            if (scheme.kind() == Kind.RSA_BARE) {
                Cipher.getInstance("RSA/ECB/NoPadding");
            } else {
                new JceSignatures(scheme).signature();
            }
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static int modulusOctets(RSAKey key) {
        return (key.getModulus().bitLength() + 7) / 8;
    }

    private static Octets bare(PrivateKey key, Octets hash)
            throws GeneralSecurityException, CannotSign {
        int octets = modulusOctets((RSAKey) key);
        if (hash.isEmpty() || hash.length() + PADDING > octets) {
            throw new CannotSign("a hash of " + hash.length() + " octets");
        }
        Cipher rsa = Cipher.getInstance("RSA/ECB/NoPadding");
        rsa.init(Cipher.ENCRYPT_MODE, key);
        return Octets.owned(rsa.doFinal(padded(hash, octets)));
    }

    private boolean isBare(PublicKey key, Octets signature, Octets hash)
            throws GeneralSecurityException, BadSignature {
        int octets = modulusOctets((RSAKey) key);
        inJceForm(key, signature);
        if (hash.isEmpty() || hash.length() + PADDING > octets) {
            throw new BadSignature("a hash of " + hash.length() + " octets");
        }
        Cipher rsa = Cipher.getInstance("RSA/ECB/NoPadding");
        rsa.init(Cipher.DECRYPT_MODE, (RSAPublicKey) key);
        // The whole block is compared: nothing in it is looked for, so nothing can hide in it
        return Arrays.equals(padded(hash, octets), rsa.doFinal(signature.toArray()));
    }

    /// RFC 8017, 9.2, step 2: T in the one form that is signed. JCE would also take a DigestInfo
    /// without NULL; of a signature there is one encoding here.
    private Octets digestInfo(Octets... data) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(scheme.hash().jceName());
        for (Octets part : data) {
            digest.update(part.buffer());
        }
        return Octets.concat(scheme.hash().digestInfo(), Octets.owned(digest.digest()));
    }

    /// RFC 8017, 9.2: EM = 0x00 || 0x01 || PS || 0x00 || T.
    private static byte[] padded(Octets hash, int octets) {
        byte[] block = new byte[octets];
        int end = octets - hash.length();
        Arrays.fill(block, 2, end - 1, (byte) 0xff);
        block[1] = 1;
        System.arraycopy(hash.toArray(), 0, block, end, hash.length());
        return block;
    }

    @Override
    public String toString() {
        return scheme + (scheme.hash() == SignatureHash.NONE ? " of IKEv1" : "");
    }
}

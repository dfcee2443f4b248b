package io.sallyport.testkit;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Notary;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Key pairs in memory, known by identity, without certificates: what one end signs with, and whom
/// it knows.
public final class RawKeys implements Notary {
    private final Crypto crypto;
    private final List<KeyPair> own = new ArrayList<>();
    private final Map<Identity, PublicKey> known = new HashMap<>();

    /// What was asked to be judged.
    public final List<PeerProof> judged = new ArrayList<>();

    public RawKeys(Crypto crypto) {
        this.crypto = crypto;
    }

    /// `rsa`, `ecdsa-256`, `ecdsa-384`, `ecdsa-521`, `ed25519`, `ed448`.
    public static KeyPair pair(String sort) {
        try {
            String algorithm = sort.startsWith("ecdsa") ? "EC" : sort.equals("rsa") ? "RSA" : sort;
            KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                g.initialize(new ECGenParameterSpec("secp" + sort.substring(6) + "r1"));
            } else if (algorithm.equals("RSA")) {
                g.initialize(2048);
            }
            return g.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public RawKeys own(KeyPair pair) {
        own.add(pair);
        return this;
    }

    public RawKeys knows(Identity who, PublicKey key) {
        known.put(who, key);
        return this;
    }

    /// @param only these schemes; none: all that fit, PSS first
    public List<OwnKey> ownKeys(List<SignatureScheme> only) {
        return own.stream()
                .map(pair -> {
                    List<SignatureScheme> schemes =
                            Stream.of(SignatureScheme.values())
                                    .filter(s ->
                                            s.fits(pair.getPrivate())
                                                    && (only.isEmpty() || only.contains(s)))
                                    .sorted((a, b) -> Boolean.compare(isLate(a), isLate(b)))
                                    .toList();
                    return new OwnKey(
                            id(pair),
                            kind(pair),
                            bits(pair),
                            Octets.owned(pair.getPublic().getEncoded()),
                            List.of(),
                            Map.of(),
                            List.of(),
                            Identity.ANY,
                            schemes);
                })
                .toList();
    }

    private static boolean isLate(SignatureScheme s) {
        return s.toString().endsWith("sha1");
    }

    private static Octets id(KeyPair pair) {
        return Octets.owned(pair.getPublic().getEncoded());
    }

    private static OwnKey.Kind kind(KeyPair pair) {
        return switch (pair.getPublic().getAlgorithm()) {
            case "RSA" -> OwnKey.Kind.RSA;
            case "EC" -> OwnKey.Kind.ECDSA;
            default -> id(pair).length() > 50 ? OwnKey.Kind.ED448 : OwnKey.Kind.ED25519;
        };
    }

    private static int bits(KeyPair pair) {
        return switch (pair.getPublic()) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            default -> 256;
        };
    }

    @Override
    public Octets sign(Octets key, SignatureScheme scheme, Octets data) throws CannotSign {
        for (KeyPair pair : own) {
            if (id(pair).equals(key)) {
                return crypto.signer(scheme).sign(pair.getPrivate(), data);
            }
        }
        throw new CannotSign("no such key");
    }

    @Override
    public Verdict judge(PeerProof proof) {
        judged.add(proof);
        PublicKey key = known.get(proof.identity());
        if (key == null) {
            return new Verdict.Refused(
                    Verdict.Reason.NO_KEY, "no key for " + proof.identity(), List.of());
        }
        try {
            crypto.verifier(proof.scheme()).verify(key, proof.signature(), proof.signed());
            return new Verdict.Trusted(
                    Octets.EMPTY,
                    Octets.owned(key.getEncoded()),
                    proof.identity(),
                    List.of("signed by " + proof.scheme()));
        } catch (BadSignature e) {
            return new Verdict.Refused(
                    Verdict.Reason.BAD_SIGNATURE, String.valueOf(e.getMessage()), List.of());
        }
    }
}

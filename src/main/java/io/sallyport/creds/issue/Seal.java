package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureScheme;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A key and how it signs.
public record Seal(CryptoEngine crypto, KeyPair pair, SignatureScheme scheme) {
    /// @param hash none said: what suits the key
    /// @param pss RSASSA-PSS instead of PKCS#1 v1.5, for keys of RSA
    /// @throws CannotSign if such keys are not used so
    public static Seal of(
            CryptoEngine crypto, KeyPair pair, Optional<SignatureHash> hash, boolean pss)
            throws CannotSign {
        SignatureHash wanted = hash.orElseGet(() -> suiting(pair.getPublic()));
        return Arrays.stream(SignatureScheme.values())
                .filter(s -> s.fits(pair.getPrivate()) && crypto.offers(s))
                .filter(s -> !s.algorithmIdentifier().isEmpty())
                .filter(s ->
                        s.kind() == SignatureScheme.Kind.EDDSA
                                || s.hash() == wanted
                                        && (s.kind() == SignatureScheme.Kind.RSA_PSS
                                                || s.kind() == SignatureScheme.Kind.RSA_PKCS1
                                                || s.kind() == SignatureScheme.Kind.ECDSA))
                .filter(s ->
                        !pair.getPublic().getAlgorithm().equals("RSA")
                                || pss == (s.kind() == SignatureScheme.Kind.RSA_PSS))
                .findFirst()
                .map(s -> new Seal(crypto, pair, s))
                .orElseThrow(() ->
                        new CannotSign(
                                "a key of "
                                        + pair.getPublic().getAlgorithm()
                                        + " makes no signatures with "
                                        + wanted));
    }

    private static SignatureHash suiting(PublicKey key) {
        int bits =
                key instanceof ECKey ec ? ec.getParams().getCurve().getField().getFieldSize() : 256;
        return bits <= 256
                ? SignatureHash.SHA2_256
                : bits <= 384 ? SignatureHash.SHA2_384 : SignatureHash.SHA2_512;
    }

    public Octets algorithm() {
        return scheme.algorithmIdentifier();
    }

    /// `SEQUENCE { body, AlgorithmIdentifier, signature, more }`.
    ///
    /// @param body with its tag
    public Octets on(Octets body, Octets... more) throws CannotSign {
        Octets signature = crypto.signer(scheme).sign(pair.getPrivate(), body);
        List<Octets> parts =
                new java.util.ArrayList<>(
                        List.of(body, algorithm(), DerWriter.bitString(signature)));
        parts.addAll(List.of(more));
        return DerWriter.sequence(parts);
    }
}

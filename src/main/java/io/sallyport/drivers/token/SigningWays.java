package io.sallyport.drivers.token;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ffi.cryptoki.Mechanism;
import io.sallyport.ffi.cryptoki.Mechanism.Pss;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a scheme of IKE's is said to a token, and what is given to it. We hash where the token lets
/// us; where it insists on hashing itself, it gets the whole message.
final class SigningWays {
    /// What goes to the token.
    enum Given {
        MESSAGE,
        HASH,
        DIGEST_INFO
    }

    record Way(Mechanism mechanism, Given given) {}

    private SigningWays() {}

    /// Empty if a token with these mechanisms cannot.
    static Optional<Way> of(SignatureScheme scheme, Set<Long> mechanisms) {
        return all(scheme).stream()
                .filter(way -> mechanisms.contains(way.mechanism().number()))
                .findFirst();
    }

    private static List<Way> all(SignatureScheme scheme) {
        return switch (scheme.kind()) {
            case RSA_PKCS1 ->
                    List.of(
                            new Way(new Mechanism(Mechanism.RSA_PKCS), Given.DIGEST_INFO),
                            new Way(new Mechanism(hashingRsa(scheme.hash())), Given.MESSAGE));
            case RSA_PSS ->
                    List.of(
                            new Way(
                                    new Mechanism(Mechanism.RSA_PKCS_PSS, pss(scheme.hash())),
                                    Given.HASH),
                            new Way(
                                    new Mechanism(hashingPss(scheme.hash()), pss(scheme.hash())),
                                    Given.MESSAGE));
            // What is signed is a hash already
            case RSA_BARE -> List.of(new Way(new Mechanism(Mechanism.RSA_PKCS), Given.MESSAGE));
            case ECDSA, ECDSA_RAW -> List.of(new Way(new Mechanism(Mechanism.ECDSA), Given.HASH));
            case EDDSA ->
                    scheme == SignatureScheme.ED25519
                            ? List.of(new Way(new Mechanism(Mechanism.EDDSA), Given.MESSAGE))
                            : List.of();
        };
    }

    private static long hashingRsa(SignatureHash hash) {
        return switch (hash) {
            case SHA1 -> Mechanism.SHA1_RSA_PKCS;
            case SHA2_256 -> Mechanism.SHA256_RSA_PKCS;
            case SHA2_384 -> Mechanism.SHA384_RSA_PKCS;
            case SHA2_512 -> Mechanism.SHA512_RSA_PKCS;
            case NONE, IDENTITY -> throw new IllegalStateException(hash + " with RSA");
        };
    }

    private static long hashingPss(SignatureHash hash) {
        return switch (hash) {
            case SHA2_256 -> Mechanism.SHA256_RSA_PKCS_PSS;
            case SHA2_384 -> Mechanism.SHA384_RSA_PKCS_PSS;
            case SHA2_512 -> Mechanism.SHA512_RSA_PKCS_PSS;
            case SHA1, NONE, IDENTITY -> throw new IllegalStateException(hash + " with PSS");
        };
    }

    private static Pss pss(SignatureHash hash) {
        return switch (hash) {
            case SHA2_256 -> Pss.SHA256;
            case SHA2_384 -> Pss.SHA384;
            case SHA2_512 -> Pss.SHA512;
            case SHA1, NONE, IDENTITY -> throw new IllegalStateException(hash + " with PSS");
        };
    }

    static Octets given(Given given, SignatureScheme scheme, PublicKey key, Octets message) {
        return switch (given) {
            case MESSAGE -> message;
            case HASH -> shortened(hash(scheme, message), key);
            case DIGEST_INFO -> Octets.concat(scheme.hash().digestInfo(), hash(scheme, message));
        };
    }

    private static Octets hash(SignatureScheme scheme, Octets message) {
        try {
            MessageDigest digest = MessageDigest.getInstance(scheme.hash().jceName());
            digest.update(message.buffer());
            return Octets.owned(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// FIPS 186-4, 6.4: of a hash longer than the curve's order, "the leftmost bits". Tokens should
    /// do that themselves, and some refuse instead.
    private static Octets shortened(Octets hash, PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return hash;
        }
        int most = (ec.getParams().getOrder().bitLength() + 7) / 8;
        return hash.length() > most ? hash.slice(0, most) : hash;
    }
}

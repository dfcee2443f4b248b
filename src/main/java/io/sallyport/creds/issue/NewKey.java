package io.sallyport.creds.issue;

import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Set;

/// Makes key pairs by the randomness of JCE.
public final class NewKey {
    private static final Set<Integer> CURVES = Set.of(256, 384, 521);

    private NewKey() {}

    /// @param type `rsa`, `ecdsa`, `ed25519` or `ed448`
    /// @param bits 0: 2048 for RSA and 384 for ECDSA, as strongSwan's `pki`
    /// @throws IllegalArgumentException with what will do
    public static KeyPair make(String type, int bits) {
        try {
            switch (type) {
                case "rsa" -> {
                    int length = bits == 0 ? 2048 : bits;
                    if (length < 2048 || length > 16384 || length % 8 != 0) {
                        throw new IllegalArgumentException(
                                "an RSA key has 2048 to 16384 bits, not " + length);
                    }
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(length);
                    return generator.generateKeyPair();
                }
                case "ecdsa" -> {
                    int length = bits == 0 ? 384 : bits;
                    if (!CURVES.contains(length)) {
                        throw new IllegalArgumentException(
                                "an ECDSA key has 256, 384 or 521 bits, not " + length);
                    }
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp" + length + "r1"));
                    return generator.generateKeyPair();
                }
                case "ed25519", "ed448" -> {
                    if (bits != 0) {
                        throw new IllegalArgumentException(
                                "a key of " + type + " has one size only");
                    }
                    return KeyPairGenerator.getInstance(type.equals("ed448") ? "Ed448" : "Ed25519")
                            .generateKeyPair();
                }
                default ->
                        throw new IllegalArgumentException(
                                "'" + type + "' is none of rsa, ecdsa, ed25519, ed448");
            }
        } catch (GeneralSecurityException | InvalidParameterException e) {
            throw new IllegalArgumentException("no such key can be made: " + e.getMessage(), e);
        }
    }
}

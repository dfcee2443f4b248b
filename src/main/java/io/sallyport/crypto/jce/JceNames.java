package io.sallyport.crypto.jce;

import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;

/// What JCE calls the algorithms.
final class JceNames {
    private JceNames() {}

    static String key(Encryption encryption) {
        return switch (encryption) {
            case NULL -> throw new IllegalArgumentException("NULL has no key");
            case DES_CBC -> "DES";
            case TRIPLE_DES_CBC -> "DESede";
            case CAMELLIA_CBC -> throw new IllegalArgumentException("JCE has no Camellia");
            case AES_CBC,
                    AES_CTR,
                    AES_GCM_8,
                    AES_GCM_12,
                    AES_GCM_16,
                    AES_GCM_16_IIV,
                    AES_GMAC,
                    AES_CCM_8,
                    AES_CCM_8_IIV,
                    AES_CCM_12,
                    AES_CCM_16 ->
                    "AES";
            case CHACHA20_POLY1305, CHACHA20_POLY1305_IIV -> "ChaCha20";
        };
    }

    static String transformation(Encryption encryption) {
        return switch (encryption) {
            case NULL -> throw new IllegalArgumentException("NULL has no transformation");
            case DES_CBC -> "DES/CBC/NoPadding";
            case TRIPLE_DES_CBC -> "DESede/CBC/NoPadding";
            case CAMELLIA_CBC -> throw new IllegalArgumentException("JCE has no Camellia");
            case AES_CBC -> "AES/CBC/NoPadding";
            // CCM is made of it
            case AES_CTR, AES_CCM_8, AES_CCM_8_IIV, AES_CCM_12, AES_CCM_16 -> "AES/CTR/NoPadding";
            case AES_GCM_8, AES_GCM_12, AES_GCM_16, AES_GCM_16_IIV, AES_GMAC -> "AES/GCM/NoPadding";
            case CHACHA20_POLY1305, CHACHA20_POLY1305_IIV -> "ChaCha20-Poly1305";
        };
    }

    static String curve(Group group) {
        return switch (group) {
            case ECP_256 -> "secp256r1";
            case ECP_384 -> "secp384r1";
            case ECP_521 -> "secp521r1";
            default -> throw new IllegalArgumentException(group + " is no curve over a prime");
        };
    }
}

package io.sallyport.wire.ike.v2.number;

import java.util.Arrays;
import java.util.Optional;

/// How an identity is proved (RFC 7296, 3.8; RFC 4754; RFC 6467; RFC 7619; RFC 7427).
public enum AuthMethod {
    RSA_DIGITAL_SIGNATURE(1),
    SHARED_KEY(2),
    DSS_DIGITAL_SIGNATURE(3),
    ECDSA_SHA_256_P_256(9),
    ECDSA_SHA_384_P_384(10),
    ECDSA_SHA_512_P_521(11),
    GENERIC_SECURE_PASSWORD(12),
    NULL(13),
    DIGITAL_SIGNATURE(14);

    private final int number;

    AuthMethod(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static Optional<AuthMethod> byNumber(int number) {
        return Arrays.stream(values()).filter(m -> m.number == number).findFirst();
    }
}

package io.sallyport.ike.v1.offer;

import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.wire.ike.v1.Phase1Attribute;
import java.util.Arrays;
import java.util.Optional;

/// How both ends prove themselves in phase 1: an attribute of the transform (RFC 2409, appendix A).
/// The number says one method for both, so an end by key and an end by signature do not go together
/// in IKEv1.
public enum AuthenticationMethod {
    PRE_SHARED_KEY(Phase1Attribute.PRE_SHARED_KEY, ""),
    RSA_SIGNATURES(Phase1Attribute.RSA_SIGNATURES, "rsasig");

    private final int number;
    private final String word;

    AuthenticationMethod(int number, String word) {
        this.number = number;
        this.word = word;
    }

    public static Optional<AuthenticationMethod> byNumber(long number) {
        return Arrays.stream(values()).filter(m -> m.number == number).findFirst();
    }

    public int number() {
        return number;
    }

    /// By which HASH_I and HASH_R are signed; empty: they are the proof themselves.
    public Optional<SignatureScheme> scheme() {
        return switch (this) {
            case PRE_SHARED_KEY -> Optional.empty();
            case RSA_SIGNATURES -> Optional.of(SignatureScheme.RSA_BARE);
        };
    }

    public boolean signs() {
        return this != PRE_SHARED_KEY;
    }

    /// Behind a suite: nothing for a pre-shared key, else e.g. `-rsasig`.
    String suffix() {
        return word.isEmpty() ? "" : "-" + word;
    }
}

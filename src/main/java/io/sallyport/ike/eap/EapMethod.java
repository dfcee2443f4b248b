package io.sallyport.ike.eap;

import java.util.Arrays;
import java.util.Optional;

/// The methods that we have, with their numbers.
public enum EapMethod {
    /// MD5-Challenge (RFC 3748, 5.4). Leaves no key.
    MD5("md5", 4),
    /// The password itself (RFC 3748, 5.6). Leaves no key.
    GTC("gtc", 6),
    /// draft-kamath-pppext-eap-mschapv2. Both ends show that they know the password.
    MSCHAPV2("mschapv2", 26),
    /// Both ends show certificates in TLS (RFC 5216, RFC 9190).
    TLS("tls", 13);

    private final String word;
    private final int number;

    EapMethod(String word, int number) {
        this.word = word;
        this.number = number;
    }

    /// Whether both ends are authenticated, a key is left, and nothing is gained by guessing at
    /// passwords: then it will do alone (RFC 5998, 4).
    public boolean isSafeAlone() {
        return this == TLS;
    }

    public int number() {
        return number;
    }

    public String word() {
        return word;
    }

    /// @param word as in `auth = eap-mschapv2`; empty: the one method that leaves a key
    public static Optional<EapMethod> of(String word) {
        return word.isEmpty()
                ? Optional.of(MSCHAPV2)
                : Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst();
    }
}

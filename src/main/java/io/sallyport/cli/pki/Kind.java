package io.sallyport.cli.pki;

import io.sallyport.cli.verb.Said;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.pem.Credential;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What `--type` says a file is. Files are told apart by what is in them; who says it is told if
/// that is something else.
enum Kind {
    PRIV,
    RSA,
    ECDSA,
    ED25519,
    ED448,
    PUB,
    PKCS10,
    X509,
    CRL;

    /// Empty: nothing was said.
    static Optional<Kind> said(Said said) throws Trouble {
        String word = said.value("--type");
        if (word == null) {
            return Optional.empty();
        }
        for (Kind kind : values()) {
            if (kind.toString().equals(word)) {
                return Optional.of(kind);
            }
        }
        throw Said.wrong(
                "--type '"
                        + word
                        + "' is none of "
                        + String.join(", ", Arrays.stream(values()).map(Kind::toString).toList()));
    }

    boolean is(Credential one) {
        return switch (one) {
            case Credential.Certificate _ -> this == X509;
            case Credential.RevocationList _ -> this == CRL;
            case Credential.PublicKey _ -> this == PUB;
            case Credential.Request _ -> this == PKCS10;
            case Credential.KeyPair(java.security.KeyPair pair) ->
                    this == PRIV || isOf(pair.getPublic());
        };
    }

    private boolean isOf(java.security.PublicKey key) {
        return switch (key) {
            case RSAKey _ -> this == RSA;
            case ECKey _ -> this == ECDSA;
            case EdECKey ed -> toString().equalsIgnoreCase(ed.getParams().getName());
            default -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

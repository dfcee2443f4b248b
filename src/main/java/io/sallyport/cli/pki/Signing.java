package io.sallyport.cli.pki;

import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.Seal;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureHash;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Who signs, and how: an authority's certificate and key, `--digest` and `--rsa-padding`.
///
/// @param certificate the signer's
record Signing(X509Certificate certificate, Seal seal) {
    static final int KEY_CERT_SIGN = 5;
    static final int CRL_SIGN = 6;

    /// A signature that fails is the key's fault.
    interface Work<T> {
        T get() throws CannotSign;
    }

    static Sheet how(Sheet sheet) {
        return sheet.option(
                        "-g --digest",
                        "HASH",
                        "sha256, sha384 or sha512. Otherwise what suits the key.")
                .option(
                        "-R --rsa-padding",
                        "PADDING",
                        "pkcs1 or pss, for keys of RSA. Otherwise pkcs1.");
    }

    static Sheet authority(Sheet sheet) {
        return sheet.option("-c --cacert", "FILE", "Certificate of the authority.")
                .option("-k --cakey", "FILE", "Private key of the authority.");
    }

    /// Of `--cacert` and `--cakey`, which belong together.
    static Signing authority(Given given) throws Trouble {
        X509Certificate certificate = given.certificate("--cacert");
        return of(given, "--cacert", certificate, "--cakey");
    }

    static Signing of(
            Given given, String certificateOption, X509Certificate certificate, String keyOption)
            throws Trouble {
        KeyPair pair = given.wantedKey(keyOption);
        if (!pair.getPublic().equals(certificate.getPublicKey())) {
            throw Given.unfit(
                    given.name(keyOption),
                    "it is not the key of "
                            + given.name(certificateOption)
                            + ", '"
                            + Certificates.text(certificate.getSubjectX500Principal())
                            + "'",
                    "compare them: sallyport pki keyid --in FILE");
        }
        return new Signing(certificate, seal(given.said(), pair));
    }

    static Seal seal(Said said, KeyPair pair) throws Trouble {
        return signed(() -> Seal.of(Given.crypto(), pair, hash(said), isPss(said)));
    }

    private static Optional<SignatureHash> hash(Said said) {
        return switch (String.valueOf(said.value("--digest"))) {
            case "sha256" -> Optional.of(SignatureHash.SHA2_256);
            case "sha384" -> Optional.of(SignatureHash.SHA2_384);
            case "sha512" -> Optional.of(SignatureHash.SHA2_512);
            default -> Optional.empty();
        };
    }

    private static boolean isPss(Said said) {
        return "pss".equals(said.value("--rsa-padding"));
    }

    /// What `--digest` and `--rsa-padding` may say.
    static void check(Said said) throws Trouble {
        String digest = said.value("--digest");
        if (digest != null && hash(said).isEmpty()) {
            throw Said.wrong("--digest '" + digest + "' is none of sha256, sha384, sha512");
        }
        String padding = said.value("--rsa-padding");
        if (padding != null && !padding.equals("pkcs1") && !isPss(said)) {
            throw Said.wrong("--rsa-padding '" + padding + "' is none of pkcs1, pss");
        }
    }

    static <T> T signed(Work<T> work) throws Trouble {
        try {
            return work.get();
        } catch (CannotSign e) {
            throw new Trouble(
                    Exit.NO,
                    "the key does not sign: " + e.getMessage(),
                    "another --digest, or a key made by `sallyport pki gen`, will do");
        }
    }

    /// @param bit of keyUsage that it must have, if it has any
    void mayDo(int bit, String what, String file) throws Trouble {
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[bit]) {
            throw Given.unfit(
                    file,
                    "its keyUsage does not allow " + what,
                    "an authority's certificate is made by `sallyport pki self --ca` or `issue --ca`");
        }
    }
}

package io.sallyport.creds;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;

/// Files of keys, certificates and lists: PEM and DER, in clear and with a passphrase.
public final class CredentialFuzz {
    private CredentialFuzz() {}

    public static void feed(byte[] input) {
        try {
            CredentialFile.read(Octets.of(input), Secret.utf8("secret"));
        } catch (BadCredential e) {
            if (String.valueOf(e.getMessage()).isEmpty()) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }
}

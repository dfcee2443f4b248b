package io.sallyport.creds;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;

/// Keys and certificates that OpenSSL made: `src/test/resources/creds/make`.
public final class Fixtures {
    private Fixtures() {}

    public static Octets octets(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/creds/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no fixture " + name);
            }
            return Octets.owned(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static X509Certificate certificate(String name) throws BadCredential {
        return CredentialFile.certificate(octets(name + ".crt"));
    }

    public static KeyPair pair(String name) throws BadCredential {
        return CredentialFile.keyPair(octets(name + ".key"), Secret.EMPTY);
    }
}

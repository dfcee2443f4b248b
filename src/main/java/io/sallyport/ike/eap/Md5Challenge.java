package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// MD5-Challenge as CHAP has it (RFC 1994, 4.1): MD5 over the identifier, the secret, the
/// challenge.
final class Md5Challenge {
    private Md5Challenge() {}

    static Octets response(int identifier, Secret password, Octets challenge) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update((byte) identifier);
            md5.update(password.expose());
            md5.update(challenge.buffer());
            return Octets.owned(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Its size, the value, the name.
    static Octets value(Octets value, Octets name) {
        return Octets.concat(Octets.of((byte) value.length()), value, name);
    }
}

package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.suite.Prf;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;

/// An HMAC (RFC 2104) as pseudo-random function, or a MAC of AES.
///
/// RFC 4434, 2, and RFC 4615, 3: a key of 16 octets is used as it is, a shorter one padded with
/// zeros (XCBC), any other hashed with a key of zeros.
final class HmacPrf implements PrfFunction {
    private final Prf prf;

    HmacPrf(Prf prf) {
        this.prf = prf;
    }

    @Override
    public Octets hash(Secret key, Octets... data) {
        Mac mac = mac(key);
        for (Octets part : data) {
            mac.update(part.buffer());
        }
        return Octets.owned(mac.doFinal());
    }

    @Override
    public Secret derive(Secret key, Part... data) {
        Mac mac = mac(key);
        for (Part part : data) {
            switch (part) {
                case Part.Clear(Octets octets) -> mac.update(octets.buffer());
                case Part.Hidden(Secret secret) -> {
                    byte[] exposed = secret.expose();
                    mac.update(exposed);
                    Arrays.fill(exposed, (byte) 0);
                }
            }
        }
        return Secret.owned(mac.doFinal());
    }

    @Override
    public Octets digest(Octets... data) {
        if (!prf.isHmac()) {
            throw new UnsupportedOperationException(prf + " has no hash under it");
        }
        try {
            MessageDigest hash = MessageDigest.getInstance(prf.hashName());
            for (Octets part : data) {
                hash.update(part.buffer());
            }
            return Octets.owned(hash.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Mac mac(Secret key) {
        RawKey raw = prf.isHmac() ? RawKey.mac(prf.jceName(), key) : CipherMac.prfKey(prf, key);
        try {
            Mac mac = CipherMac.find(prf.jceName());
            mac.init(raw);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            raw.destroy();
        }
    }
}

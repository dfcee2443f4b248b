package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import java.util.Arrays;
import javax.crypto.SecretKey;

/// A key for JCE whose octets we can zero, which `SecretKeySpec` does not allow.
final class RawKey implements SecretKey {
    private static final long serialVersionUID = 1;

    private final String algorithm;
    private final transient byte[] octets;
    private transient boolean destroyed;

    private RawKey(String algorithm, byte[] octets) {
        this.algorithm = algorithm;
        this.octets = octets;
    }

    /// Copies the key.
    static RawKey of(String algorithm, Secret key) {
        return new RawKey(algorithm, key.expose());
    }

    /// RFC 2104, 2: the key is padded with zeros to the block of the hash. Thus one zero octet is
    /// the same key as none, which JCE would refuse.
    static RawKey mac(String algorithm, Secret key) {
        return new RawKey(algorithm, key.length() == 0 ? new byte[1] : key.expose());
    }

    /// A key of zeros to put in the place of a true one.
    RawKey blank() {
        return new RawKey(algorithm, new byte[octets.length]);
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return octets.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(octets, (byte) 0);
        destroyed = true;
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return algorithm + " key";
    }
}

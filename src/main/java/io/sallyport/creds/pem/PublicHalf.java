package io.sallyport.creds.pem;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;

/// The public key that belongs to a private one. Done once a key, when it is loaded.
final class PublicHalf {
    private PublicHalf() {}

    static PublicKey of(PrivateKey key) throws GeneralSecurityException {
        return switch (key) {
            case RSAPrivateCrtKey rsa ->
                    KeyFactory.getInstance(rsa.getAlgorithm())
                            .generatePublic(
                                    new RSAPublicKeySpec(
                                            rsa.getModulus(),
                                            rsa.getPublicExponent(),
                                            rsa.getParams()));
            case ECPrivateKey ec ->
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new ECPublicKeySpec(
                                            times(ec.getS(), ec.getParams()), ec.getParams()));
            case EdECPrivateKey ed -> edwards(ed);
            default -> throw new InvalidKeyException("no public half of " + key.getAlgorithm());
        };
    }

    /// The generator of JCE draws the private key's octets and nothing else from its source of
    /// randomness, so it makes the pair of those it is given. That it did is checked.
    private static PublicKey edwards(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] octets =
                key.getBytes().orElseThrow(() -> new InvalidKeyException("a key without octets"));
        SecureRandom scripted =
                new SecureRandom() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public void nextBytes(byte[] to) {
                        System.arraycopy(octets, 0, to, 0, Math.min(to.length, octets.length));
                    }
                };
        KeyPairGenerator generator = KeyPairGenerator.getInstance(key.getParams().getName());
        generator.initialize(key.getParams(), scripted);
        KeyPair pair = generator.generateKeyPair();
        boolean same =
                pair.getPrivate() instanceof EdECPrivateKey made
                        && made.getBytes().filter(b -> Arrays.equals(b, octets)).isPresent();
        Arrays.fill(octets, (byte) 0);
        if (!same) {
            throw new InvalidKeyException("this JCE makes no public half of a given key");
        }
        return pair.getPublic();
    }

    /// The base point times `k`, in affine coordinates.
    private static ECPoint times(BigInteger k, ECParameterSpec curve) throws InvalidKeyException {
        if (k.signum() <= 0 || k.compareTo(curve.getOrder()) >= 0) {
            throw new InvalidKeyException("a number outside the curve's order");
        }
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger a = curve.getCurve().getA();
        ECPoint sum = ECPoint.POINT_INFINITY;
        for (int i = k.bitLength() - 1; i >= 0; i--) {
            sum = plus(sum, sum, p, a);
            if (k.testBit(i)) {
                sum = plus(sum, curve.getGenerator(), p, a);
            }
        }
        return sum;
    }

    private static ECPoint plus(ECPoint one, ECPoint two, BigInteger p, BigInteger a) {
        if (one.equals(ECPoint.POINT_INFINITY)) {
            return two;
        }
        if (two.equals(ECPoint.POINT_INFINITY)) {
            return one;
        }
        BigInteger x1 = one.getAffineX();
        BigInteger y1 = one.getAffineY();
        BigInteger x2 = two.getAffineX();
        BigInteger slope;
        if (!x1.equals(x2)) {
            slope = two.getAffineY().subtract(y1).multiply(x2.subtract(x1).modInverse(p));
        } else if (y1.equals(two.getAffineY()) && y1.signum() != 0) {
            BigInteger three = BigInteger.valueOf(3);
            slope = x1.pow(2).multiply(three).add(a).multiply(y1.shiftLeft(1).modInverse(p));
        } else {
            return ECPoint.POINT_INFINITY;
        }
        BigInteger x = slope.pow(2).subtract(x1).subtract(x2).mod(p);
        return new ECPoint(x, slope.multiply(x1.subtract(x)).subtract(y1).mod(p));
    }
}

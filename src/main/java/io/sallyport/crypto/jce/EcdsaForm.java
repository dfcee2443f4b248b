package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.Optional;

/// The two ways to write an ECDSA signature:
///
/// ```text
///  RFC 4754          | r | s |                            each as long as the curve's order
///  RFC 3279, 2.2.3   SEQUENCE { r INTEGER, s INTEGER }    in DER
/// ```
final class EcdsaForm {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private EcdsaForm() {}

    static int orderOctets(ECPublicKey key) {
        return (key.getParams().getOrder().bitLength() + 7) / 8;
    }

    static boolean isOnCurve(ECPublicKey key) {
        ECPoint point = key.getW();
        return !point.equals(ECPoint.POINT_INFINITY)
                && isOnCurve(key.getParams().getCurve(), point.getAffineX(), point.getAffineY());
    }

    /// y^2 = x^3 + a x + b, with x and y in the field.
    static boolean isOnCurve(EllipticCurve curve, BigInteger x, BigInteger y) {
        BigInteger prime = ((ECFieldFp) curve.getField()).getP();
        if (x.signum() < 0
                || y.signum() < 0
                || x.compareTo(prime) >= 0
                || y.compareTo(prime) >= 0) {
            return false;
        }
        BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB()).mod(prime);
        return y.multiply(y).mod(prime).equals(right);
    }

    static Octets toDer(Octets raw) {
        int half = raw.length() / 2;
        Octets r = integer(raw.slice(0, half));
        Octets s = integer(raw.slice(half, raw.length()));
        Octets both = Octets.concat(r, s);
        return Octets.concat(
                both.length() < 0x80
                        ? Octets.of((byte) SEQUENCE, (byte) both.length())
                        : Octets.of((byte) SEQUENCE, (byte) 0x81, (byte) both.length()),
                both);
    }

    private static Octets integer(Octets unsigned) {
        byte[] shortest = new BigInteger(1, unsigned.toArray()).toByteArray();
        return Octets.concat(
                Octets.of((byte) INTEGER, (byte) shortest.length), Octets.owned(shortest));
    }

    /// Empty if `der` is anything but the one encoding of two positive numbers of at most `octets`
    /// octets each.
    static Optional<Octets> fromDer(Octets der, int octets) {
        byte[] raw = new byte[2 * octets];
        if (der.length() < 8) {
            return Optional.empty();
        }
        int length = der.at(1);
        int at = 2;
        if (length == 0x81) {
            length = der.at(2);
            at = 3;
            if (length < 0x80) {
                return Optional.empty();
            }
        }
        if (der.at(0) != SEQUENCE || at + length != der.length()) {
            return Optional.empty();
        }
        for (int n = 0; n < 2; n++) {
            at = readInteger(der, at, raw, n * octets, octets);
            if (at < 0) {
                return Optional.empty();
            }
        }
        // What is not the encoding that we would have made is not DER
        Octets read = Octets.owned(raw);
        return at == der.length() && toDer(read).equals(der) ? Optional.of(read) : Optional.empty();
    }

    private static int readInteger(Octets der, int at, byte[] to, int toAt, int octets) {
        if (at + 3 > der.length() || der.at(at) != INTEGER) {
            return -1;
        }
        int length = der.at(at + 1);
        int end = at + 2 + length;
        if (length == 0 || length > octets + 1 || end > der.length() || der.at(at + 2) >= 0x80) {
            return -1;
        }
        byte[] value = der.slice(at + 2, end).toArray();
        int skip = Math.max(0, value.length - octets);
        if (skip > 0 && value[0] != 0) {
            return -1;
        }
        byte[] kept = Arrays.copyOfRange(value, skip, value.length);
        System.arraycopy(kept, 0, to, toAt + octets - kept.length, kept.length);
        return end;
    }
}

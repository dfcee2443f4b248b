package io.sallyport.crypto.jce.signature;

import java.math.BigInteger;
import java.security.interfaces.EdECPublicKey;
import java.util.List;

/// Public keys of Ed25519 and Ed448 that are no keys: points of small order. With such a key S = 0
/// signs every message, or every few of them, and nobody needs a secret for it; RFC 8032 does not
/// tell the verifier to look, and JCE does not.
final class EdwardsKeys {
    private static final BigInteger P_25519 =
            BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger P_448 =
            BigInteger.ONE
                    .shiftLeft(448)
                    .subtract(BigInteger.ONE.shiftLeft(224))
                    .subtract(BigInteger.ONE);

    /// The y of the points whose order divides the cofactor 8: of orders 1, 2, 4 and twice 8.
    private static final List<BigInteger> SMALL_25519 =
            List.of(
                    BigInteger.ONE,
                    P_25519.subtract(BigInteger.ONE),
                    BigInteger.ZERO,
                    new BigInteger(
                            "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16),
                    new BigInteger(
                            "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
                            16));

    /// The same for the cofactor 4: of orders 1, 2 and 4.
    private static final List<BigInteger> SMALL_448 =
            List.of(BigInteger.ONE, P_448.subtract(BigInteger.ONE), BigInteger.ZERO);

    private EdwardsKeys() {}

    static boolean isOfSmallOrder(EdECPublicKey key) {
        BigInteger y = key.getPoint().getY();
        return key.getParams().getName().equals("Ed448")
                ? SMALL_448.contains(y.mod(P_448))
                : SMALL_25519.contains(y.mod(P_25519));
    }
}

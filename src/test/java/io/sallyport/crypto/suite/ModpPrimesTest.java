package io.sallyport.crypto.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModpPrimesTest {
    private static final int GUARD = 64;

    /// floor(2^bits * pi), by Machin's formula.
    private static BigInteger pi(int bits) {
        BigInteger one = BigInteger.ONE.shiftLeft(bits + GUARD);
        BigInteger quarter =
                arctanOfInverse(5, one)
                        .multiply(BigInteger.valueOf(4))
                        .subtract(arctanOfInverse(239, one));
        return quarter.multiply(BigInteger.valueOf(4)).shiftRight(GUARD);
    }

    private static BigInteger arctanOfInverse(int x, BigInteger one) {
        BigInteger square = BigInteger.valueOf((long) x * x);
        BigInteger term = one.divide(BigInteger.valueOf(x));
        BigInteger sum = term;
        for (int n = 3; term.signum() > 0; n += 2) {
            term = term.divide(square);
            BigInteger part = term.divide(BigInteger.valueOf(n));
            sum = n % 4 == 3 ? sum.subtract(part) : sum.add(part);
        }
        return sum;
    }

    /// E.g. RFC 3526, 3: "2^2048 - 2^1984 - 1 + 2^64 * { [2^1918 pi] + 124476 }".
    @ParameterizedTest
    @CsvSource({
        "MODP_768, 768, 638, 149686",
        "MODP_1024, 1024, 894, 129093",
        "MODP_1536, 1536, 1406, 741804",
        "MODP_2048, 2048, 1918, 124476",
        "MODP_3072, 3072, 2942, 1690314",
        "MODP_4096, 4096, 3966, 240904",
        "MODP_6144, 6144, 6014, 929484",
        "MODP_8192, 8192, 8062, 4743158"
    })
    void thePrimesOfGroups1To18AreMadeOfPi(Group group, int bits, int piBits, int c) {
        BigInteger p =
                BigInteger.ONE
                        .shiftLeft(bits)
                        .subtract(BigInteger.ONE.shiftLeft(bits - 64))
                        .subtract(BigInteger.ONE)
                        .add(pi(piBits).add(BigInteger.valueOf(c)).shiftLeft(64));
        assertEquals(p, ModpPrimes.prime(group));
    }

    @ParameterizedTest
    @EnumSource(names = {"MODP_1024_160", "MODP_2048_224", "MODP_2048_256"})
    void theGeneratorsOfRfc5114HaveTheOrderTheyShould(Group group) {
        BigInteger p = ModpPrimes.prime(group);
        BigInteger q = ModpPrimes.order(group);
        assertTrue(p.isProbablePrime(10));
        assertTrue(q.isProbablePrime(10));
        assertEquals(BigInteger.ZERO, p.subtract(BigInteger.ONE).mod(q));
        assertEquals(BigInteger.ONE, ModpPrimes.generator(group).modPow(q, p));
        assertTrue(ModpPrimes.hasSmallSubgroups(group));
    }

    /// S4-15: group 1 is of 768 bits, group 2 of 1024.
    @ParameterizedTest
    @EnumSource(Group.class)
    void publicValuesAreAsLongAsThePrime(Group group) {
        if (group.kind() == Group.Kind.MODP) {
            assertEquals(8 * group.publicOctets(), ModpPrimes.prime(group).bitLength());
            assertTrue(ModpPrimes.exponentBits(group) >= 160);
        } else {
            assertThrows(IllegalArgumentException.class, () -> ModpPrimes.prime(group));
            assertThrows(IllegalArgumentException.class, () -> ModpPrimes.generator(group));
            assertThrows(IllegalArgumentException.class, () -> ModpPrimes.exponentBits(group));
        }
    }

    @Test
    void theOldGroupsAreSafePrimes() {
        BigInteger p = ModpPrimes.prime(Group.MODP_1024);
        assertTrue(p.isProbablePrime(10));
        assertTrue(ModpPrimes.order(Group.MODP_1024).isProbablePrime(10));
    }
}

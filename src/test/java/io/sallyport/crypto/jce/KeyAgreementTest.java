package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.KeyAgreement.BadPublicValue;
import io.sallyport.crypto.engine.KeyAgreement.Ephemeral;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.ModpPrimes;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The published vectors are asked for by `KnownAnswersTest`; here are the edges.
class KeyAgreementTest {
    private static final JceEngine JCE = new JceEngine();

    private static Stream<Group> modp() {
        return Arrays.stream(Group.values()).filter(g -> g.kind() == Group.Kind.MODP);
    }

    private static Octets value(Group group, BigInteger y) {
        return Octets.owned(FixedLength.bigEndian(y, group.publicOctets()));
    }

    private static void refused(Ephemeral own, Octets peer) {
        BadPublicValue e = assertThrows(BadPublicValue.class, () -> own.agree(peer));
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
    }

    /// S4-15: both sides compute the same secret, of 96 octets in group 1 and 128 in group 2.
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"})
    void bothSidesComputeTheSameSecret(Group group) throws BadPublicValue {
        KeyAgreement agreement = JCE.agreement(group);
        try (Ephemeral a = agreement.generate();
                Ephemeral b = agreement.generate();
                Secret ab = a.agree(b.publicValue());
                Secret ba = b.agree(a.publicValue())) {
            assertEquals(ab, ba);
            assertNotEquals(a.publicValue(), b.publicValue());
            assertEquals(group.publicOctets(), a.publicValue().length());
            assertEquals(
                    switch (group) {
                        case MODP_768 -> 96;
                        case MODP_1024 -> 128;
                        case ECP_256 -> 32;
                        case ECP_384 -> 48;
                        case ECP_521 -> 66;
                        default -> group.publicOctets();
                    },
                    ab.length());
        }
    }

    /// A pair of group 2 whose secret begins with a zero octet, from the tests of the IPsec state
    /// machine extractor of Ruhr University Bochum; the rest of the secret was computed with
    /// Python.
    @Test
    void aSecretKeepsItsLeadingZeros() throws BadPublicValue {
        Secret own =
                Secret.of(
                        Octets.hex(
                                """
                                357449fa7673fcf4faf97d5bd90f42f7cef89af2523d7b49c500377bfe3f8db3
                                a55da3ad0abdd0e363fb69edea9f97539f8c9ebaba87c4056a23aa52c6ed5f86
                                6ebe68c8f7aa3c4984fe3846bf35d64252daec4d52a076220487b8b098fa04f5
                                156e6c68bdcc1d9c156ae80f4db02ed4b33840fe2c8b5c20d1335cca08a53eac
                                """));
        Octets peer =
                Octets.hex(
                        """
                        b8c8f889d2105ec783b99a62fd792a48628ccad1d30a9bd19cb0a8d5be155a7a
                        22f86386e8592a683ce01a8cbe77e48e45702ba82e6e73831e7400adb77d45e8
                        73a3228aa4b76ef02443681fd8cdda76716a90a4c8006dcbdbd6425a1e2afc8b
                        8c9837ffd53a69d7747a12a6231abcdf9b887742e25a86b5c516bfd7cc0f29c8
                        """);
        try (Ephemeral half = JCE.agreement(Group.MODP_1024).restore(own, Octets.EMPTY);
                Secret secret = half.agree(peer)) {
            assertEquals(
                    """
                    001c25a7bef0ca24b6b104107d1163654750755cc75d49477ff56e33acce7d06\
                    8227401d565629e51bc2a8777d47727d4a0004273311404e5cd780b962569182\
                    99948e20d191920a1926f3ebda19b5f966cf594242341439ff86f24a0880dc4c\
                    b243f148f6f4bf77df235073d283e31e0a8b334abab1aeeebd169b78435281cb\
                    """,
                    Octets.owned(secret.expose()).hex());
        }
    }

    /// RFC 5903, 8.1: the value is x | y, the secret is x.
    @Test
    void theInitiatorOfRfc5903() throws BadPublicValue {
        Secret own =
                Secret.of(
                        Octets.hex(
                                """
                                c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433
                                """));
        Octets peer =
                Octets.hex(
                        """
                        d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63
                        56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab
                        """);
        try (Ephemeral half = JCE.agreement(Group.ECP_256).restore(own, Octets.EMPTY);
                Secret secret = half.agree(peer)) {
            assertEquals(
                    "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",
                    Octets.owned(secret.expose()).hex());
        }
    }

    /// RFC 6989, 2.1.
    @ParameterizedTest
    @MethodSource("modp")
    void valuesOutsideTheRangeAndOfAWrongLengthAreRefused(Group group) {
        BigInteger p = ModpPrimes.prime(group);
        try (Ephemeral own = JCE.agreement(group).generate()) {
            refused(own, value(group, BigInteger.ZERO));
            refused(own, value(group, BigInteger.ONE));
            refused(own, value(group, p.subtract(BigInteger.ONE)));
            refused(own, value(group, p));
            refused(own, value(group, p.add(BigInteger.TWO)));
            byte[] ones = new byte[group.publicOctets()];
            Arrays.fill(ones, (byte) 0xff);
            refused(own, Octets.owned(ones));
            Octets good = own.publicValue();
            refused(own, good.slice(0, good.length() - 1));
            refused(own, Octets.concat(Octets.hex("00"), good));
            refused(own, Octets.EMPTY);
        }
    }

    /// RFC 6989, 2.2: p - 1 has small factors, so that 2 raised to (p - 1) / factor gives a value
    /// of a small subgroup; it is in range, and refused.
    @ParameterizedTest
    @EnumSource(names = {"MODP_1024_160", "MODP_2048_224", "MODP_2048_256"})
    void valuesOfSmallSubgroupsAreRefused(Group group) {
        BigInteger p = ModpPrimes.prime(group);
        BigInteger cofactor = p.subtract(BigInteger.ONE).divide(ModpPrimes.order(group));
        int refusals = 0;
        try (Ephemeral own = JCE.agreement(group).generate()) {
            for (int factor = 2; factor < 1000; factor++) {
                BigInteger f = BigInteger.valueOf(factor);
                if (cofactor.mod(f).signum() == 0) {
                    BigInteger small =
                            BigInteger.TWO.modPow(p.subtract(BigInteger.ONE).divide(f), p);
                    refused(own, value(group, small));
                    refusals++;
                }
            }
            refused(own, value(group, BigInteger.TWO));
        }
        assertTrue(refusals > 0);
    }

    /// RFC 6989, 2.3.
    @ParameterizedTest
    @EnumSource(names = {"ECP_256", "ECP_384", "ECP_521"})
    void pointsOffTheCurveAreRefused(Group group) throws BadPublicValue {
        KeyAgreement agreement = JCE.agreement(group);
        try (Ephemeral own = agreement.generate();
                Ephemeral peer = agreement.generate()) {
            byte[] point = peer.publicValue().toArray();
            own.agree(Octets.of(point)).close();
            point[point.length - 1] ^= 1;
            refused(own, Octets.of(point));
            refused(own, Octets.owned(new byte[group.publicOctets()]));
            Arrays.fill(point, (byte) 0xff);
            refused(own, Octets.of(point));
            refused(own, peer.publicValue().slice(0, group.publicOctets() / 2));
            refused(own, Octets.concat(Octets.hex("04"), peer.publicValue()));
        }
    }

    /// RFC 7748, 7: points of small order give zero whatever the private value is. 0 and 1, a point
    /// of order 8, and p - 1, p, p + 1, which stand for -1, 0, 1.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void aSecretOfZeroIsRefused(String u) {
        try (Ephemeral own = JCE.agreement(Group.CURVE_25519).generate()) {
            refused(own, Octets.hex(u));
            refused(own, Octets.hex(u).slice(0, 31));
        }
    }

    /// RFC 7748, 5: the highest bit does not count, and values from p upwards are taken modulo p.
    @Test
    void theHighestBitOfACoordinateDoesNotCount() throws BadPublicValue {
        KeyAgreement agreement = JCE.agreement(Group.CURVE_25519);
        try (Ephemeral own = agreement.generate();
                Ephemeral peer = agreement.generate()) {
            byte[] u = peer.publicValue().toArray();
            Secret plain = own.agree(Octets.of(u));
            u[31] |= (byte) 0x80;
            assertEquals(plain, own.agree(Octets.of(u)));
            // 9 and 9 + p
            Octets nine = Octets.hex("09" + "00".repeat(31));
            Octets nineAndP = Octets.hex("f6" + "ff".repeat(30) + "7f");
            assertEquals(own.agree(nine), own.agree(nineAndP));
            assertEquals(own.publicValue(), Octets.owned(own.agree(nine).expose()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MODP_1024", "ECP_256", "CURVE_25519"})
    void aClosedHalfIsGone(Group group) {
        Ephemeral own = JCE.agreement(group).generate();
        own.close();
        own.close();
        assertThrows(IllegalStateException.class, () -> own.agree(own.publicValue()));
    }

    @Test
    void noGroupIsNoAgreement() {
        assertFalse(JCE.offers(Group.NONE));
        assertThrows(IllegalArgumentException.class, () -> JCE.agreement(Group.NONE));
    }
}

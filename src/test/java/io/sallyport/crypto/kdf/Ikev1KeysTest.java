package io.sallyport.crypto.kdf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Prf;
import org.junit.jupiter.api.Test;

/// S4-22. RFC 2409 has no vectors; these are others' work, see each test.
class Ikev1KeysTest {
    private static final PrfFunction SHA1 = new JceEngine().prf(Prf.HMAC_SHA1);

    /// A main mode with AWS's algorithms (pre-shared key, AES-128, SHA-1, group 2), from the tests
    /// of the IPsec state machine extractor of Ruhr University Bochum.
    private static final Octets PUBLIC_I =
            Octets.hex(
                    """
                    75fb75db0749d4b15d9bb067b63399f790246dd7919d0c0a88fc34dd76eb9ad204e162b261914c0966
                    a2d32d05178d4c0f0ec3817692fca675678f2fd2a6869188b943e33ad44cc859a5af98d6d5332c538c
                    ff4174ee737c8624de910cc40bd953f7940d1b2d8a681cee03c85199fbe773bfa100ffea5fcb82eed2
                    5a399b0b3e
                    """);

    private static final Octets PUBLIC_R =
            Octets.hex(
                    """
                    2096a31ff922e5224d9d19f06a41e2d9aebe1180d4e5cbc3d6ea166e2b8810d5ddd048375025ae9bf8
                    95ad40c508cd8b9398bded0d00ae7e77c1a1eb31930495106892630152a926a45037606cda46513400
                    82fc10558786b4d8c4e6d72222d580d9a30d9c3b7fe9c348a6eadc5e79a24fe4b4364297b5ff71914e
                    f8a6980e73
                    """);
    private static final Octets SHARED =
            Octets.hex(
                    """
                    19b67b23eb5f792ec9d7e11d16501ca20f2a2d0b230d525cd824dfb16867b515dc2ce9560b20b2149b
                    fb360c1662c26a5ad7fe1faa86e66213238c80b2ed46ccb821bf5043093027eb6e32c71685a093306d
                    f20c24190c7f93947fa21e56d10e4c5b7063b2b4dc1747f1df0bd46975d1825eede335e3acbad71a06
                    3cecf866c7
                    """);
    private static final Octets NI = Octets.hex("4654fdd74594982a");
    private static final Octets NR =
            Octets.hex("3673e64987b4956dbb8b933399251a5abf88f557a723b802b345f838667e9a4e");

    private static Ikev1Keys bochum() {
        return Ikev1Keys.derive(
                SHA1,
                Secret.utf8("AAAA"),
                NI,
                NR,
                Secret.of(SHARED),
                0x7116900aa5c2880dL,
                0x047ad6f8b3d0abb7L);
    }

    private static String hex(Secret secret) {
        return Octets.owned(secret.expose()).hex();
    }

    @Test
    void theKeysOfABochumMainMode() {
        try (Ikev1Keys keys = bochum()) {
            assertEquals("49856bc53f30db8ce55f5befae9e42431279550c", hex(keys.skeyid()));
            assertEquals("e5d7368180a8766f09c90cc9ac15182d3cd492ee", hex(keys.d()));
            assertEquals("92de109fe83047c95812b600820f1476cd24aa49", hex(keys.a()));
            assertEquals("de5d24679ad21491e63e2d7173017769cd7b9bc5", hex(keys.e()));
            assertEquals(
                    "de5d24679ad21491e63e2d7173017769",
                    hex(keys.cipherKey(Cipher.of(Encryption.AES_CBC, 128))));
        }
        assertEquals(
                "139568606df1337cbcbc8fa7d201c8a8",
                Ikev1Keys.firstIv(SHA1, PUBLIC_I, PUBLIC_R, 16).hex());
    }

    /// The HASH_R of the same exchange: that SKEYID is its key.
    @Test
    void theResponderOfBochumIsWhoItSays() {
        Octets offer =
                Octets.hex(
                        """
                        00000001000000010000002c01010001000000240101000080010007800e00808002000280040002
                        80030001800b0001800c7080
                        """);
        try (Ikev1Keys keys = bochum()) {
            assertEquals(
                    "ba8c49cfd796bdc78e63ff6b5a858fc289dad933",
                    SHA1.hash(
                                    keys.skeyid(),
                                    PUBLIC_R,
                                    PUBLIC_I,
                                    Octets.hex("047ad6f8b3d0abb7"),
                                    Octets.hex("7116900aa5c2880d"),
                                    offer,
                                    Octets.hex("010000000a00030a"))
                            .hex());
        }
    }

    /// The IV of an informational exchange, from the same tests.
    @Test
    void theIvOfAPhaseTwoExchange() {
        assertEquals(
                "0bf60ed4c34fea8a12077a204dfd413f",
                Ikev1Keys.phase2Iv(
                                SHA1,
                                Octets.hex("0e09ed33bac3584d1d10762a9bd026c1"),
                                0xd8029d42,
                                16)
                        .hex());
    }

    /// NIST CAVP, SP 800-135 test vectors, ikev1 with signatures, the first case with SHA-1. There
    /// SKEYID is prf(Ni | Nr, g^xy); here it is made by giving Ni | Nr for the pre-shared key and
    /// g^xy for the nonces. The other keys are made alike.
    @Test
    void theKeysOfNist() {
        Octets ni = Octets.hex("ced5635da6796075");
        Octets nr = Octets.hex("6244b427712fb776");
        Octets gxy =
                Octets.hex(
                        """
                        2a2e0bbe8da3657a83f3d35826e49e2d38e557e912a1b9e6c30c63577b3eab715466202862027f2c
                        26f3090743555579611771db0b92bef93834432a3a7762fc8a0f4889fd281d6082770d10a40d7bad
                        61e832f041e620d6787e7f62ab2861ddfbe272e0d9d3cdec5f1bbf750e24b8b32d6d714968ad69ce
                        5086c32ad2742ebc
                        """);
        try (Ikev1Keys keys =
                Ikev1Keys.derive(
                        SHA1,
                        Secret.of(Octets.concat(ni, nr)),
                        gxy,
                        Octets.EMPTY,
                        Secret.of(gxy),
                        0x382e5c8b0a3fa307L,
                        0xba4b7616700a2413L)) {
            assertEquals("dc37ac99de6dcfbd1ee74af7fb36f9b4b0a7829d", hex(keys.skeyid()));
            assertEquals("486293ed547adb562cefdaf43d3d8457b196f2b6", hex(keys.d()));
            assertEquals("f4053b5ca07e59bb41b8f401037ca90b72b3917e", hex(keys.a()));
            assertEquals("49a1d53a80fb77e663552964fbbcb45092021473", hex(keys.e()));
        }
    }

    /// RFC 2409, appendix B: a 3DES key longer than SKEYID_e, as strongSwan's pluto printed both in
    /// a log that was published to explain Wireshark's decryption table.
    @Test
    void theLongKeyOfAPlutoLog() {
        assertEquals(
                "449e829ea966d421fbcb86bd7ad92e865abab15baa5c672a",
                hex(
                        Ikev1Keys.cipherKey(
                                SHA1,
                                Secret.of(Octets.hex("b01681215f16202303186d2814dc5686ca5a4733")),
                                24)));
    }

    /// Computed with Python's hmac module from RFC 2409, 5.5.
    @Test
    void keymatWithAndWithoutPfs() {
        byte[] pfs = new byte[128];
        for (int i = 1; i < pfs.length; i += 2) {
            pfs[i] = (byte) 0xff;
        }
        try (Ikev1Keys keys = bochum()) {
            assertEquals(
                    "b092b16c9ccf5d4185d1a53bbcb352a081b33c0b4713e9166cee3dc569fa5ca587caf4a9f1b7ce0b"
                            + "6d9a7a1dbc25fd9b35e6245c9df5b6cb2785b425b92be35ee63e619d",
                    hex(keys.keymat(Secret.EMPTY, 3, 0xc3a80a1f, NI, NR, 68)));
            assertEquals(
                    "4d4578d033c0df9294aa59296f974784a953488f22a21d21f80cf03ca4480db09f7850f8580575ea"
                            + "e946d598e7771390f52db0c7eda3f448c912b3e4c9ddd68bdc8a760a",
                    hex(keys.keymat(Secret.of(pfs), 3, 0xc3a80a1f, NI, NR, 68)));
            assertNotEquals(
                    keys.keymat(Secret.EMPTY, 3, 0xc3a80a1f, NI, NR, 36),
                    keys.keymat(Secret.EMPTY, 3, 0xc3a80a20, NI, NR, 36),
                    "each direction has its own keys");
        }
    }

    @Test
    void closedKeysAreGone() {
        Ikev1Keys keys = bochum();
        keys.close();
        assertThrows(IllegalStateException.class, () -> keys.d().expose());
        assertThrows(
                IllegalStateException.class, () -> keys.keymat(Secret.EMPTY, 3, 1, NI, NR, 16));
    }
}

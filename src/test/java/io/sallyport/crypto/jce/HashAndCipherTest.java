package io.sallyport.crypto.jce;

import static io.sallyport.crypto.engine.PrfFunction.part;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Prf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// PRFs, hashes and the ciphers of IKE messages.
class HashAndCipherTest {
    private static final JceEngine JCE = new JceEngine();

    /// S4-18: RFC 2202, test cases 1, 3 and 6 of HMAC-MD5 and HMAC-SHA1; RFC 4231, test cases 1, 3
    /// and 6 of the others.
    @ParameterizedTest
    @CsvSource({
        "HMAC_MD5, 0b*16, 4869205468657265, 9294727a3638bb1c13f48ef8158bfc9d",
        "HMAC_MD5, aa*16, dd*50, 56be34521d144c88dbb8c733f0e8b3f6",
        "HMAC_SHA1, 0b*20, 4869205468657265, b617318655057264e28bc0b6fb378c8ef146be00",
        "HMAC_SHA1, aa*20, dd*50, 125d7342b9ac11cd91a39af48aa17b4f63f175d3",
        "HMAC_SHA2_256, 0b*20, 4869205468657265,"
                + " b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "HMAC_SHA2_256, aa*20, dd*50,"
                + " 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "HMAC_SHA2_384, 0b*20, 4869205468657265, afd03944d84895626b0825f4ab46907f"
                + "15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        "HMAC_SHA2_384, aa*20, dd*50, 88062608d3e6ad8a0aa2ace014c8a86f"
                + "0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
        "HMAC_SHA2_512, 0b*20, 4869205468657265,"
                + " 87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        "HMAC_SHA2_512, aa*20, dd*50,"
                + " fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
                + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"
    })
    void theHmacsOfTheRfcs(Prf prf, String key, String data, String hmac) {
        PrfFunction function = JCE.prf(prf);
        assertEquals(hmac, function.hash(Secret.of(repeated(key)), repeated(data)).hex());
        assertEquals(
                Secret.of(Octets.hex(hmac)),
                function.derive(
                        Secret.of(repeated(key)),
                        part(Secret.of(repeated(data))),
                        part(Octets.EMPTY)));
    }

    private static Octets repeated(String text) {
        String[] parts = text.split("\\*");
        return Octets.hex(parts.length == 1 ? text : parts[0].repeat(Integer.parseInt(parts[1])));
    }

    /// RFC 2104: the key is padded with zeros, so that none is the same as a zero.
    @Test
    void anEmptyKeyIsAKeyOfZeros() {
        PrfFunction prf = JCE.prf(Prf.HMAC_SHA2_256);
        assertEquals(
                "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
                prf.hash(Secret.EMPTY).hex());
    }

    /// S4-17: a fixed length (MD5 128 bits, SHA-1 160), and one flipped bit of the input flips
    /// about half the bits of the output.
    @ParameterizedTest
    @EnumSource(Prf.class)
    void hashesHaveAFixedLengthAndAvalanche(Prf prf) {
        if (prf == Prf.HMAC_MD5) {
            assertEquals(16, prf.octets());
        } else if (prf == Prf.HMAC_SHA1) {
            assertEquals(20, prf.octets());
        }
        int bits = 8 * prf.octets();
        for (int length : new int[] {1, 63, 64, 65, 1000}) {
            byte[] data = new byte[length];
            byte[] one = mixed(prf, Octets.of(data));
            data[length / 2] ^= 4;
            byte[] other = mixed(prf, Octets.of(data));
            assertEquals(prf.octets(), one.length);
            int flipped = 0;
            for (int i = 0; i < one.length; i++) {
                flipped += Integer.bitCount((one[i] ^ other[i]) & 0xff);
            }
            assertTrue(
                    flipped > bits / 4 && flipped < 3 * bits / 4,
                    flipped + " of " + bits + " bits flipped");
        }
    }

    /// The bare hash; where there is none, the PRF itself.
    private static byte[] mixed(Prf prf, Octets data) {
        PrfFunction function = JCE.prf(prf);
        return (prf.isHmac()
                        ? function.digest(data)
                        : function.hash(Secret.of(new byte[prf.octets()]), data))
                .toArray();
    }

    @Test
    void thereIsNoHashUnderAMacOfAes() {
        assertThrows(
                UnsupportedOperationException.class,
                () -> JCE.prf(Prf.AES128_CMAC).digest(Octets.EMPTY));
    }

    /// S4-11: 3DES with three equal keys is DES.
    @Test
    void threeEqualKeysAreOne() {
        Octets k = Octets.hex("0123456789abcdef");
        Octets iv = Octets.hex("1234567890abcdef");
        Octets text = Octets.ascii("Now is the time for all ");
        MessageCipher des = JCE.messageCipher(Cipher.of(Encryption.DES_CBC));
        MessageCipher tripleDes = JCE.messageCipher(Cipher.of(Encryption.TRIPLE_DES_CBC));
        Octets sealed = des.encrypt(Secret.of(k), iv, text);
        assertEquals(sealed, tripleDes.encrypt(Secret.of(Octets.concat(k, k, k)), iv, text));
        assertEquals("e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6", sealed.hex());
    }

    /// S4-11: encrypt with k1, decrypt with k2, encrypt with k3.
    @Test
    void tripleDesIsEncryptDecryptEncrypt() {
        Octets k1 = Octets.hex("0123456789abcdef");
        Octets k2 = Octets.hex("23456789abcdef01");
        Octets k3 = Octets.hex("456789abcdef0123");
        Octets zero = Octets.owned(new byte[8]);
        Octets text = Octets.ascii("The qufc");
        MessageCipher des = JCE.messageCipher(Cipher.of(Encryption.DES_CBC));
        Octets by =
                des.encrypt(
                        Secret.of(k3),
                        zero,
                        des.decrypt(Secret.of(k2), zero, des.encrypt(Secret.of(k1), zero, text)));
        assertEquals(
                by,
                JCE.messageCipher(Cipher.of(Encryption.TRIPLE_DES_CBC))
                        .encrypt(Secret.of(Octets.concat(k1, k2, k3)), zero, text));
        assertEquals("a826fd8ce53b855f", by.hex(), "SP 800-67, appendix B");
    }

    /// RFC 3602, case 4: four blocks.
    @Test
    void blocksAreChained() {
        MessageCipher aes = JCE.messageCipher(Cipher.of(Encryption.AES_CBC, 128));
        Secret key = Secret.of(Octets.hex("56e47a38c5598974bc46903dba290349"));
        Octets iv = Octets.hex("8ce82eefbea0da3c44699ed7db51b7d9");
        Octets text =
                Octets.hex(
                        """
                        a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf
                        c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf
                        """);
        Octets sealed =
                Octets.hex(
                        """
                        c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e
                        35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55
                        """);
        assertEquals(sealed, aes.encrypt(key, iv, text));
        assertEquals(text, aes.decrypt(key, iv, sealed));
        assertEquals(Octets.EMPTY, aes.encrypt(key, iv, Octets.EMPTY));
    }

    @Test
    void wrongLengthsAreABugAndShowNoKey() {
        MessageCipher aes = JCE.messageCipher(Cipher.of(Encryption.AES_CBC, 128));
        Secret key = Secret.of(Octets.hex("56e47a38c5598974bc46903dba290349"));
        Octets iv = Octets.owned(new byte[16]);
        for (IllegalArgumentException e :
                new IllegalArgumentException[] {
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> aes.encrypt(key.slice(0, 8), iv, iv)),
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> aes.decrypt(key, iv.slice(0, 8), iv)),
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> aes.decrypt(key, iv, iv.slice(0, 15)))
                }) {
            assertTrue(!String.valueOf(e.getMessage()).contains("56e47a38"), e.getMessage());
        }
    }

    /// CBC for both versions of IKE, CTR and AEAD for IKEv2; an AEAD is no cipher without
    /// integrity, and the others are no AEAD.
    @Test
    void messagesHaveCiphersOfTheirKind() {
        for (Encryption encryption : Encryption.values()) {
            for (int bits : encryption.keyBits()) {
                Cipher cipher = Cipher.of(encryption, bits);
                assertEquals(encryption.isForIke(), JCE.offers(cipher), cipher.toString());
                if (!encryption.isForIke() || encryption.isAead()) {
                    assertThrows(IllegalArgumentException.class, () -> JCE.messageCipher(cipher));
                }
                if (!encryption.isForIke() || !encryption.isAead()) {
                    assertThrows(IllegalArgumentException.class, () -> JCE.messageAead(cipher));
                }
            }
        }
    }

    @Test
    void keysAreNotPrinted() {
        RawKey key = RawKey.of("AES", Secret.of(Octets.hex("00112233445566778899aabbccddeeff")));
        assertEquals("AES key", key.toString());
        key.destroy();
        assertEquals("00".repeat(16), Octets.owned(key.getEncoded()).hex());
        assertTrue(key.isDestroyed());
    }
}

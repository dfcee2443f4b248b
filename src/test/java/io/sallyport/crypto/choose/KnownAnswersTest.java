package io.sallyport.crypto.choose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.testkit.FlawedEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownAnswersTest {
    private static final Cipher AES_128 = Cipher.of(Encryption.AES_CBC, 128);
    private static final EspSuite ESP =
            new EspSuite(AES_128, Integrity.HMAC_SHA1_96, Group.MODP_1024, false);
    private static final EspSuite GCM =
            new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, true);

    /// S4-10, S4-11, S4-15, S4-18: DES, 3DES, AES and all the rest.
    @Test
    void theJceEngineGivesEveryKnownAnswer() {
        Crypto crypto = EngineChooser.choose(new JceEngine());
        assertEquals(List.of(), crypto.proveAll());
        for (Group group : Group.values()) {
            assertEquals(group != Group.NONE, crypto.offers(group), group.toString());
        }
        for (Prf prf : Prf.values()) {
            assertTrue(crypto.offers(prf));
        }
        assertTrue(crypto.offers(ESP));
        assertEquals("jce", crypto.engineOf(ESP).orElseThrow());
        assertThrows(IllegalArgumentException.class, () -> crypto.agreement(Group.NONE));
    }

    @Test
    void aWrongHmacCostsThePrfAndEveryPacketWithIt() {
        Crypto crypto =
                EngineChooser.choose(
                        new FlawedEngine() {
                            @Override
                            public PrfFunction prf(Prf prf) {
                                return prf == Prf.HMAC_SHA1
                                        ? super.prf(Prf.HMAC_MD5)
                                        : super.prf(prf);
                            }
                        });
        assertFalse(crypto.offers(Prf.HMAC_SHA1));
        assertFalse(crypto.offers(ESP));
        assertTrue(crypto.offers(Prf.HMAC_SHA2_256));
        assertTrue(crypto.offers(GCM));
        assertThrows(IllegalArgumentException.class, () -> crypto.prf(Prf.HMAC_SHA1));
        assertEquals(
                List.of(
                        "flawed is not trusted with prfsha1: wrong answer to HMAC test case 2",
                        "flawed is not trusted with aes128-sha1: nobody knows prfsha1"),
                crypto.findings().stream().map(Finding::toString).toList());
    }

    @Test
    void theNextEngineTakesOver() {
        Crypto crypto =
                EngineChooser.choose(
                        new FlawedEngine() {
                            @Override
                            public PacketCipher opener(EspSuite suite, Secret key, Secret mac) {
                                PacketCipher good = super.opener(suite, key, mac);
                                return new BlindOpener(good);
                            }
                        },
                        new JceEngine());
        assertEquals("jce", crypto.engineOf(GCM).orElseThrow());
        assertEquals("flawed", crypto.findings().getFirst().engine());
        assertEquals("took a packet with a flipped bit", crypto.findings().getFirst().why());
    }

    /// Believes everything.
    private record BlindOpener(PacketCipher good) implements PacketCipher {
        @Override
        public void seal(PacketBatch batch, int from, int to) {
            good.seal(batch, from, to);
        }

        @Override
        public long open(PacketBatch batch, int from, int to) {
            good.open(batch, from, to);
            return -1L >>> (64 - (to - from));
        }

        @Override
        public void close() {
            good.close();
        }
    }

    @Test
    void aSealerThatDoesNotEncryptIsFoundOut() {
        Crypto crypto =
                EngineChooser.choose(
                        new FlawedEngine() {
                            @Override
                            public PacketCipher sealer(EspSuite suite, Secret key, Secret mac) {
                                return super.sealer(
                                        suite, Secret.owned(new byte[key.length()]), mac);
                            }
                        });
        assertFalse(crypto.offers(GCM));
        assertFalse(crypto.offers(ESP));
        assertEquals(
                List.of("refused its own packet", "did not get its own packet back"),
                crypto.findings().stream().map(Finding::why).toList());
    }

    @Test
    void wrongGroupsAndCiphersAreFoundOut() {
        Crypto crypto =
                EngineChooser.choose(
                        new FlawedEngine() {
                            @Override
                            public KeyAgreement agreement(Group group) {
                                return super.agreement(
                                        group == Group.MODP_2048 ? Group.MODP_2048_256 : group);
                            }

                            @Override
                            public MessageCipher messageCipher(Cipher cipher) {
                                MessageCipher good = super.messageCipher(cipher);
                                return new MessageCipher() {
                                    @Override
                                    public Octets encrypt(Secret key, Octets iv, Octets plain) {
                                        return good.encrypt(key, iv, plain);
                                    }

                                    @Override
                                    public Octets decrypt(Secret key, Octets iv, Octets sealed) {
                                        return sealed;
                                    }
                                };
                            }
                        });
        assertFalse(crypto.offers(Group.MODP_2048));
        assertTrue(crypto.offers(Group.MODP_1024));
        assertFalse(crypto.offers(AES_128));
        assertEquals(
                List.of(
                        "refused a good value: modp2048s256: value is outside the subgroup of"
                                + " prime order",
                        "wrong answer to RFC 3602, case 1 (decrypting)"),
                crypto.findings().stream().map(Finding::why).toList());
    }

    @Test
    void anEngineThatFallsOverIsNotOffered() {
        Crypto crypto =
                EngineChooser.choose(
                        new FlawedEngine() {
                            @Override
                            public PrfFunction prf(Prf prf) {
                                throw new IllegalStateException("no memory, key was 4a656665");
                            }
                        });
        assertFalse(crypto.offers(Prf.HMAC_SHA1));
        assertEquals("IllegalStateException", crypto.findings().getFirst().why());
    }

    @Test
    void anAlgorithmIsAskedForOnce() {
        int[] asked = new int[1];
        Crypto crypto =
                EngineChooser.choose(
                        new FlawedEngine() {
                            @Override
                            public boolean offers(Group group) {
                                asked[0]++;
                                return super.offers(group);
                            }
                        });
        for (int i = 0; i < 3; i++) {
            assertTrue(crypto.offers(Group.MODP_1024));
        }
        assertEquals(1, asked[0]);
    }
}

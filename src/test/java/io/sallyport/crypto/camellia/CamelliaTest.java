package io.sallyport.crypto.camellia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CamelliaTest {
    private static final HexFormat HEX = HexFormat.of();

    /// RFC 3713, appendix A.
    @ParameterizedTest
    @CsvSource({
        "0123456789abcdeffedcba9876543210,67673138549669730857065648eabe43",
        "0123456789abcdeffedcba98765432100011223344556677,b4993401b3e996f84ee5cee7d79b09b9",
        "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff,"
                + "9acc237dff16d76c20ef7c919e3a7509",
    })
    void theRfcsBlocks(String key, String sealed) {
        byte[] plain = HEX.parseHex("0123456789abcdeffedcba9876543210");
        byte[] block = plain.clone();
        try (Camellia camellia = new Camellia(HEX.parseHex(key))) {
            camellia.encrypt(block, 0, block, 0);
            assertEquals(sealed, HEX.formatHex(block));
            camellia.decrypt(block, 0, block, 0);
            assertArrayEquals(plain, block);
        }
    }

    /// What OpenSSL 3.0 makes of five blocks in CBC mode.
    @ParameterizedTest
    @CsvSource({
        "128,ed2ebfdba27f847756c9ea40cd380d6f603e2768fee8c106facc2ba0680a70a6"
                + "2412987128990b3ff36e5f928dea699272ad751471654519d93dde49c356b870"
                + "f44d13544747c0d1dd2fec51b659fbbb",
        "192,ffbdc1b915322a89a7de0abd8406ed1f5d1529d572c049fde204ae87c54e921f"
                + "f65c9a27db64bc2aa6cd77082d904d3a3d57e9c626f9d1a20d47ae79ebcede8f"
                + "a79a7c6bdbbef0fe2103624603f1213c",
        "256,a10e15786a7cf555015ba96aad0f782b68d03291176bb3f8b58f39a66ae612d1"
                + "12a57f837054ed78c166268d7893a181a4c3415f4eb8b6791403fa20689bb826"
                + "58e1a45941f43454ddee172f72067df4",
    })
    void blocksInAChain(int bits, String sealed) {
        MessageCipher cbc = new JceEngine().messageCipher(Cipher.of(Encryption.CAMELLIA_CBC, bits));
        byte[] key = new byte[bits / 8];
        byte[] iv = new byte[16];
        byte[] plain = new byte[80];
        for (int i = 0; i < 80; i++) {
            key[i % key.length] = (byte) (i % key.length);
            iv[i % 16] = (byte) (100 + i % 16);
            plain[i] = (byte) (7 * i);
        }
        try (Secret secret = Secret.of(key)) {
            Octets out = cbc.encrypt(secret, Octets.of(iv), Octets.of(plain));
            assertEquals(sealed, HEX.formatHex(out.toArray()));
            assertEquals(Octets.of(plain), cbc.decrypt(secret, Octets.of(iv), out));
        }
    }

    @Test
    void decryptingUndoesIt() {
        Random random = new Random(3713);
        byte[] block = new byte[48];
        for (int n = 0; n < 1_000; n++) {
            byte[] key = new byte[16 + 8 * (n % 3)];
            random.nextBytes(key);
            random.nextBytes(block);
            byte[] was = block.clone();
            Camellia camellia = new Camellia(key);
            camellia.encrypt(block, 16, block, 16);
            camellia.decrypt(block, 16, block, 16);
            assertArrayEquals(was, block);
        }
    }

    @Test
    void otherKeysAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Camellia(new byte[20]));
    }
}

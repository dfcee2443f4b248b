package io.sallyport.crypto.mschap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The published numbers: RFC 1320, A.5; RFC 2759, 9.2; RFC 3079, 3.5.
class MsChapV2Test {
    private static final Octets AUTHENTICATOR = Octets.hex("5b5d7c7d7b3f2f3e3c2c602132262628");
    private static final Octets PEER = Octets.hex("21402324255e262a28295f2b3a337c7e");
    private static final Octets USER = Octets.ascii("User");
    private static final Octets RESPONSE =
            Octets.hex("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");

    private static Secret hash() {
        return MsChapV2.passwordHash(Secret.utf8("clientPass"));
    }

    private static String hex(Secret secret) {
        return Octets.of(secret.expose()).hex();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 31d6cfe0d16ae931b73c59d7e0c089c0",
        "a, bde52cb31de33e46245e05fbdbd6fb24",
        "abc, a448017aaf21d8525fc10ae87aa6729d",
        "message digest, d9130a8164549fe818874806e1c7014b",
        "abcdefghijklmnopqrstuvwxyz, d79e1c308aa5bbcdeea8ed63df412da9",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,"
                + " 043f8582f241db351ce627e153e7f0e4",
        "1234567890123456789012345678901234567890123456789012345678901234567890"
                + "1234567890, e33b4ddc9c38f2199c3e7b164fcc0536"
    })
    void md4(String text, String digest) {
        byte[] message = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(digest, Octets.of(Md4.of(message)).hex());
    }

    @Test
    void passwordHash() {
        assertEquals("44ebba8d5312b8d611474411f56989ae", hex(hash()));
    }

    @Test
    void response() {
        assertEquals(RESPONSE, MsChapV2.response(AUTHENTICATOR, PEER, USER, hash()));
    }

    @Test
    void authenticatorResponse() {
        assertEquals(
                "S=407A5589115FD0D6209F510FE9C04566932CDA56",
                MsChapV2.authenticatorResponse(hash(), RESPONSE, PEER, AUTHENTICATOR, USER).text());
    }

    /// RFC 3079 prints the key that the server sends with.
    @Test
    void keys() {
        Octets msk = Octets.of(MsChapV2.msk(hash(), RESPONSE).expose());
        assertEquals(64, msk.length());
        assertEquals("8b7cdc149b993a1ba118cb153f56dccb", msk.slice(16, 32).hex());
        assertEquals(Octets.owned(new byte[32]), msk.slice(32, 64));
    }

    /// A password is text: what is not ASCII is two octets low end first, not UTF-8.
    @Test
    void aPasswordBeyondAscii() {
        assertEquals(
                Octets.of(Md4.of(new byte[] {(byte) 0xfc, 0})).hex(),
                hex(MsChapV2.passwordHash(Secret.utf8("ü"))));
    }
}

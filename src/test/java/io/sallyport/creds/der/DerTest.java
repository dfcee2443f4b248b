package io.sallyport.creds.der;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.creds.Fixtures;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
    /// Certificates that OpenSSL made are written again from their parts, octet for octet.
    @ParameterizedTest
    @ValueSource(strings = {"moon.der", "moon-req.der", "moon-pkcs8.der", "swan-rsa.der"})
    void whatIsReadIsWritten(String file) throws BadDer {
        Octets all = Fixtures.octets(file);
        assertEquals(all, copy(Der.parse(all)));
    }

    private static Octets copy(Der value) throws BadDer {
        if ((value.tag() & 0x20) == 0) {
            return switch (value.tag()) {
                case Tag.OID -> DerWriter.oid(value.oid());
                case Tag.INTEGER -> DerWriter.integer(value.integer());
                case Tag.UTC_TIME, Tag.GENERALIZED_TIME -> DerWriter.time(value.time());
                default -> DerWriter.value(value.tag(), value.content());
            };
        }
        Octets inside = Octets.EMPTY;
        for (DerReader reader = value.inside(); reader.hasMore(); ) {
            inside = Octets.concat(inside, copy(reader.next()));
        }
        return DerWriter.value(value.tag(), inside);
    }

    /// Indefinite, too long, longer than need be, tags of several octets: none is DER.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "3080",
                "30800000",
                "308100",
                "30817f",
                "3082007f",
                "3001",
                "3084ffffffff",
                "3085000000000000",
                "1f8101",
                "300000",
                "30830000"
            })
    void noDer(String hex) {
        assertThrows(BadDer.class, () -> Der.parse(Octets.hex(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.113549.1.1.1, 06092a864886f70d010101",
        "2.5.29.15, 0603551d0f",
        "2.999.3, 0603883703",
        "0.9, 060109"
    })
    void objectIdentifiers(String dotted, String hex) throws BadDer {
        assertEquals(Octets.hex(hex), DerWriter.oid(dotted));
        assertEquals(dotted, Der.parse(Octets.hex(hex)).oid());
    }

    @Test
    void lengths() throws BadDer {
        for (int length : List.of(0, 127, 128, 255, 256, 65_535, 65_536)) {
            Octets content = Octets.of(new byte[length]);
            Octets written = DerWriter.octetString(content);
            assertEquals(content, Der.parse(written, Tag.OCTET_STRING).content());
        }
    }

    /// X.690, 11.2.2 and RFC 5280, 4.2.1.3: keyCertSign and cRLSign are bits 5 and 6.
    @Test
    void namedBits() {
        assertEquals(Octets.hex("03020106"), DerWriter.namedBits(5, 6));
        assertEquals(Octets.hex("03020780"), DerWriter.namedBits(0));
        assertEquals(Octets.hex("0303070080"), DerWriter.namedBits(8));
        assertEquals(Octets.hex("030100"), DerWriter.namedBits());
    }

    @Test
    void times() throws BadDer {
        assertTrue(DerWriter.time(Instant.parse("2049-12-31T23:59:59Z")).text().contains("4912"));
        Instant later = Instant.parse("2050-01-01T00:00:00Z");
        assertEquals(Tag.GENERALIZED_TIME, Der.parse(DerWriter.time(later)).tag());
        assertEquals(later, Der.parse(DerWriter.time(later)).time());
        for (String bad : List.of("991332000000Z", "9901010000Z", "990101000000+0100", "")) {
            Octets value = DerWriter.value(Tag.UTC_TIME, Octets.ascii(bad));
            assertThrows(BadDer.class, () -> Der.parse(value).time(), bad);
        }
    }

    @Test
    void numbers() throws BadDer {
        assertEquals(Octets.hex("02020080"), DerWriter.integer(128));
        assertEquals(BigInteger.valueOf(-1), Der.parse(Octets.hex("0201ff")).integer());
        assertThrows(BadDer.class, () -> Der.parse(Octets.hex("0200")).integer());
        assertThrows(BadDer.class, () -> Der.parse(Octets.hex("02050000000001")).small());
    }
}

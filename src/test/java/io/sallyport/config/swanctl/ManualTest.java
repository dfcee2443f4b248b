package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.child.ManualKeys;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The section `manual`: keys from the file, no IKE (S4-04).
class ManualTest {
    private static final String KEY_256 = "0x" + "4f".repeat(32);
    private static final String KEY_128 = "0x" + "a7".repeat(16);

    /// Lines that are said later replace the same ones said before.
    private static Swanctl manual(String... more) {
        return Swanctl.read(
                """
                manual {
                  hand {
                    local_addr = 192.0.2.1
                    remote_addr = 192.0.2.2
                    esp = aes128-sha256
                    in {
                      esp_spi = 0x1001
                      esp_encryption_key = %1$s
                      esp_integrity_key = %2$s
                    }
                    out {
                      esp_spi = 4098
                      esp_encryption_key = %1$s
                      esp_integrity_key = %2$s
                      sequence = 7
                    }
                  }
                  hand {
                """
                                .formatted(KEY_128, KEY_256)
                        + String.join("\n", more)
                        + "\n}\n}\n");
    }

    private static void refused(String why, String... more) {
        Swanctl read = manual(more);
        assertEquals(List.of(), read.spec().connections());
        assertTrue(
                read.complaints().stream().anyMatch(c -> c.contains(why)),
                () -> "not '" + why + "' but " + read.complaints());
        assertFalse(read.findings().toString().matches("(?s).*(4f4f|a7a7).*"), "a key was quoted");
    }

    @Test
    void itIsATunnelWithItsSas() {
        Swanctl read = manual("local_ts = 10.1.0.0/16", "remote_ts = 10.2.0.0/16", "esn = yes");
        assertEquals(List.of(), read.complaints());
        ConnectionSpec c = read.only();
        assertEquals(new AddressSpec.Fixed(IpAddress.of("192.0.2.2")), c.remote().address());
        assertFalse(c.negotiates());
        ChildSpec child = c.children().getFirst();
        assertEquals("hand", child.name());
        assertEquals(Mode.TUNNEL, child.mode());
        assertEquals("10.1.0.0/16 === 10.2.0.0/16", child.selectors().toString());
        assertEquals(0, child.replayWindow(), "RFC 4303, 5: no replay check with manual keys");
        ManualKeys keys = child.options().manual().orElseThrow();
        assertEquals("aes128-sha256-esn", keys.suite().toString());
        Secret aes = Secret.of(HexFormat.of().parseHex("a7".repeat(16)));
        Secret sha = Secret.of(HexFormat.of().parseHex("4f".repeat(32)));
        assertEquals(new ManualKeys.Half(0x1001, aes, sha, 0), keys.in());
        assertEquals(new ManualKeys.Half(4098, aes, sha, 7), keys.out());
    }

    @Test
    void nothingOfAKeyIsPrinted() {
        String text = manual().spec().toString();
        assertFalse(text.contains("4f4f") || text.contains("a7a7"), text);
    }

    /// Converted and read again it is the same; without --secrets no key is there.
    @Test
    void itIsConverted() {
        for (String[] more :
                new String[][] {
                    {"local_ts = 10.1.0.0/16[udp/1701]", "esn = yes", "encap = yes"},
                    {"mode = beet", "replay_window = 64", "priority = 9", "copy_dscp = yes"},
                    {"esp =", "ah = aesxcbc", "in {", AH, "}", "out {", AH, "}"},
                    {"ah = aesxcbc", "in {", AH, "}", "out {", AH, "}"},
                }) {
            Swanctl first = manual(more);
            String text = SwanctlText.render(first.spec(), true);
            assertEquals(1, first.spec().connections().size(), first.complaints().toString());
            assertEquals(first.spec(), Swanctl.read(text).spec(), text);
            String shown = SwanctlText.render(first.spec(), false);
            assertFalse(shown.matches("(?s).*(4f4f|a7a7|1b1b).*"), shown);
        }
    }

    private static final String AH = "ah_spi = 0x3001\nah_integrity_key = 0x" + "1b".repeat(16);

    /// The bundle has an SA and a key for each protocol and direction (S4-28).
    @Test
    void ahGoesRoundEsp() {
        String ah = "ah_spi = 0x%s\nah_integrity_key = 0x" + "31".repeat(20);
        Swanctl read =
                manual(
                        "ah = sha1",
                        "in {",
                        ah.formatted("2001"),
                        "}\nout {",
                        ah.formatted("2002"),
                        "}");
        assertEquals(List.of(), read.complaints());
        ManualKeys keys = read.only().children().getFirst().options().manual().orElseThrow();
        assertEquals("aes128-sha256+ah-sha1", keys.suite().toString());
        assertEquals(0x2001, keys.ah().orElseThrow().in().spi());
        assertEquals(20, keys.ah().orElseThrow().out().integrityKey().length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    needs an address, not a name | remote_addr = gateway.example
                    two families | remote_addr = 2001:db8::2
                    in transport mode it is the address | mode = transport;local_ts = 10.1.0.0/16
                    one address in local_ts | mode = beet;local_ts = 10.1.0.0/16
                    nothing is negotiated here | esp = aes128-aes256-sha256
                    nothing is negotiated here | esp = aes128-sha256-modp2048
                    AH has no UDP form | encap = yes;ah = sha256
                    nonces come again | esp = aes128gcm16
                    nonces come again | esp = aes128ctr-sha256
                    reserved (RFC 4303 | in {;esp_spi = 255;}
                    out.esp_integrity_key: 0x and 64 | out {;esp_integrity_key = 0xa7a7;}
                    out.esp_integrity_key: 0x and 64 | out {;esp_integrity_key = a7a7a7a7a7a7a7a7a7;}
                    unknown setting 'esp_key' | out {;esp_key = 0xa7a7a7a7;}
                    unknown section 'inn' | inn {;}
                    number up to 0xffffffff | out {;sequence = 0x100000000;}
                    """)
    void mistakesAreTold(String why, String lines) {
        refused(why, lines.replace("esp = aes128ctr", "esp = aes128ctr").split(";"));
    }

    @Test
    void anAeadIsTakenByWhoKnows() {
        String key = "esp_encryption_key = 0x" + "11".repeat(20) + "\nesp_integrity_key =\n";
        Swanctl read =
                manual(
                        "esp = aes128gcm16",
                        "nonce_reuse = accepted",
                        "in {",
                        key,
                        "}\nout {",
                        key,
                        "}");
        assertEquals(List.of(), read.complaints());
        assertEquals(1, read.spec().connections().size());
    }
}

package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PrivateKeySpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Objects on tokens, by what swanctl.conf says of them.
class TokenSettingsTest {
    private static final String GOOD =
            """
            secrets {
                token-gateway {
                    handle = 0A01
                    slot = 1407308760
                    module = hsm
                    pin = 0x1234
                }
            }
            pkcs11 {
                hsm {
                    path = /usr/lib/softhsm/libsofthsm2.so
                }
            }
            """;

    @Test
    void aKeyOnATokenIsReadAsItIsSaid() {
        Swanctl read = Swanctl.read(GOOD);
        assertEquals(List.of(), read.complaints());
        assertEquals(
                List.of(
                        new PrivateKeySpec(
                                PrivateKeySpec.Kind.TOKEN,
                                new KeySource.Token("0A01", "1407308760", "hsm", Origin.NONE),
                                // digits of the PIN, not a way to write them
                                Secret.utf8("0x1234"))),
                read.spec().keys());
        assertEquals(
                List.of(new ModuleSpec("hsm", "/usr/lib/softhsm/libsofthsm2.so", Origin.NONE)),
                read.spec().modules());
    }

    /// For a daemon whose configuration comes by vici.
    @Test
    void aFileMayNameModulesAlone() {
        Reading read =
                ConfigReader.readTexts(
                        List.of(
                                SourceText.of(
                                        "/etc/modules.conf",
                                        GOOD.substring(GOOD.indexOf("pkcs11")))),
                        Choices.NONE);
        assertFalse(read.hasErrors());
        assertEquals("hsm", read.spec().modules().getFirst().name());
    }

    @Test
    void aPinIsShownOnlyToThoseWhoAskForSecrets() {
        Swanctl read = Swanctl.read(GOOD);
        String shown = SwanctlText.render(read.spec(), false);
        assertFalse(shown.contains("0x1234"), shown);
        assertTrue(shown.contains("handle = 0A01"), shown);
        assertTrue(SwanctlText.render(read.spec(), true).contains("pin = 0x1234"));
        assertFalse(read.spec().toString().contains("0x1234"));
    }

    @Test
    void whatIsWrongIsToldWhereItIs() {
        assertEquals(
                List.of(
                        "3:10: error: handle: this is not hexadecimal, two digits an octet: e.g. 0a01",
                        "4:8: error: slot: this is no decimal number",
                        "7:1: error: secret token-b has no handle",
                        "13:8: error: path: the path of a module is absolute",
                        "15:1: error: module none has no path"),
                Swanctl.read(
                                """
                                secrets {
                                token-a {
                                handle = 1
                                slot = 0x1
                                pin = 98765
                                }
                                token-b {
                                pin = 98765
                                }
                                }
                                pkcs11 {
                                hsm {
                                path = hsm.so
                                }
                                none {
                                }
                                }
                                """)
                        .complaints());
    }
}

package io.sallyport.drivers.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.jce.signature.JceSignatures;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.port.Tokens.Place;
import io.sallyport.model.trust.HeldKey;
import io.sallyport.testkit.SoftHsm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against SoftHSM, whose PKCS#11 we did not write: what it signs, JCE verifies.
@Tag("lab")
class SoftHsmLabTest {
    private static final Octets MESSAGE = Octets.utf8("what IKE signs in AUTH ".repeat(40));

    @TempDir Path folder;
    private SoftHsm hsm;

    @BeforeEach
    void install() throws IOException {
        hsm = SoftHsm.in(folder);
    }

    private Place place(String handle) {
        return new Place(List.of(hsm.module()), OptionalLong.empty(), Octets.hex(handle));
    }

    private static Secret pin(String text) {
        return Secret.utf8(text);
    }

    private static String why(Pkcs11Tokens tokens, Place place, String pin) {
        return assertThrows(Tokens.Unread.class, () -> tokens.key(place, pin(pin))).why();
    }

    private static int verified(HeldKey key) throws Exception {
        int made = 0;
        for (SignatureScheme scheme : SignatureScheme.values()) {
            if (key.signsBy(scheme)) {
                // IKEv1 signs a hash
                Octets message =
                        scheme == SignatureScheme.RSA_BARE ? MESSAGE.slice(0, 32) : MESSAGE;
                new JceSignatures(scheme)
                        .verify(key.publicKey(), key.sign(scheme, message), message);
                made++;
            }
        }
        return made;
    }

    @Test
    void everyKindOfKeySignsByEverySchemeThatFitsIt() throws Exception {
        hsm.token("lab");
        hsm.pair("lab", "rsa:2048", "01");
        hsm.pair("lab", "EC:prime256v1", "0256");
        hsm.pair("lab", "EC:secp384r1", "0384");
        hsm.pair("lab", "EC:secp521r1", "0521");
        hsm.pair("lab", "EC:edwards25519", "ed");
        try (Pkcs11Tokens tokens = new Pkcs11Tokens()) {
            assertEquals(8, verified(tokens.key(place("01"), pin(SoftHsm.PIN))));
            // SHA-1, and SHA-2 of three lengths, in ASN.1; and RFC 4754's of its curve
            assertEquals(5, verified(tokens.key(place("0256"), pin(SoftHsm.PIN))));
            assertEquals(5, verified(tokens.key(place("0384"), pin(SoftHsm.PIN))));
            assertEquals(5, verified(tokens.key(place("0521"), pin(SoftHsm.PIN))));
            assertEquals(1, verified(tokens.key(place("ed"), pin(SoftHsm.PIN))));
        }
    }

    @Test
    void anObjectThatIsNotThereIsToldByItsId() throws Exception {
        long slot = hsm.token("lab");
        try (Pkcs11Tokens tokens = new Pkcs11Tokens()) {
            assertEquals(
                    "module "
                            + hsm.module()
                            + ": there is no private key with the CKA_ID 07 on any token",
                    why(tokens, place("07"), SoftHsm.PIN));
            Place other =
                    new Place(List.of(hsm.module()), OptionalLong.of(slot + 77), Octets.hex("07"));
            assertEquals(
                    "module "
                            + hsm.module()
                            + ": slot "
                            + (slot + 77)
                            + ": C_GetTokenInfo: CKR_SLOT_ID_INVALID",
                    why(tokens, other, SoftHsm.PIN));
        }
    }

    @Test
    void aWrongPinIsShownOnceAndTheRightOneStillWorks() throws Exception {
        long slot = hsm.token("lab");
        hsm.pair("lab", "EC:prime256v1", "01");
        try (Pkcs11Tokens tokens = new Pkcs11Tokens()) {
            String where = "module " + hsm.module() + ": slot " + slot + " (token 'lab') ";
            assertEquals(
                    where + "refuses the PIN (C_Login: CKR_PIN_INCORRECT); it is not tried again",
                    why(tokens, place("01"), "4321"));
            assertTrue(
                    why(tokens, place("01"), "4321")
                            .startsWith(where + "refused this PIN before (CKR_PIN_INCORRECT)"));
            assertEquals(5, verified(tokens.key(place("01"), pin(SoftHsm.PIN))));
        }
    }

    /// A PIN is nobody's guess: the other token counts wrong ones, too.
    @Test
    void ofTwoTokensThatHideTheirKeysThePinIsShownToNeither() throws Exception {
        hsm.token("one");
        long two = hsm.token("two");
        hsm.pair("two", "EC:prime256v1", "02");
        try (Pkcs11Tokens tokens = new Pkcs11Tokens()) {
            // pkcs11-tool leaves the public half for everybody to see: that tells where it is
            assertEquals(5, verified(tokens.key(place("02"), pin(SoftHsm.PIN))));
            assertTrue(why(tokens, place("03"), SoftHsm.PIN).endsWith("to the right one"));
            Place there = new Place(List.of(hsm.module()), OptionalLong.of(two), Octets.hex("02"));
            assertEquals(5, verified(tokens.key(there, pin(SoftHsm.PIN))));
        }
    }

    @Test
    void aTokenThatIsTakenOutSignsNoMoreUntilItIsBack() throws Exception {
        hsm.token("lab");
        hsm.pair("lab", "EC:prime256v1", "01");
        hsm.pair("lab", "EC:prime256v1", "02");
        try (Pkcs11Tokens tokens = new Pkcs11Tokens()) {
            HeldKey one = tokens.key(place("01"), pin(SoftHsm.PIN));
            HeldKey two = tokens.key(place("02"), pin(SoftHsm.PIN));
            assertEquals(5, verified(one));
            hsm.takeOut();
            for (HeldKey key : List.of(one, two, one)) {
                String why =
                        String.valueOf(
                                assertThrows(
                                                CannotSign.class,
                                                () ->
                                                        key.sign(
                                                                SignatureScheme.ECDSA_SHA2_256,
                                                                MESSAGE))
                                        .getMessage());
                assertTrue(why.contains("token 'lab'") && why.contains("CKR_"), why);
                assertFalse(why.contains(SoftHsm.PIN), why);
            }
            hsm.putIn();
            // SoftHSM counts its handles from the beginning: each key must be found by its name
            assertEquals(5, verified(two));
            assertEquals(5, verified(one));
            assertEquals(5, verified(tokens.key(place("02"), pin(SoftHsm.PIN))));
        }
    }
}

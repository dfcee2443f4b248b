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
import io.sallyport.ffi.cryptoki.Ckr;
import io.sallyport.ffi.cryptoki.PaperModule;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.port.Tokens.Place;
import io.sallyport.model.trust.HeldKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tokens do to those who use them.
class Pkcs11TokensTest {
    private static final Octets MESSAGE = Octets.utf8("what IKE signs in AUTH");
    private static final SignatureScheme SCHEME = SignatureScheme.ECDSA_SHA2_256;
    private static final String PAPER = "/paper";

    private final PaperModule paper = new PaperModule();
    private final Pkcs11Tokens tokens =
            new Pkcs11Tokens(path -> TokenModule.of(path, paper.cryptoki()));

    @AfterEach
    void end() {
        tokens.close();
    }

    private static Place place(String... modules) {
        return new Place(List.of(modules), OptionalLong.empty(), Octets.hex("01"));
    }

    private HeldKey key(String pin) throws Tokens.Unread {
        return tokens.key(place(PAPER), Secret.utf8(pin));
    }

    private String why(String pin) {
        return assertThrows(Tokens.Unread.class, () -> key(pin)).why();
    }

    private static void verify(HeldKey key) throws Exception {
        new JceSignatures(SCHEME).verify(key.publicKey(), key.sign(SCHEME, MESSAGE), MESSAGE);
    }

    @Test
    void whatAKeySignsIsItsOwn() throws Exception {
        HeldKey key = key(PaperModule.PIN);
        assertEquals(paper.pair.getPublic(), key.publicKey());
        verify(key);
        verify(key);
        assertEquals(1, paper.shown, "one login is for all");
        assertFalse(key.signsBy(SignatureScheme.ECDSA_P384_RAW), "of another curve");
        assertFalse(key.signsBy(SignatureScheme.RSA_PSS_SHA2_256));
        assertTrue(key.toString().contains("01"));
        assertFalse(key.toString().contains(PaperModule.PIN));
    }

    /// A hash longer than the curve's order is cut: JCE verifies with the leftmost bits, too.
    @Test
    void aLongHashOnAShortCurve() throws Exception {
        HeldKey key = key(PaperModule.PIN);
        SignatureScheme longer = SignatureScheme.ECDSA_SHA2_512;
        new JceSignatures(longer).verify(key.publicKey(), key.sign(longer, MESSAGE), MESSAGE);
    }

    @Test
    void aWrongPinIsShownOnce() throws Exception {
        String first = why("9999");
        assertEquals(
                "module /paper: slot 5 (token 'paper') refuses the PIN (C_Login: CKR_PIN_INCORRECT);"
                        + " it is not tried again",
                first);
        for (int i = 0; i < 5; i++) {
            assertTrue(why("9999").contains("refused this PIN before"));
        }
        assertEquals(1, paper.shown);
        verify(key(PaperModule.PIN));
        assertEquals(2, paper.shown);
    }

    @Test
    void atItsLastTryNoPinIsShownToIt() {
        assertTrue(why("1111").contains("CKR_PIN_INCORRECT"));
        assertTrue(why("2222").contains("CKR_PIN_INCORRECT"));
        assertTrue(why(PaperModule.PIN).contains("CKF_USER_PIN_FINAL_TRY"));
        assertEquals(2, paper.shown);
        paper.wrong = 3;
        assertTrue(why(PaperModule.PIN).contains("CKF_USER_PIN_LOCKED"));
        assertEquals(2, paper.shown);
    }

    @Test
    void withoutAPinWhatIsHiddenIsNotThere() {
        assertEquals(
                "module /paper: there is no private key with the CKA_ID 01 on any token", why(""));
        assertEquals(0, paper.shown);
    }

    @Test
    void aTokenThatIsTakenOutIsMissedAndFoundAgain() throws Exception {
        HeldKey key = key(PaperModule.PIN);
        verify(key);
        paper.takeOut();
        String why =
                String.valueOf(
                        assertThrows(CannotSign.class, () -> key.sign(SCHEME, MESSAGE))
                                .getMessage());
        assertEquals(
                "module /paper: slot 5 (token 'paper'): C_SignInit: CKR_DEVICE_REMOVED, and the key"
                        + " is gone",
                why);
        paper.present = true;
        verify(key);
        assertEquals(2, paper.shown, "its PIN was good before");
    }

    @Test
    void anotherKeyInItsPlaceIsNotUsed() throws Exception {
        HeldKey key = key(PaperModule.PIN);
        paper.takeOut();
        paper.present = true;
        paper.pair = PaperModule.newPair();
        String why =
                String.valueOf(
                        assertThrows(CannotSign.class, () -> key.sign(SCHEME, MESSAGE))
                                .getMessage());
        assertTrue(why.endsWith("and now there is another key in its place"), why);
        assertEquals(0, paper.signatures);
    }

    @Test
    void aKeyThatWantsThePinEachTimeGetsIt() throws Exception {
        paper.wantsPinEachTime = true;
        HeldKey key = key(PaperModule.PIN);
        verify(key);
        verify(key);
        assertEquals(3, paper.shown);
    }

    @Test
    void whatItCannotDoItSays() throws Exception {
        HeldKey key = key(PaperModule.PIN);
        paper.signsWith = 0x6;
        String why =
                String.valueOf(
                        assertThrows(CannotSign.class, () -> key.sign(SCHEME, MESSAGE))
                                .getMessage());
        assertEquals("module /paper: slot 5 (token 'paper'): C_Sign: CKR_FUNCTION_FAILED", why);
        // The signature that was begun is in the way of the next: that one takes a new session
        paper.signsWith = Ckr.OK;
        verify(key);
    }

    @Test
    void ofTwoModulesThePinIsShownToTheOneThatShowsTheKey() throws Exception {
        PaperModule empty = new PaperModule();
        empty.takeOut();
        try (Pkcs11Tokens both =
                new Pkcs11Tokens(path ->
                        TokenModule.of(path, (path.equals(PAPER) ? paper : empty).cryptoki()))) {
            verify(both.key(place("/empty", PAPER), Secret.utf8(PaperModule.PIN)));
            assertEquals(1, paper.shown);
            Place other =
                    new Place(List.of("/empty", PAPER), OptionalLong.empty(), Octets.hex("02"));
            String why =
                    assertThrows(
                                    Tokens.Unread.class,
                                    () -> both.key(other, Secret.utf8("another's")))
                            .why();
            assertTrue(why.contains("/empty") && why.contains(PAPER), why);
            assertEquals(1, paper.shown);
        }
    }

    @Test
    void whatIsNoModuleIsTold(@TempDir Path folder) throws Exception {
        try (Pkcs11Tokens real = new Pkcs11Tokens()) {
            Path text = Files.writeString(folder.resolve("text.so"), "no library");
            for (String path : List.of("relative.so", folder + "/none.so", text.toString())) {
                String why =
                        assertThrows(Tokens.Unread.class, () -> real.key(place(path), Secret.EMPTY))
                                .why();
                assertTrue(why.startsWith("module " + path), why);
            }
        }
    }
}

package io.sallyport.wire.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Octets that are no payload, and what is said of them.
class MalformedTest {
    private static Payload parse(int type, String hex) throws MalformedException {
        Octets body = Octets.hex(hex);
        Octets header = Octets.owned(new byte[] {0, 0, 0, (byte) (4 + body.length())});
        return PayloadChain.parse(type, Octets.concat(header, body), 0).payloads().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        // SA: nothing, last substructure, length, SPI size, count of transforms, what is behind
        "33, '', last substructure of a proposal",
        "33, 01 00 0008 01 01 00 00, last substructure 1",
        "33, 02 00 0008 01 01 00 00, last substructure of a proposal",
        "33, 00 00 0003 01 01 00 00, proposal",
        "33, 00 00 0009 01 01 00 00, proposal",
        "33, 00 00 000c 01 01 04 00 01020304, SPI of 4 octets for protocol 1",
        "33, 00 00 0008 01 03 00 00, SPI of 0 octets for protocol 3",
        "33, 00 00 0010 01 02 08 00 0102030405060708, SPI of 8 octets for protocol 2",
        "33, 00 00 0008 01 01 00 01, last substructure of a transform",
        "33, 00 00 0010 01 01 00 01 03 00 0008 01 00 000c, last substructure 3 in transform 1 of 1",
        "33, 00 00 0010 01 01 00 02 00 00 0008 01 00 000c, last substructure 0 in transform 1 of 2",
        "33, 00 00 0010 01 01 00 00 00 00 0008 01 00 000c, octets behind the last of 0",
        "33, 00 00 0010 01 01 00 01 00 00 0007 01 00 000c, transform ID",
        "33, 00 00 0012 01 01 00 01 00 00 000a 01 00 000c 800e, attribute value",
        "33, 00 00 0008 01 01 00 00 ff, octets behind payload type 33",
        "34, 0013, reserved",
        "34, 0013 0000, key exchange without data",
        "35, 01 000000 010203, ID type 1 of 3",
        "36, 05 000000 01020304, ID type 5 of 4",
        "37, '', certificate encoding",
        "37, 0c 0102, hash and URL of 2",
        "39, 02 0000, reserved",
        "40, 000102030405060708090a0b0c0d0e, nonce of 15",
        "41, 00 04 0000 010203, SPI",
        "42, 01 04 0001 01020304, for protocol 1",
        "42, 03 08 0001 0102030405060708, for protocol 3",
        "42, 03 04 0002 01020304, 2 SPIs of 4",
        "44, 01 000000, TS type",
        "44, 01 000000 07 00 0003, traffic selector",
        "44, 01 000000 07 00 0010 0000 ffff 01020304 010203, traffic selector",
        "44, 01 000000 07 00 0010 0002 0001 01020304 01020304, ports 2 to 1",
        "44, 01 000000 07 00 0010 0000 ffff 01020305 01020304, addresses 1.2.3.5 to 1.2.3.4",
        "45, 01 000000 07 00 0011 0000 ffff 01020304 01020304 00, octets behind a traffic selector",
        "45, 00 000000 ff, octets behind payload type 45",
        "47, 01 000000 0001 0003 010203, INTERNAL_IP4_ADDRESS of 3",
        "47, 01 000000 7fff 0003 0102, attribute value",
        "48, 01 00 0005, EAP length 5 of 4",
        "48, 01 00 0004, EAP code 1 without a type",
        "53, 0000 0001, fragment 0 of 1",
        "53, 0002 0001, fragment 2 of 1",
        "53, 0000 0000, fragment 0 of 0",
        "5, 00, payload type 5 of IKEv1",
        "32, 00, payload type 32 of IKEv1",
    })
    void isRefusedWithAReason(int type, String hex, String reason) {
        MalformedException e = assertThrows(MalformedException.class, () -> parse(type, hex));
        assertTrue(e.what().contains(reason), e.what());
    }

    @Test
    void numbersOfVersionOneEndTheMessage() {
        for (int type = 1; type < PayloadType.FIRST; type++) {
            int old = type;
            assertThrows(MalformedException.class, () -> parse(old, ""));
        }
    }

    @Test
    void theSealedPayloadIsTheLastOfItsMessage() {
        Octets sealed = PayloadChain.emit(List.of(new Encrypted(40, Octets.hex("0102"))));
        Octets behind = PayloadChain.emit(List.of(new VendorId(Octets.EMPTY)));
        Octets header =
                Octets.hex(
                        "0000000000000001 0000000000000002 2e 20 23 08 00000001 000000"
                                + String.format("%02x", 28 + sealed.length() + behind.length()));
        MalformedException e =
                assertThrows(
                        MalformedException.class,
                        () -> Message.parse(Octets.concat(header, sealed, behind)));
        assertEquals(28 + sealed.length(), e.at());
    }

    @Test
    void nothingSealedIsInsideOfWhatWasSealed() {
        for (Payload payload :
                List.of(
                        new Encrypted(0, Octets.EMPTY),
                        new EncryptedFragment(0, 1, 1, Octets.EMPTY))) {
            Octets inner = PayloadChain.emit(List.of(payload));
            assertThrows(
                    MalformedException.class, () -> PayloadChain.parseInner(payload.type(), inner));
        }
        assertThrows(
                MalformedException.class,
                () -> PayloadChain.parseInner(PayloadType.NONE, Octets.hex("00")));
    }

    @Test
    void anotherVersionIsNotRead() {
        Octets message = Octets.hex("00".repeat(16) + "00 30 25 08 00000000 0000001c");
        assertThrows(MalformedException.class, () -> Message.parse(message));
    }

    @Test
    void thereAreLimits() {
        String proposal = "02 00 0008 01 01 00 00 ";
        refusedFor("more than 64 proposals", 33, proposal.repeat(65) + "00 00 0008 01 01 00 00");
        refusedFor(
                "more than 16 attributes",
                33,
                "00 00 0054 01 01 00 01 00 00 004c 01 00 000c " + "800e 0080 ".repeat(17));
        refusedFor("more than 1024 attributes", 47, "01 000000 " + "0001 0000 ".repeat(1025));
        List<Payload> many =
                Collections.nCopies(PayloadChain.MAX_PAYLOADS + 1, new VendorId(Octets.EMPTY));
        assertThrows(
                MalformedException.class,
                () -> PayloadChain.parse(PayloadType.VENDOR_ID, PayloadChain.emit(many), 0));
    }

    private static void refusedFor(String reason, int type, String hex) {
        Octets body = Octets.hex(hex);
        int length = 4 + body.length();
        Octets header = Octets.of((byte) 0, (byte) 0, (byte) (length >> 8), (byte) length);
        MalformedException e =
                assertThrows(
                        MalformedException.class,
                        () -> PayloadChain.parse(type, Octets.concat(header, body), 0));
        assertTrue(e.what().contains(reason), e.what());
    }

    /// RFC 7296, 3.2 and others: reserved octets are ignored on receipt.
    @ParameterizedTest
    @ValueSource(strings = {"28 7f 0014", "28 ff 0014", "28 00 0014"})
    void reservedBitsAreIgnored(String genericHeader) throws MalformedException {
        Octets nonce = Octets.hex("01".repeat(16));
        Octets second = PayloadChain.emit(List.of(new Nonce(nonce)));
        PayloadChain chain =
                PayloadChain.parse(
                        PayloadType.NONCE,
                        Octets.concat(Octets.hex(genericHeader), nonce, second),
                        0);
        assertEquals(List.of(new Nonce(nonce), new Nonce(nonce)), chain.payloads());
        Identification id = (Identification) parse(PayloadType.ID_INITIATOR, "02 ffffff 61");
        assertEquals(new Identification(true, 2, Octets.ascii("a")), id);
        assertEquals(
                Octets.hex("02 ffffff 61"),
                PayloadChain.parse(
                                PayloadType.ID_INITIATOR, Octets.hex("00 00 0009 02 ffffff 61"), 0)
                        .rawBody(PayloadType.ID_INITIATOR)
                        .orElseThrow());
    }
}

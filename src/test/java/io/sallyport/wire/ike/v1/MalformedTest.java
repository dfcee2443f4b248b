package io.sallyport.wire.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What must not be read, and where the complaint points.
class MalformedTest {
    private static final String HEADER = "0102030405060708 1112131415161718";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '"',
            textBlock =
                    """
                    SA without situation                       , 1  , 00000001 0000                             , 4
                    proposal announces a third kind            , 1  , 00000001 00000001 03000008 01010000       , 9
                    proposal longer than the SA                , 1  , 00000001 00000001 00000009 01010000       , 12
                    proposal length below its own header       , 1  , 00000001 00000001 00000003 01010000       , 12
                    proposal length zero                       , 1  , 00000001 00000001 00000000 01010000       , 12
                    octets behind the last proposal            , 1  , 00000001 00000001 00000008 01010000 ff    , 16
                    second proposal promised but not there     , 1  , 00000001 00000001 02000008 01010000       , 16
                    SPI longer than the proposal               , 1  , 00000001 00000001 00000008 01030400       , 16
                    fewer transforms than counted              , 1  , 00000001 00000001 00000008 01010001       , 16
                    more transforms than counted               , 1  , 00000001 00000001 00000010 01010000 00000008 01010000 , 16
                    last transform announces another           , 1  , 00000001 00000001 00000010 01010001 03000008 01010000 , 17
                    transform length below its own header      , 1  , 00000001 00000001 00000010 01010001 00000001 01010000 , 20
                    transform cut in its numbers               , 1  , 00000001 00000001 0000000d 01010001 00000005 01 , 21
                    attribute cut                              , 14 , 01000001 8001                             , 6
                    attribute longer than the payload          , 14 , 01000001 0001 0003 aabb                   , 8
                    attributes without identifier              , 14 , 0100                                      , 2
                    empty key exchange                         , 4  , ""                                        , 0
                    identification without port                , 5  , 01000000                                  , 4
                    IPv4 identity of three octets              , 5  , 01000000 0a0000                           , 4
                    IPv4 subnet without mask                   , 5  , 04000000 0a000000                         , 4
                    IPv6 identity of four octets               , 5  , 05000000 0a000001                         , 4
                    certificate without encoding               , 6  , ""                                        , 0
                    certificate request without type           , 7  , ""                                        , 0
                    empty hash                                 , 8  , ""                                        , 0
                    empty signature                            , 9  , ""                                        , 0
                    nonce of 7 octets                          , 10 , 01020304050607                            , 0
                    notification cut                           , 11 , 00000001 03                               , 5
                    notification with an SPI beyond its end    , 11 , 00000001 0304000e aabb                    , 8
                    delete without SPIs that it counts         , 12 , 00000001 03040001                         , 8
                    delete with half an SPI too many           , 12 , 00000001 03040001 aabbccdd eeff           , 8
                    delete of 65535 SPIs of no octets          , 12 , 00000001 0300ffff                         , 8
                    empty NAT-D                                , 20 , ""                                        , 0
                    NAT-OA of another type                     , 21 , 02000000 0a000001                         , 4
                    NAT-OA of five octets                      , 21 , 01000000 0a00000100                       , 4
                    fragment number 0                          , 132, 0001 00 01 aa                             , 4
                    fragment without data                      , 132, 0001 01 01                                , 4
                    """)
    void aPayloadIsRefused(String what, int type, String body, int at) {
        MalformedException e =
                assertThrows(MalformedException.class, () -> Payload.parse(type, Octets.hex(body)));
        assertEquals(at, e.at(), e.getMessage());
    }

    @Test
    void nonceIsBoundedAtBothEnds() throws MalformedException {
        assertEquals(8, ((Nonce) parse(PayloadType.NONCE, 8)).value().length());
        assertEquals(256, ((Nonce) parse(PayloadType.NONCE, 256)).value().length());
        assertThrows(MalformedException.class, () -> parse(PayloadType.NONCE, 257));
    }

    private static Payload parse(int type, int length) throws MalformedException {
        return Payload.parse(type, Octets.owned(new byte[length]));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "payload length 0,             0d100200 00000000 00000020 00000000,          32",
        "payload length 3,             0d100200 00000000 00000020 00000003,          32",
        "payload longer than message,  0d100200 00000000 00000020 00000005,          32",
        "reserved octet set,           0d100200 00000000 00000020 00010004,          30",
        "next payload not there,       0d100200 00000000 00000020 0d000004,          32",
        "cut generic header,           0d100200 00000000 0000001f 000000,            30",
        "octets behind last payload,   0d100200 00000000 00000021 0000000400,        32",
        "octets but no payload,        00100200 00000000 00000020 00000004,          28",
        "encrypted,                    0d100201 00000000 00000020 00000004,          19",
        "offset counts from the header, 0a100200 00000000 00000021 0000000501,       32",
    })
    void aMessageIsRefused(String what, String rest, int at) {
        MalformedException e =
                assertThrows(
                        MalformedException.class, () -> Message.parse(Octets.hex(HEADER + rest)));
        assertEquals(at, e.at(), e.getMessage());
    }

    @Test
    void oneHundredPayloadsAreAMessageAndOneMoreIsAnAttack() throws MalformedException {
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < PayloadChain.MAX_PAYLOADS; i++) {
            payloads.add(new Payload.Unknown(200, Octets.EMPTY));
        }
        Octets hundred = Message.emit(1, 0, ExchangeType.MAIN, 0, payloads);
        assertEquals(100, Message.parse(hundred).chain().entries().size());
        payloads.add(new VendorId(Octets.EMPTY));
        Octets more = Message.emit(1, 0, ExchangeType.MAIN, 0, payloads);
        assertThrows(MalformedException.class, () -> Message.parse(more));
    }

    @Test
    void anOffsetOutsideIsMalformedToo() {
        Octets octets = Octets.hex("00000004");
        for (int from : new int[] {-1, 5, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThrows(
                    MalformedException.class,
                    () -> PayloadChain.parse(PayloadType.VENDOR_ID, octets, from));
        }
    }

    @Test
    void whatDoesNotFitTheWireCannotBeMade() {
        Octets big = Octets.owned(new byte[65532]);
        assertThrows(
                IllegalArgumentException.class,
                () -> PayloadChain.emit(List.of(new VendorId(big))));
        assertThrows(IllegalArgumentException.class, () -> new Nonce(Octets.hex("01")));
        assertThrows(IllegalArgumentException.class, () -> new Hash(Octets.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> Attribute.basic(1, 65536));
        assertThrows(IllegalArgumentException.class, () -> Attribute.basic(32768, 1));
        assertThrows(IllegalArgumentException.class, () -> Attribute.number(1, 1L << 32));
        assertThrows(IllegalArgumentException.class, () -> Attribute.number(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new Payload.Unknown(0, Octets.EMPTY));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Delete(1, 3, 4, List.of(Octets.hex("0102"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Identification(Identification.IPV4_ADDR, 0, 0, Octets.hex("0a0000")));
        assertThrows(IllegalArgumentException.class, () -> new SaPayload(2, 1, List.of()));
    }
}

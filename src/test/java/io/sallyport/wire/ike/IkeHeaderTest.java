package io.sallyport.wire.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IkeHeaderTest {
    private static final Octets EMPTY_MAIN_MODE =
            Octets.hex("0102030405060708 1112131415161718 01 10 02 01 a1a2a3a4 0000001c");

    @Test
    void everyFieldIsReadWhereRfc2408DrawsIt() throws MalformedException {
        IkeHeader header = IkeHeader.parse(EMPTY_MAIN_MODE);
        assertEquals(
                new IkeHeader(
                        0x0102030405060708L,
                        0x1112131415161718L,
                        1,
                        1,
                        0,
                        2,
                        IkeHeader.FLAG_ENCRYPTION,
                        0xa1a2a3a4,
                        28),
                header);
        assertTrue(header.encrypted());
        assertEquals(EMPTY_MAIN_MODE, header.emit());
    }

    @Test
    void commitAndAuthenticationAreNotEncryption() throws MalformedException {
        byte[] octets = EMPTY_MAIN_MODE.toArray();
        octets[19] = IkeHeader.FLAG_COMMIT | IkeHeader.FLAG_AUTHENTICATION;
        assertFalse(IkeHeader.parse(Octets.of(octets)).encrypted());
    }

    @Test
    void whatIsEmittedIsReadBackForAllValues() throws MalformedException {
        Random random = new Random(28);
        for (int i = 0; i < 2000; i++) {
            int length = IkeHeader.LENGTH + random.nextInt(64);
            IkeHeader header =
                    new IkeHeader(
                            random.nextLong(),
                            random.nextLong(),
                            random.nextInt(256),
                            random.nextInt(16),
                            random.nextInt(16),
                            random.nextInt(256),
                            random.nextInt(256),
                            random.nextInt(),
                            length);
            Octets message =
                    Octets.concat(header.emit(), Octets.of(new byte[length - IkeHeader.LENGTH]));
            assertEquals(header, IkeHeader.parse(message));
        }
    }

    @Test
    void everyLengthButTheRightOneIsMalformed() {
        for (long length : new long[] {0, 27, 29, 0x7fffffffL, 0x80000000L, 0xffffffffL}) {
            byte[] octets = EMPTY_MAIN_MODE.toArray();
            for (int i = 0; i < 4; i++) {
                octets[24 + i] = (byte) (length >>> (24 - 8 * i));
            }
            MalformedException e =
                    assertThrows(
                            MalformedException.class, () -> IkeHeader.parse(Octets.of(octets)));
            assertEquals(24, e.at());
        }
    }

    @Test
    void aCutHeaderIsMalformedWhereItEnds() {
        for (int length = 0; length < IkeHeader.LENGTH; length++) {
            Octets cut = EMPTY_MAIN_MODE.slice(0, length);
            MalformedException e =
                    assertThrows(MalformedException.class, () -> IkeHeader.parse(cut));
            assertTrue(e.at() <= cut.length(), e.getMessage());
        }
    }

    @Test
    void octetsBehindTheMessageAreMalformed() {
        Octets longer = Octets.concat(EMPTY_MAIN_MODE, Octets.of((byte) 0));
        assertThrows(MalformedException.class, () -> IkeHeader.parse(longer));
    }

    @Test
    void aComplaintCostsNoStackTrace() {
        MalformedException e =
                assertThrows(MalformedException.class, () -> IkeHeader.parse(Octets.EMPTY));
        assertEquals(0, e.getStackTrace().length);
    }

    @Test
    void aFieldOutOfRangeIsABugOfTheCaller() {
        assertThrows(
                IllegalArgumentException.class, () -> new IkeHeader(0, 0, 256, 1, 0, 2, 0, 0, 28));
        assertThrows(
                IllegalArgumentException.class, () -> new IkeHeader(0, 0, 0, 16, 0, 2, 0, 0, 28));
        assertThrows(
                IllegalArgumentException.class, () -> new IkeHeader(0, 0, 0, 1, 0, 2, 0, 0, 27));
        assertThrows(
                IllegalArgumentException.class,
                () -> new IkeHeader(0, 0, 0, 1, 0, 2, 0, 0, 1L << 32));
    }
}

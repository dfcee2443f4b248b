package io.sallyport.control.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciMessage.Element;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// vici as charon writes it, and everything that is not vici.
final class ViciCodecTest {
    private static List<Octets> recorded(String file) {
        try (InputStream in = ViciCodecTest.class.getResourceAsStream(file)) {
            assertTrue(in != null, file);
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Octets.hex(line.substring(line.lastIndexOf(' ') + 1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"charon-5.9.8-ikev1.hex", "charon-5.9.8-ikev2.hex"})
    void whatCharonSaysIsReadAndWrittenOctetForOctet(String file) throws ViciException {
        List<Octets> packets = recorded(file);
        assertTrue(packets.size() > 20, "only " + packets.size());
        for (Octets packet : packets) {
            assertEquals(packet, ViciPacket.parse(packet).emit());
        }
    }

    @Test
    void anEventOfCharonIsUnderstood() throws ViciException {
        List<ViciMessage> lists = new ArrayList<>();
        for (Octets packet : recorded("charon-5.9.8-ikev1.hex")) {
            if (ViciPacket.parse(packet) instanceof ViciPacket.Event(String name, var message)
                    && name.equals("list-sa")) {
                lists.add(message);
            }
        }
        Element.Section sa = lists.getFirst().sections().getFirst();
        assertEquals("net", sa.name());
        assertEquals("ESTABLISHED", sa.content().text("state").orElseThrow());
        assertEquals(1, sa.content().number("version", 0));
        assertTrue(sa.content().flag("initiator"));
        assertFalse(sa.content().flag("no-such"));
        Element.Section child = sa.content().sections().getFirst().content().sections().getFirst();
        assertEquals(List.of(Octets.ascii("10.1.0.0/24")), child.content().items("local-ts"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "'', empty packet",
        "09, packet of unknown type",
        "00, name without a length",
        "0005 61, name of 5 octets",
        "0001 ff, name that is no UTF-8",
        "02 00, octets too many",
        "01 07, element of unknown type 7",
        "01 00, element of unknown type 0",
        "01 02, end of a section that did not begin",
        "01 0101 61, section without an end",
        "01 05 0001 61, item outside a list",
        "01 06, end of a list that did not begin",
        "01 0401 61, list without an end",
        "01 0401 61 0301 61 0000 06, element of type 3 in a list",
        "01 0401 61 0401 62 06 06, element of type 4 in a list",
        "01 0401 61 0101 62 02 06, element of type 1 in a list",
        "01 0301 61, value without a length",
        "01 0301 61 00, value without a length",
        "01 0301 61 0002 61, value of 2 octets",
        "01 0401 61 05 0009 61 06, value of 9 octets"
    })
    void whatIsNoViciIsRefusedWithAReason(String hex, String reason) {
        ViciException wrong =
                assertThrows(ViciException.class, () -> ViciPacket.parse(Octets.hex(hex)));
        assertTrue(wrong.what().contains(reason), wrong.what());
    }

    @Test
    void sectionsEndSomewhere() throws ViciException {
        String deep = "010161".repeat(ViciCodec.DEPTH_LIMIT) + "02".repeat(ViciCodec.DEPTH_LIMIT);
        assertInstanceOf(ViciPacket.Response.class, ViciPacket.parse(Octets.hex("01" + deep)));
        ViciException wrong =
                assertThrows(
                        ViciException.class,
                        () -> ViciPacket.parse(Octets.hex("01010161" + deep + "02")));
        assertTrue(wrong.what().contains("sections deep"), wrong.what());
    }

    @Test
    void whatTheFormatCannotHoldIsCut() throws ViciException {
        ViciMessage long0 = ViciMessage.with().put("n".repeat(300), "v".repeat(70_000)).done();
        ViciPacket.Response back =
                assertInstanceOf(
                        ViciPacket.Response.class,
                        ViciPacket.parse(new ViciPacket.Response(long0).emit()));
        Element.Value value =
                assertInstanceOf(Element.Value.class, back.message().elements().get(0));
        assertTrue(value.name().length() <= ViciMessage.NAME_LIMIT);
        assertEquals(ViciMessage.VALUE_LIMIT, value.data().length());
    }

    @Test
    void aMessageInALogShowsNoValue() {
        String text = ViciMessage.with().put("data", "s3cret").done().toString();
        assertFalse(text.contains("s3cret"), text);
    }

    /// Any octets are read or refused; what is read is written as it was.
    @Test
    void seededNoiseNeverEscapes() {
        Random random = new Random(20261120);
        List<Octets> seeds = new ArrayList<>(recorded("charon-5.9.8-ikev1.hex"));
        seeds.addAll(recorded("charon-5.9.8-ikev2.hex"));
        int understood = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = seeds.get(random.nextInt(seeds.size())).toArray();
            for (int i = random.nextInt(4); i >= 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(i == 0 ? 8 : 256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(octets.length + 1) : octets.length;
            Octets packet = Octets.of(octets).slice(0, length);
            try {
                assertEquals(packet, ViciPacket.parse(packet).emit());
                understood++;
            } catch (ViciException e) {
                assertFalse(e.what().isEmpty());
            }
        }
        assertTrue(understood > 1000, "only " + understood + " were vici");
    }
}

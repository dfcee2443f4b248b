package io.sallyport.wire.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.Attributes;
import io.sallyport.wire.ike.v1.Delete;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Fragment;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.IpsecAttribute;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.NatDetection;
import io.sallyport.wire.ike.v1.NatOriginalAddress;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.Phase1Attribute;
import io.sallyport.wire.ike.v1.Proposal;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.Signature;
import io.sallyport.wire.ike.v1.Transform;
import io.sallyport.wire.ike.v1.VendorId;
import io.sallyport.wire.ike.v1.VendorIds;
import io.sallyport.wire.pcap.PcapngWriter.LinkType;
import io.sallyport.wire.pcap.PcapngWriter.Resolution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A reader that is not ours, tshark, sees in our files and our messages what we put there (S1-04).
@Tag("lab")
class TsharkTest {
    private static final long INITIATOR = 0x0102030405060708L;
    private static final long RESPONDER = 0x1112131415161718L;
    private static final Octets COOKIES =
            Octets.concat(Octets.ofLong(INITIATOR), Octets.ofLong(RESPONDER));

    /// 2026-01-02 03:04:05.123456789 UTC.
    private static final long NANOS = 1_767_323_045_123_456_789L;

    @TempDir Path folder;

    @BeforeAll
    static void tsharkIsHere() {
        boolean here =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "tshark")));
        if (!here) {
            System.err.println(
                    "SKIPPED: no tshark on the PATH; nothing else reads our captures. Install"
                            + " tshark.");
        }
        assumeTrue(here, "tshark is not installed");
    }

    private static Octets udp(int port, Octets payload) {
        int length = 28 + payload.length();
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(0x45000000 | length).putInt(0).put((byte) 64).put((byte) 17);
        out.putShort((short) 0).putInt(0xc0000201).putInt(0xc0000202);
        out.putShort((short) port).putShort((short) port);
        out.putShort((short) (8 + payload.length())).putShort((short) 0);
        payload.emit(out);
        return Octets.owned(out.array());
    }

    private static Octets isakmp(int exchange, int messageId, Payload... payloads) {
        return udp(500, Message.emit(INITIATOR, RESPONDER, exchange, messageId, List.of(payloads)));
    }

    /// One row a packet, one list of values a field.
    private List<List<String>> read(Path file, String... fields)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("tshark", "-n", "-r", file.toString(), "-T", "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        Path errors = folder.resolve("errors.txt");
        Process tshark = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String text = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tshark.waitFor(), Files.readString(errors));
        return text.lines().map(line -> Arrays.asList(line.split("\t", -1))).toList();
    }

    private Path write(Octets... packets) throws IOException {
        Path file = folder.resolve("messages.pcapng");
        try (PcapngWriter writer = new PcapngWriter(Files.newOutputStream(file), "test")) {
            int tun = writer.addInterface(LinkType.RAW_IP, "tun0", Resolution.NANOSECONDS);
            for (Octets packet : packets) {
                writer.write(tun, NANOS, packet);
            }
        }
        return file;
    }

    private List<String> row(Octets packet, String... fields) throws Exception {
        List<List<String>> rows = read(write(packet), fields);
        assertEquals(1, rows.size());
        return rows.getFirst();
    }

    @Test
    void interfacesTimesAndCommentsAreSeen() throws Exception {
        Path file = folder.resolve("two.pcapng");
        Octets esp = udp(4500, Octets.concat(Octets.hex("c0ffee01 0000002a"), zeros(40)));
        Octets ethernet = Octets.concat(Octets.hex("020000000001 020000000002 0800"), esp);
        try (PcapngWriter writer = new PcapngWriter(Files.newOutputStream(file), "test")) {
            int tun = writer.addInterface(LinkType.RAW_IP, "tun0", Resolution.NANOSECONDS);
            int eth = writer.addInterface(LinkType.ETHERNET, "eth0", Resolution.MICROSECONDS);
            writer.write(tun, NANOS, esp, "outbound, sealed");
            writer.write(eth, NANOS / 1000, ethernet);
        }
        List<List<String>> rows =
                read(
                        file,
                        "frame.interface_name",
                        "frame.time_epoch",
                        "frame.comment",
                        "ip.dst",
                        "esp.spi",
                        "esp.sequence");
        assertEquals(
                List.of(
                        List.of(
                                "tun0",
                                "1767323045.123456789",
                                "outbound, sealed",
                                "192.0.2.2",
                                "0xc0ffee01",
                                "42"),
                        List.of(
                                "eth0",
                                "1767323045.123456000",
                                "",
                                "192.0.2.2",
                                "0xc0ffee01",
                                "42")),
                rows);
    }

    private static Octets zeros(int length) {
        return Octets.owned(new byte[length]);
    }

    @Test
    void phase1OfferIsSeen() throws Exception {
        SaPayload sa =
                new SaPayload(
                        List.of(
                                new Proposal(
                                        1,
                                        ProtocolId.ISAKMP,
                                        Octets.EMPTY,
                                        List.of(phase1(1, 256, 14), phase1(2, 128, 2)))));
        List<String> row =
                row(
                        isakmp(
                                ExchangeType.MAIN,
                                0,
                                sa,
                                new VendorId(VendorIds.DEAD_PEER_DETECTION)),
                        "isakmp.ispi",
                        "isakmp.rspi",
                        "isakmp.version",
                        "isakmp.exchangetype",
                        "isakmp.flags",
                        "isakmp.messageid",
                        "isakmp.length",
                        "isakmp.typepayload",
                        "isakmp.sa.doi",
                        "isakmp.sa.situation",
                        "isakmp.prop.number",
                        "isakmp.prop.transforms",
                        "isakmp.trans.number",
                        "isakmp.trans.id",
                        "isakmp.ike.attr.encryption_algorithm",
                        "isakmp.ike.attr.key_length",
                        "isakmp.ike.attr.hash_algorithm",
                        "isakmp.ike.attr.authentication_method",
                        "isakmp.ike.attr.group_description",
                        "isakmp.ike.attr.life_type",
                        "isakmp.ike.attr.life_duration",
                        "isakmp.vid_string");
        assertEquals(
                List.of(
                        "0102030405060708",
                        "1112131415161718",
                        "0x10",
                        "2",
                        "0x00",
                        "0x00000000",
                        "148",
                        "1,2,3,3,13",
                        "1",
                        "00000001",
                        "1",
                        "2",
                        "1,2",
                        "1,1",
                        "7,7",
                        "256,128",
                        "4,4",
                        "1,1",
                        "14,2",
                        "1,1",
                        "86400,86400",
                        "RFC 3706 DPD (Dead Peer Detection)"),
                row);
    }

    private static Transform phase1(int number, int keyBits, int group) {
        return new Transform(
                number,
                Phase1Attribute.KEY_IKE,
                List.of(
                        Attribute.basic(
                                Phase1Attribute.ENCRYPTION_ALGORITHM, Phase1Attribute.AES_CBC),
                        Attribute.basic(Phase1Attribute.KEY_LENGTH, keyBits),
                        Attribute.basic(Phase1Attribute.HASH_ALGORITHM, Phase1Attribute.SHA2_256),
                        Attribute.basic(
                                Phase1Attribute.AUTHENTICATION_METHOD,
                                Phase1Attribute.PRE_SHARED_KEY),
                        Attribute.basic(Phase1Attribute.GROUP_DESCRIPTION, group),
                        Attribute.basic(Phase1Attribute.LIFE_TYPE, Phase1Attribute.SECONDS),
                        Attribute.number(Phase1Attribute.LIFE_DURATION, 86400)));
    }

    @Test
    void keyExchangeAndNatDetectionAreSeen() throws Exception {
        Octets nonce = Octets.hex("a0a1a2a3a4a5a6a7a8a9");
        Octets hash = Octets.hex("000102030405060708090a0b0c0d0e0f10111213");
        List<String> row =
                row(
                        isakmp(
                                ExchangeType.MAIN,
                                0,
                                new KeyExchange(Octets.hex("b0b1b2b3b4b5b6b7")),
                                new Nonce(nonce),
                                new NatDetection(hash),
                                new NatOriginalAddress(1, Octets.hex("c0000263"))),
                        "isakmp.typepayload",
                        "isakmp.key_exchange.data",
                        "isakmp.nonce",
                        "isakmp.ike.nat_hash",
                        "isakmp.ike.nat_original_address_ipv4");
        assertEquals(
                List.of("4,10,20,21", "b0b1b2b3b4b5b6b7", nonce.hex(), hash.hex(), "192.0.2.99"),
                row);
    }

    @Test
    void phase2OfferIsSeen() throws Exception {
        Transform transform =
                new Transform(
                        1,
                        IpsecAttribute.ESP_AES_CBC,
                        List.of(
                                Attribute.basic(IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS),
                                Attribute.number(IpsecAttribute.LIFE_DURATION, 3600),
                                Attribute.basic(IpsecAttribute.GROUP_DESCRIPTION, 14),
                                Attribute.basic(
                                        IpsecAttribute.ENCAPSULATION_MODE,
                                        IpsecAttribute.UDP_TUNNEL),
                                Attribute.basic(
                                        IpsecAttribute.AUTHENTICATION_ALGORITHM,
                                        IpsecAttribute.HMAC_SHA2_256),
                                Attribute.basic(IpsecAttribute.KEY_LENGTH, 256),
                                Attribute.basic(IpsecAttribute.EXTENDED_SEQUENCE_NUMBER, 1)));
        Proposal proposal =
                new Proposal(1, ProtocolId.ESP, Octets.hex("c0ffee01"), List.of(transform));
        Octets hash = Octets.hex("000102030405060708090a0b0c0d0e0f10111213");
        List<String> row =
                row(
                        isakmp(
                                ExchangeType.QUICK,
                                0xcafe0001,
                                new Hash(hash),
                                new SaPayload(List.of(proposal)),
                                new Nonce(Octets.hex("a0a1a2a3a4a5a6a7")),
                                new Identification(
                                        Identification.IPV4_ADDR_SUBNET,
                                        17,
                                        1701,
                                        Octets.hex("c6336400ffffff00")),
                                new Identification(
                                        Identification.IPV4_ADDR_RANGE,
                                        0,
                                        0,
                                        Octets.hex("cb007101cb007109"))),
                        "isakmp.exchangetype",
                        "isakmp.messageid",
                        "isakmp.hash",
                        "isakmp.prop.protoid",
                        "isakmp.spisize",
                        "isakmp.spi",
                        "isakmp.trans.id",
                        "isakmp.ipsec.attr.life_type",
                        "isakmp.ipsec.attr.life_duration",
                        "isakmp.ipsec.attr.group_description",
                        "isakmp.ipsec.attr.encap_mode",
                        "isakmp.ipsec.attr.auth_algorithm",
                        "isakmp.ipsec.attr.key_length",
                        "isakmp.ipsec.attr.ext_seq_nbr",
                        "isakmp.id.type",
                        "isakmp.id.protoid",
                        "isakmp.id.port",
                        "isakmp.id.data.ipv4_range_start",
                        "isakmp.id.data.ipv4_range_end");
        assertEquals(
                List.of(
                        "32",
                        "0xcafe0001",
                        hash.hex(),
                        "3",
                        "4",
                        "c0ffee01",
                        "12",
                        "1",
                        "3600",
                        "14",
                        "3",
                        "5",
                        "256",
                        "1",
                        "4,7",
                        "17,0",
                        "1701,0",
                        "203.0.113.1",
                        "203.0.113.9"),
                row);
    }

    @Test
    void notificationAndDeleteAreSeen() throws Exception {
        List<String> row =
                row(
                        isakmp(
                                ExchangeType.INFORMATIONAL,
                                7,
                                new Notification(
                                        1,
                                        ProtocolId.ISAKMP,
                                        COOKIES,
                                        NotifyType.R_U_THERE,
                                        Octets.ofInt(99)),
                                new Delete(
                                        1,
                                        ProtocolId.ESP,
                                        4,
                                        List.of(Octets.hex("c0ffee01"), Octets.hex("c0ffee02")))),
                        "isakmp.notify.doi",
                        "isakmp.notify.protoid",
                        "isakmp.notify.msgtype",
                        "isakmp.notify.data.dpd.are_you_there",
                        "isakmp.delete.doi",
                        "isakmp.delete.protoid",
                        "isakmp.spinum",
                        "isakmp.delete.spi");
        assertEquals(List.of("1", "1", "36136", "99", "1", "3", "2", "c0ffee01,c0ffee02"), row);
    }

    @Test
    void identitiesSignatureAndConfigurationAreSeen() throws Exception {
        List<String> row =
                row(
                        isakmp(
                                ExchangeType.AGGRESSIVE,
                                0,
                                new Identification(
                                        Identification.FQDN, 0, 0, Octets.ascii("a.example")),
                                new Identification(
                                        Identification.IPV6_ADDR,
                                        0,
                                        0,
                                        Octets.hex("20010db8000000000000000000000001")),
                                new Signature(Octets.hex("d0d1d2d3")),
                                new Attributes(
                                        Attributes.REQUEST,
                                        513,
                                        List.of(Attribute.variable(1, Octets.EMPTY)))),
                        "isakmp.id.data.fqdn",
                        "isakmp.id.data.ipv6_addr",
                        "isakmp.sig",
                        "isakmp.cfg.type",
                        "isakmp.cfg.identifier",
                        "isakmp.cfg.attr.type");
        assertEquals(List.of("a.example", "2001:db8::1", "d0d1d2d3", "1", "513", "1"), row);
    }

    @Test
    void fragmentsAreJoined() throws Exception {
        Octets whole =
                Message.emit(
                        INITIATOR,
                        RESPONDER,
                        ExchangeType.MAIN,
                        0,
                        List.of(
                                new KeyExchange(zeros(300)),
                                new Nonce(Octets.hex("a0a1a2a3a4a5a6a7"))));
        List<List<String>> rows =
                read(
                        write(
                                isakmp(
                                        ExchangeType.MAIN,
                                        0,
                                        new Fragment(5, 1, false, whole.slice(0, 200))),
                                isakmp(
                                        ExchangeType.MAIN,
                                        0,
                                        new Fragment(
                                                5, 2, true, whole.slice(200, whole.length())))),
                        "isakmp.frag.packetid",
                        "isakmp.frag.seq",
                        "isakmp.frag.last",
                        "isakmp.nonce");
        assertEquals(List.of("0x0005", "1", "0", ""), rows.get(0));
        assertEquals(List.of("0x0005", "2", "1", "a0a1a2a3a4a5a6a7"), rows.get(1));
    }

    @Test
    void nothingIsMalformedForTshark() throws Exception {
        Path file =
                write(
                        isakmp(ExchangeType.MAIN, 0, new SaPayload(List.of())),
                        isakmp(ExchangeType.INFORMATIONAL, 1),
                        isakmp(
                                ExchangeType.QUICK,
                                2,
                                new Nonce(zeros(256)),
                                new Payload.Unknown(200, zeros(3))));
        for (List<String> row : read(file, "_ws.malformed", "_ws.expert.message")) {
            assertTrue(row.getFirst().isEmpty(), row.toString());
        }
    }
}

package io.sallyport.wire.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.testkit.Capture;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Conversation.Opened;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What two strongSwan daemons said to each other, read by us (S1-04, S4-21, S4-25).
class CapturedTest {
    private static Octets prf(Octets key, Octets... data) throws GeneralSecurityException {
        String name = key.length() == 20 || key.length() == 16 ? "HmacSHA1" : "HmacSHA256";
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(key.toArray(), name));
        return Octets.owned(mac.doFinal(Octets.concat(data).toArray()));
    }

    private static Octets raw(Opened message, Class<? extends Payload> type) {
        return message.chain().rawBody(type).orElseThrow();
    }

    @Test
    void mainModeIsSixMessagesOfThesePayloads() throws Exception {
        List<Opened> main = new Conversation("charon-main").messages.subList(0, 6);
        List<MessageKind> kinds =
                List.of(
                        MessageKind.MAIN_SA,
                        MessageKind.MAIN_SA,
                        MessageKind.MAIN_KEY,
                        MessageKind.MAIN_KEY,
                        MessageKind.MAIN_AUTH,
                        MessageKind.MAIN_AUTH);
        for (int i = 0; i < 6; i++) {
            Opened message = main.get(i);
            MessageRules.check(kinds.get(i), message.chain().payloads());
            assertEquals(i % 2 == 0, message.byInitiator());
            assertEquals(ExchangeType.MAIN, message.header().exchangeType());
            assertEquals(0, message.header().messageId());
            assertEquals(1, message.header().majorVersion());
            assertEquals(0, message.header().minorVersion());
            assertEquals(i >= 4, message.header().encrypted());
            assertEquals(i == 0, message.header().responderSpi() == 0);
            assertEquals(main.getFirst().header().initiatorSpi(), message.header().initiatorSpi());
        }
        assertEquals("SaPayload", main.get(0).names().getFirst());
        assertEquals("SaPayload", main.get(1).names().getFirst());
        List<String> key = List.of("KeyExchange", "Nonce", "NatDetection", "NatDetection");
        assertEquals(key, main.get(2).names());
        assertEquals(key, main.get(3).names());
        assertEquals(List.of("Identification", "Hash"), main.get(4).names());
        assertEquals(List.of("Identification", "Hash"), main.get(5).names());
    }

    @Test
    void mainModeOffersWhatWasConfigured() throws Exception {
        List<Opened> main = new Conversation("charon-main").messages;
        SaPayload offered = main.get(0).chain().first(SaPayload.class).orElseThrow();
        Octets lifetime = Octets.hex("3de0"); // what charon makes of its default rekey_time
        assertEquals(
                new SaPayload(
                        List.of(
                                new Proposal(
                                        1,
                                        ProtocolId.ISAKMP,
                                        Octets.EMPTY,
                                        List.of(
                                                new Transform(
                                                        1,
                                                        Phase1Attribute.KEY_IKE,
                                                        phase1(lifetime)))))),
                offered);
        SaPayload chosen = main.get(1).chain().first(SaPayload.class).orElseThrow();
        assertEquals(offered, chosen);
        List<String> vendors =
                main.get(0).chain().all(VendorId.class).stream()
                        .map(vendor -> VendorIds.name(vendor.value()))
                        .toList();
        assertEquals(
                List.of(
                        "XAuth",
                        "DPD (RFC 3706)",
                        "Cisco Unity",
                        "IKE fragmentation",
                        "NAT-T (RFC 3947)",
                        "NAT-T (draft-02\\n)"),
                vendors);
        assertEquals(
                256, main.get(2).chain().first(KeyExchange.class).orElseThrow().value().length());
        assertEquals(32, main.get(2).chain().first(Nonce.class).orElseThrow().value().length());
        assertEquals(
                new Identification(Identification.FQDN, 0, 0, Octets.ascii("left.example.net")),
                main.get(4).chain().first(Identification.class).orElseThrow());
        assertEquals(
                new Identification(Identification.FQDN, 0, 0, Octets.ascii("right.example.net")),
                main.get(5).chain().first(Identification.class).orElseThrow());
    }

    private static List<Attribute> phase1(Octets lifetime) {
        return List.of(
                Attribute.basic(Phase1Attribute.ENCRYPTION_ALGORITHM, Phase1Attribute.AES_CBC),
                Attribute.basic(Phase1Attribute.KEY_LENGTH, 128),
                Attribute.basic(Phase1Attribute.HASH_ALGORITHM, Phase1Attribute.SHA),
                Attribute.basic(Phase1Attribute.GROUP_DESCRIPTION, 14),
                Attribute.basic(
                        Phase1Attribute.AUTHENTICATION_METHOD, Phase1Attribute.PRE_SHARED_KEY),
                Attribute.basic(Phase1Attribute.LIFE_TYPE, Phase1Attribute.SECONDS),
                new Attribute(Phase1Attribute.LIFE_DURATION, true, lifetime));
    }

    /// RFC 2409, 5: "HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b )": only the
    /// exact octets of bodies without generic headers give what the peers computed.
    @ParameterizedTest
    @ValueSource(strings = {"charon-main", "charon-fragments", "charon-aggressive"})
    void rawBodiesGiveTheHashesThatThePeersComputed(String name) throws Exception {
        Conversation conversation = new Conversation(name);
        Capture capture = conversation.capture;
        boolean aggressive = name.equals("charon-aggressive");
        List<Opened> m = conversation.messages;
        Opened keyI = m.get(aggressive ? 0 : 2);
        Opened keyR = m.get(aggressive ? 1 : 3);
        Opened idI = m.get(aggressive ? 0 : 4);
        Opened idR = m.get(aggressive ? 1 : 5);
        Octets nonces = Octets.concat(raw(keyI, Nonce.class), raw(keyR, Nonce.class));
        Octets skeyid = capture.secret("SKEYID");
        if (skeyid.length() == 20) {
            assertEquals(skeyid, prf(capture.secret("psk"), nonces));
        }
        Octets gi = raw(keyI, KeyExchange.class);
        Octets gr = raw(keyR, KeyExchange.class);
        Octets ckyI = Octets.ofLong(keyR.header().initiatorSpi());
        Octets ckyR = Octets.ofLong(keyR.header().responderSpi());
        Octets sa = raw(m.get(0), SaPayload.class);
        Octets hashI = prf(skeyid, gi, gr, ckyI, ckyR, sa, raw(idI, Identification.class));
        Octets hashR = prf(skeyid, gr, gi, ckyR, ckyI, sa, raw(idR, Identification.class));
        assertEquals(capture.secret("HASH_I"), hashI);
        assertEquals(capture.secret("HASH_R"), hashR);
        assertEquals(hashI, raw(m.get(aggressive ? 2 : 4), Hash.class));
        assertEquals(hashR, raw(idR, Hash.class));
    }

    @Test
    void quickModeIsThreeMessagesOfThesePayloads() throws Exception {
        Conversation conversation = new Conversation("charon-main");
        List<Opened> quick = conversation.messages.subList(6, 9);
        MessageRules.check(MessageKind.QUICK_1, quick.get(0).chain().payloads());
        MessageRules.check(MessageKind.QUICK_2, quick.get(1).chain().payloads());
        MessageRules.check(MessageKind.QUICK_3, quick.get(2).chain().payloads());
        List<String> with =
                List.of(
                        "Hash",
                        "SaPayload",
                        "Nonce",
                        "KeyExchange",
                        "Identification",
                        "Identification");
        assertEquals(with, quick.get(0).names());
        assertEquals(with, quick.get(1).names());
        assertEquals(List.of("Hash"), quick.get(2).names());
        for (Opened message : quick) {
            assertEquals(ExchangeType.QUICK, message.header().exchangeType());
            assertTrue(message.header().encrypted());
            assertEquals(quick.getFirst().header().messageId(), message.header().messageId());
            assertTrue(message.trailing() < 16, "padding");
        }
        Proposal proposal =
                quick.get(1).chain().first(SaPayload.class).orElseThrow().proposals().getFirst();
        assertEquals(ProtocolId.ESP, proposal.protocolId());
        // The SPI in the responder's choice is the one that the initiator then sends with.
        assertEquals(proposal.spi(), conversation.capture.packets().get(0).octets().slice(0, 4));
        assertEquals(
                List.of(
                        new Transform(
                                1,
                                IpsecAttribute.ESP_AES_CBC,
                                List.of(
                                        Attribute.basic(IpsecAttribute.KEY_LENGTH, 128),
                                        Attribute.basic(
                                                IpsecAttribute.AUTHENTICATION_ALGORITHM,
                                                IpsecAttribute.HMAC_SHA),
                                        Attribute.basic(IpsecAttribute.GROUP_DESCRIPTION, 14),
                                        Attribute.basic(
                                                IpsecAttribute.ENCAPSULATION_MODE,
                                                IpsecAttribute.UDP_TUNNEL),
                                        Attribute.basic(
                                                IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS),
                                        Attribute.number(IpsecAttribute.LIFE_DURATION, 3600)))),
                proposal.transforms());
        assertEquals(
                List.of(
                        new Identification(
                                Identification.IPV4_ADDR_SUBNET,
                                0,
                                0,
                                Octets.hex("c6336400ffffff00")),
                        new Identification(
                                Identification.IPV4_ADDR_SUBNET,
                                0,
                                0,
                                Octets.hex("cb007100ffffff00"))),
                quick.get(0).chain().all(Identification.class));
    }

    /// RFC 2409, 5.5: "HASH(1) = prf(SKEYID_a, M-ID | SA | Ni [ | KE ] [ | IDci | IDcr )": here the
    /// generic headers count, up to where the chain ends and the padding begins.
    @ParameterizedTest
    @ValueSource(strings = {"charon-main", "charon-fragments", "charon-aggressive"})
    void theEndOfTheChainIsTheEndOfWhatHash1Covers(String name) throws Exception {
        Conversation conversation = new Conversation(name);
        Opened quick =
                conversation.messages.stream()
                        .filter(m -> m.header().exchangeType() == ExchangeType.QUICK)
                        .findFirst()
                        .orElseThrow();
        Octets hash = raw(quick, Hash.class);
        Octets covered = quick.plain().slice(4 + hash.length(), quick.chain().length());
        assertEquals(
                hash,
                prf(
                        conversation.capture.secret("SKEYID_a"),
                        Octets.ofInt(quick.header().messageId()),
                        covered));
        Octets padding = quick.plain().slice(quick.chain().length(), quick.plain().length());
        assertEquals(Octets.owned(new byte[padding.length()]), padding);
    }

    @Test
    void deadPeerDetectionAndDeletesAreInformational() throws Exception {
        Conversation conversation = new Conversation("charon-main");
        List<Opened> messages = conversation.messages;
        List<Opened> informational =
                messages.stream()
                        .filter(m -> m.header().exchangeType() == ExchangeType.INFORMATIONAL)
                        .toList();
        for (Opened message : informational) {
            MessageRules.check(MessageKind.INFORMATIONAL, message.chain().payloads());
        }
        IkeHeader header = messages.get(1).header();
        Octets cookies =
                Octets.concat(
                        Octets.ofLong(header.initiatorSpi()), Octets.ofLong(header.responderSpi()));
        Notification there = notification(informational, NotifyType.R_U_THERE);
        Notification ack = notification(informational, NotifyType.R_U_THERE_ACK);
        assertEquals(
                new Notification(
                        SaPayload.DOI_IPSEC,
                        ProtocolId.ISAKMP,
                        cookies,
                        NotifyType.R_U_THERE,
                        there.data()),
                there);
        assertEquals(4, there.data().length());
        assertEquals(there.data(), ack.data());
        // A delete names the SPI its sender chose, which its peer has been sending with.
        Octets espSpi = conversation.capture.packets().get(1).octets().slice(0, 4);
        List<Delete> deletes =
                informational.stream().flatMap(m -> m.chain().all(Delete.class).stream()).toList();
        assertEquals(
                List.of(
                        new Delete(1, ProtocolId.ESP, 4, List.of(espSpi)),
                        new Delete(1, ProtocolId.ISAKMP, 16, List.of(cookies))),
                deletes);
    }

    private static Notification notification(List<Opened> messages, int type) {
        return messages.stream()
                .flatMap(m -> m.chain().all(Notification.class).stream())
                .filter(n -> n.notifyType() == type)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void fragmentsJoinToMainModeThreeAndFour() throws Exception {
        Conversation conversation = new Conversation("charon-fragments");
        List<Fragment> fragments = conversation.fragments;
        assertEquals(4, fragments.size());
        for (int i = 0; i < 4; i++) {
            assertEquals(1 + i % 2, fragments.get(i).number());
            assertEquals(i % 2 == 1, fragments.get(i).last());
        }
        MessageRules.check(MessageKind.MAIN_KEY, conversation.messages.get(2).chain().payloads());
        assertEquals(
                512,
                conversation
                        .messages
                        .get(3)
                        .chain()
                        .first(KeyExchange.class)
                        .orElseThrow()
                        .value()
                        .length());
    }

    @Test
    void aggressiveModeIsThreeMessages() throws Exception {
        List<Opened> messages = new Conversation("charon-aggressive").messages;
        MessageRules.check(MessageKind.AGGRESSIVE_1, messages.get(0).chain().payloads());
        MessageRules.check(MessageKind.AGGRESSIVE_2, messages.get(1).chain().payloads());
        MessageRules.check(MessageKind.AGGRESSIVE_3, messages.get(2).chain().payloads());
        assertFalse(messages.get(1).header().encrypted());
        assertEquals(ExchangeType.AGGRESSIVE, messages.get(2).header().exchangeType());
    }

    /// We would have written every message in the same octets.
    @ParameterizedTest
    @ValueSource(strings = {"charon-main", "charon-fragments", "charon-aggressive"})
    void whatWasReadIsEmittedInTheSameOctets(String name)
            throws MalformedException, GeneralSecurityException {
        Conversation conversation = new Conversation(name);
        for (Opened message : conversation.messages) {
            IkeHeader header = message.header();
            List<Payload> payloads = message.chain().payloads();
            Octets emitted =
                    header.encrypted()
                            ? PayloadChain.emit(payloads)
                            : Message.emit(
                                    header.initiatorSpi(),
                                    header.responderSpi(),
                                    header.exchangeType(),
                                    header.messageId(),
                                    payloads);
            int end = message.plain().length() - message.trailing();
            assertEquals(message.plain().slice(0, end), emitted);
        }
        assertTrue(conversation.messages.size() >= 12);
    }
}

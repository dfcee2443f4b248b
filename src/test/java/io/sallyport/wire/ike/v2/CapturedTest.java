package io.sallyport.wire.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.wire.ike.v2.Conversation.Opened;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.AttributeType;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import io.sallyport.wire.ike.v2.number.TransformType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What two strongSwan daemons said to each other in IKEv2, read by us, and by tshark (S1-04).
class CapturedTest {
    private static MessageKind kind(Opened opened) {
        String suffix = opened.header().response() ? "_RESPONSE" : "_REQUEST";
        return MessageKind.valueOf(ExchangeType.name(opened.header().exchangeType()) + suffix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"charon-v2-psk", "charon-v2-fragments"})
    void weReadWhatTsharkReads(String name) throws Exception {
        Conversation conversation = new Conversation(name);
        assertEquals(conversation.capture.readings().size(), conversation.messages.size());
        int compared = 0;
        for (int i = 0; i < conversation.messages.size(); i++) {
            Opened opened = conversation.messages.get(i);
            assertEquals(
                    conversation.capture.readings().get(i), TsharkWords.of(opened), "message " + i);
            compared += conversation.capture.readings().get(i).size();
        }
        assertTrue(compared > 100, compared + " fields");
    }

    @ParameterizedTest
    @ValueSource(strings = {"charon-v2-psk", "charon-v2-fragments"})
    void theyObeyTheRulesAndWeWouldSayTheSame(String name) throws Exception {
        for (Opened opened : new Conversation(name).messages) {
            MessageRules.checkOutside(kind(opened), opened.outside().chain().payloads());
            if (opened.inside().isPresent()) {
                PayloadChain inside = opened.inside().get();
                MessageRules.check(kind(opened), inside.payloads());
                assertEquals(opened.plain(), PayloadChain.emit(inside.payloads()));
            }
            assertEquals(
                    opened.sent().octets(),
                    Message.emit(
                            opened.header().initiatorSpi(),
                            opened.header().responderSpi(),
                            opened.header().exchangeType(),
                            opened.header().fromInitiator(),
                            opened.header().response(),
                            opened.header().messageId(),
                            opened.outside().chain().payloads()));
        }
    }

    /// RFC 7296, 2.15: AUTH covers the first message, the other's nonce and a MAC of the body of
    /// ID.
    @ParameterizedTest
    @ValueSource(strings = {"charon-v2-psk", "charon-v2-fragments"})
    void rawBodiesAreWhatWasSigned(String name) throws Exception {
        Conversation conversation = new Conversation(name);
        List<Opened> auth =
                conversation.messages.stream()
                        .filter(m ->
                                m.header().exchangeType() == ExchangeType.IKE_AUTH
                                        && m.inside().isPresent())
                        .toList();
        for (boolean initiator : new boolean[] {true, false}) {
            Opened first = conversation.messages.get(initiator ? 0 : 1);
            Opened other = conversation.messages.get(initiator ? 1 : 0);
            int type = initiator ? PayloadType.ID_INITIATOR : PayloadType.ID_RESPONDER;
            String suffix = initiator ? "" : "-2";
            PayloadChain chain = auth.get(initiator ? 0 : 1).chain();
            assertEquals(
                    conversation.capture.secret("id-body" + suffix),
                    chain.rawBody(type).orElseThrow());
            Octets signed = conversation.capture.secret("signed-octets" + suffix);
            Octets expected =
                    Octets.concat(
                            first.sent().octets(),
                            other.chain().first(Nonce.class).orElseThrow().value());
            assertEquals(expected, signed.slice(0, expected.length()));
        }
    }

    @Test
    void aTunnelWithAVirtualAddressAndThreeSelectors() throws Exception {
        List<Opened> messages = new Conversation("charon-v2-psk").messages;
        PayloadChain answer = messages.get(3).chain();
        Configuration reply = answer.first(Configuration.class).orElseThrow();
        assertEquals(Configuration.REPLY, reply.configurationType());
        assertEquals(
                List.of(Octets.hex("0a4d0001")),
                reply.values(AttributeType.INTERNAL_IP4_ADDRESS.number()));
        assertEquals(
                List.of(Octets.hex("c0000235")),
                reply.values(AttributeType.INTERNAL_IP4_DNS.number()));
        List<TrafficSelector> theirs = answer.selectors(false).orElseThrow().ranges();
        assertEquals(
                TrafficSelector.of(IpPrefix.parse("203.0.113.0/24").orElseThrow()),
                theirs.getFirst());
        assertEquals("198.51.100.0/24[6/80-443]", theirs.get(1).toString());
        assertEquals(
                Selector.Range.icmp(8, 0),
                theirs.get(2).ports().first(),
                "echo requests: type 8 and code 0");
        SaPayload chosen = answer.first(SaPayload.class).orElseThrow();
        Proposal esp = chosen.proposals().getFirst();
        assertEquals(ProtocolId.ESP, esp.protocolId());
        assertEquals(4, esp.spi().length());
        assertEquals(128, esp.ofType(TransformType.ENCRYPTION).getFirst().keyBits().orElseThrow());
    }

    @Test
    void aChildIsRekeyedAndTheOldOneDeleted() throws Exception {
        List<Opened> messages = new Conversation("charon-v2-psk").messages;
        PayloadChain request = messages.get(4).chain();
        Optional<Notify> rekey = request.notify(NotifyType.REKEY_SA.number());
        int old = Notices.childSpi(rekey.orElseThrow());
        Delete delete = messages.get(6).chain().first(Delete.class).orElseThrow();
        assertEquals(List.of(Octets.ofInt(old)), delete.spis());
        assertEquals(Delete.ofIkeSa(), messages.get(12).chain().first(Delete.class).orElseThrow());
        Proposal ike =
                messages.get(10)
                        .chain()
                        .first(SaPayload.class)
                        .orElseThrow()
                        .proposals()
                        .getFirst();
        assertEquals(8, ike.spi().length());
    }

    @Test
    void certificatesComeInFragmentsAndTheSignatureSaysHowItWasMade() throws Exception {
        Conversation conversation = new Conversation("charon-v2-fragments");
        PayloadChain request = conversation.messages.get(4).chain();
        assertEquals(1, request.all(Certificate.class).size());
        assertEquals(
                20,
                request.first(CertificateRequest.class)
                        .orElseThrow()
                        .authorities()
                        .getFirst()
                        .length());
        Authentication.DigitalSignature signature =
                request.first(Authentication.class).orElseThrow().digitalSignature();
        // sha256WithRSAEncryption
        assertEquals("300d06092a864886f70d01010b0500", signature.algorithm().hex());
        assertEquals(256, signature.value().length());
        assertEquals(
                Authentication.of(signature), request.first(Authentication.class).orElseThrow());
    }
}

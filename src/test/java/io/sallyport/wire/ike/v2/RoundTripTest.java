package io.sallyport.wire.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is emitted is read back the same (S1-04).
class RoundTripTest {
    @Test
    void everyPayloadIsReadBackAsItWas() throws MalformedException {
        RandomPayloads random = new RandomPayloads(7296);
        Set<Class<?>> seen = new HashSet<>();
        for (int i = 0; i < 1000 * RandomPayloads.KINDS; i++) {
            Payload payload = random.ofKind(i % RandomPayloads.KINDS);
            List<Payload> alone = List.of(payload);
            PayloadChain chain = PayloadChain.parse(payload.type(), PayloadChain.emit(alone), 0);
            assertEquals(alone, chain.payloads());
            seen.add(payload.getClass());
        }
        assertEquals(
                Set.of(Payload.class.getPermittedSubclasses()), seen, "a payload without a test");
    }

    @Test
    void chainsKeepOrderPlacesAndRawBodies() throws MalformedException {
        RandomPayloads random = new RandomPayloads(7297);
        for (int i = 0; i < 2000; i++) {
            List<Payload> payloads = random.payloads(12);
            Octets before = random.octets(0, 40);
            Octets chainOctets = PayloadChain.emit(payloads);
            Octets whole = Octets.concat(before, chainOctets, random.octets(0, 16));
            PayloadChain chain =
                    PayloadChain.parse(PayloadChain.firstType(payloads), whole, before.length());
            assertEquals(payloads, chain.payloads());
            assertEquals(chainOctets.length(), chain.length());
            for (PayloadChain.Entry entry : chain.entries()) {
                assertEquals(entry.payload().body(), entry.body());
                int end = entry.at() + entry.body().length();
                assertEquals(entry.body(), whole.slice(entry.at(), end));
            }
        }
    }

    @Test
    void messagesCarryVersionTwoAndTheirFlags() throws MalformedException {
        RandomPayloads random = new RandomPayloads(7383);
        for (int i = 0; i < 500; i++) {
            List<Payload> payloads = random.payloads(8);
            boolean initiator = i % 2 == 0;
            boolean response = i % 3 == 0;
            Octets octets =
                    Message.emit(
                            i,
                            ~(long) i,
                            ExchangeType.INFORMATIONAL,
                            initiator,
                            response,
                            i * 77,
                            payloads);
            Message message = Message.parse(octets);
            assertEquals(
                    new IkeHeader(
                            i,
                            ~(long) i,
                            PayloadChain.firstType(payloads),
                            2,
                            0,
                            ExchangeType.INFORMATIONAL,
                            (initiator ? 0x08 : 0) | (response ? 0x20 : 0),
                            i * 77,
                            octets.length()),
                    message.header());
            assertEquals(initiator, message.header().fromInitiator());
            assertEquals(response, message.header().response());
            assertEquals(payloads, message.chain().payloads());
        }
    }

    @Test
    void whatIsSealedIsCutIntoItsPartsAndWhatStandsBeforeIsAssociated() throws MalformedException {
        Octets sealed = Octets.hex("0102030405060708 a1a2a3a4 f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        Octets whole =
                Message.emit(
                        1,
                        2,
                        ExchangeType.IKE_AUTH,
                        true,
                        false,
                        1,
                        List.of(new Encrypted(PayloadType.ID_INITIATOR, sealed)));
        Message message = Message.parse(whole);
        Encrypted encrypted = message.encrypted().orElseThrow();
        assertEquals(PayloadType.ID_INITIATOR, encrypted.firstType());
        assertEquals(
                new Encrypted.Parts(sealed.slice(0, 8), sealed.slice(8, 12), sealed.slice(12, 28)),
                encrypted.parts(8, 16));
        assertThrows(MalformedException.class, () -> encrypted.parts(16, 16));
        assertThrows(MalformedException.class, () -> encrypted.parts(32, 0));
        assertEquals(whole.slice(0, IkeHeader.LENGTH + 4), message.associatedData().orElseThrow());

        Octets piece =
                Message.emit(
                        1,
                        2,
                        ExchangeType.IKE_AUTH,
                        true,
                        false,
                        1,
                        List.of(new EncryptedFragment(PayloadType.NONE, 2, 3, sealed)));
        Message fragment = Message.parse(piece);
        assertFalse(fragment.encrypted().isPresent());
        assertEquals(2, fragment.fragment().orElseThrow().number());
        assertEquals(piece.slice(0, IkeHeader.LENGTH + 8), fragment.associatedData().orElseThrow());
        assertTrue(
                Message.parse(Message.emit(1, 0, 37, true, false, 0, List.of()))
                        .associatedData()
                        .isEmpty());
    }
}

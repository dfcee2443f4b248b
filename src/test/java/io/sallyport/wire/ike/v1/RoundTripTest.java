package io.sallyport.wire.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        RandomPayloads random = new RandomPayloads(2408);
        Set<Class<?>> seen = new HashSet<>();
        for (int i = 0; i < 1000 * RandomPayloads.KINDS; i++) {
            Payload payload = random.ofKind(i % RandomPayloads.KINDS);
            assertEquals(payload, Payload.parse(payload.type(), payload.body()));
            seen.add(payload.getClass());
        }
        assertEquals(
                Set.of(Payload.class.getPermittedSubclasses()), seen, "a payload without a test");
    }

    @Test
    void chainsKeepOrderAndRawBodies() throws MalformedException {
        RandomPayloads random = new RandomPayloads(2409);
        for (int i = 0; i < 2000; i++) {
            List<Payload> payloads = random.payloads(12);
            Octets before = random.octets(0, 40);
            Octets chainOctets = PayloadChain.emit(payloads);
            Octets behind = random.octets(0, 16);
            PayloadChain chain =
                    PayloadChain.parse(
                            PayloadChain.firstType(payloads),
                            Octets.concat(before, chainOctets, behind),
                            before.length());
            assertEquals(payloads, chain.payloads());
            assertEquals(chainOctets.length(), chain.length());
            for (PayloadChain.Entry entry : chain.entries()) {
                assertEquals(entry.payload().body(), entry.body());
            }
        }
    }

    @Test
    void messagesOfTheLargestDatagramSurvive() throws MalformedException {
        RandomPayloads random = new RandomPayloads(65507);
        List<Payload> payloads =
                List.of(
                        new VendorId(random.octets(40000, 40000)),
                        new Certificate(4, random.octets(25000, 25000)));
        Message message = Message.parse(Message.emit(1, 2, ExchangeType.MAIN, 0, payloads));
        assertEquals(payloads, message.chain().payloads());
    }

    @Test
    void messagesCarryVersionOneAndNoFlags() throws MalformedException {
        RandomPayloads random = new RandomPayloads(2407);
        for (int i = 0; i < 500; i++) {
            List<Payload> payloads = random.payloads(8);
            Octets octets =
                    Message.emit(i, ~(long) i, ExchangeType.INFORMATIONAL, i * 77, payloads);
            Message message = Message.parse(octets);
            assertEquals(
                    new IkeHeader(
                            i,
                            ~(long) i,
                            PayloadChain.firstType(payloads),
                            1,
                            0,
                            ExchangeType.INFORMATIONAL,
                            0,
                            i * 77,
                            octets.length()),
                    message.header());
            assertEquals(payloads, message.chain().payloads());
        }
    }

    @Test
    void numbersThatNobodyKnowsSurvive() throws MalformedException {
        Octets body = Octets.hex("00ff00ff");
        for (int type = 1; type < 256; type++) {
            if (type == 1 || type >= 4 && type <= 14 || type == 20 || type == 21 || type == 132) {
                continue;
            }
            assertEquals(new Payload.Unknown(type, body), Payload.parse(type, body));
        }
        Proposal proposal =
                new Proposal(
                        255,
                        200,
                        Octets.hex("010203"),
                        List.of(
                                new Transform(
                                        9,
                                        251,
                                        List.of(
                                                Attribute.basic(0x7fff, 65535),
                                                Attribute.variable(20000, Octets.EMPTY)))));
        SaPayload sa = new SaPayload(List.of(proposal));
        assertEquals(sa, Payload.parse(PayloadType.SA, sa.body()));
    }

    @Test
    void theSaOfAnotherDoiOrSituationIsKeptAsItIs() throws MalformedException {
        for (String hex :
                List.of("00000000 00000001", "00000002 00000001 aabb", "00000001 00000003 0102")) {
            Octets body = Octets.hex(hex);
            Payload payload = Payload.parse(PayloadType.SA, body);
            assertEquals(new Payload.Unknown(PayloadType.SA, body), payload);
            assertEquals(body, payload.body());
        }
    }

    @Test
    void numbersOfAttributesAreReadFromBothForms() throws MalformedException {
        assertEquals(65535, Attribute.number(1, 65535).number().orElseThrow());
        assertTrue(Attribute.number(1, 65535).basic());
        assertEquals(Attribute.variable(12, Octets.hex("00015180")), Attribute.number(12, 86400));
        assertEquals(86400, Attribute.number(12, 86400).number().orElseThrow());
        assertEquals(
                Long.MAX_VALUE,
                Attribute.variable(2, Octets.hex("7fffffffffffffff")).number().orElseThrow());
        // A lifetime of 2^63 must not become a negative number.
        assertTrue(Attribute.variable(2, Octets.hex("8000000000000000")).number().isEmpty());
        assertTrue(Attribute.variable(2, Octets.hex("010000000000000000")).number().isEmpty());
        assertEquals(
                5,
                Attribute.variable(2, Octets.hex("00000000000000000005")).number().orElseThrow());
        assertTrue(Attribute.variable(2, Octets.EMPTY).number().isEmpty());
    }

    @Test
    void theChainFindsPayloadsByType() throws MalformedException {
        Hash hash = new Hash(Octets.hex("01"));
        VendorId one = new VendorId(VendorIds.STRONGSWAN);
        VendorId two = new VendorId(VendorIds.XAUTH);
        List<Payload> payloads = List.of(hash, one, two);
        PayloadChain chain = PayloadChain.parse(PayloadType.HASH, PayloadChain.emit(payloads), 0);
        assertEquals(hash, chain.first(Hash.class).orElseThrow());
        assertEquals(List.of(one, two), chain.all(VendorId.class));
        assertEquals(VendorIds.STRONGSWAN, chain.rawBody(VendorId.class).orElseThrow());
        assertTrue(chain.first(Nonce.class).isEmpty());
        assertTrue(chain.rawBody(Nonce.class).isEmpty());
    }
}

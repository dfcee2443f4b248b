package io.sallyport.wire.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageRulesTest {
    private static final Map<String, Payload> PAYLOADS =
            Map.ofEntries(
                    Map.entry(
                            "SA",
                            new SaPayload(
                                    List.of(
                                            new Proposal(
                                                    1, ProtocolId.IKE, Octets.EMPTY, List.of())))),
                    Map.entry("KE", new KeyExchange(19, Octets.hex("01"))),
                    Map.entry("IDi", new Identification(true, 2, Octets.ascii("a"))),
                    Map.entry("IDr", new Identification(false, 2, Octets.ascii("b"))),
                    Map.entry("CERT", new Certificate(4, Octets.EMPTY)),
                    Map.entry("CR", new CertificateRequest(4, Octets.EMPTY)),
                    Map.entry("AUTH", new Authentication(2, Octets.EMPTY)),
                    Map.entry("NONCE", new Nonce(Octets.hex("01".repeat(16)))),
                    Map.entry("N", Notify.of(NotifyType.NO_PROPOSAL_CHOSEN)),
                    Map.entry("D", Delete.ofIkeSa()),
                    Map.entry("V", new VendorId(Octets.EMPTY)),
                    Map.entry("TSi", new TrafficSelectors(true, List.of())),
                    Map.entry("TSr", new TrafficSelectors(false, List.of())),
                    Map.entry("SK", new Encrypted(0, Octets.EMPTY)),
                    Map.entry("SKF", new EncryptedFragment(0, 2, 2, Octets.EMPTY)),
                    Map.entry("CP", new Configuration(Configuration.REQUEST, List.of())),
                    Map.entry("EAP", new Eap(Octets.hex("03010004"))),
                    Map.entry("?", new Payload.Unknown(200, false, Octets.EMPTY)));

    private static List<Payload> payloads(String names) {
        List<Payload> payloads = new ArrayList<>();
        for (String name : names.split(" ")) {
            if (!name.equals("-")) {
                payloads.add(PAYLOADS.get(name));
            }
        }
        return payloads;
    }

    @Test
    void everyPayloadHasAName() {
        // IDi and IDr are of one record, and so are TSi and TSr.
        assertEquals(Payload.class.getPermittedSubclasses().length + 2, PAYLOADS.size());
    }

    @ParameterizedTest
    @CsvSource({
        "IKE_SA_INIT_REQUEST, N SA KE NONCE V N ?",
        "IKE_SA_INIT_RESPONSE, SA KE NONCE CR N",
        "IKE_SA_INIT_RESPONSE, N",
        "IKE_SA_INIT_RESPONSE, N N V ?",
        "IKE_SESSION_RESUME_REQUEST, NONCE N",
        "IKE_SESSION_RESUME_RESPONSE, NONCE",
        "IKE_SESSION_RESUME_RESPONSE, N",
        "IKE_INTERMEDIATE_REQUEST, KE",
        "IKE_INTERMEDIATE_RESPONSE, N",
        "IKE_AUTH_REQUEST, IDi CERT CERT CR IDr AUTH CP SA TSi TSr N",
        "IKE_AUTH_REQUEST, IDi SA TSi TSr",
        "IKE_AUTH_REQUEST, IDi AUTH",
        "IKE_AUTH_REQUEST_LATER, EAP",
        "IKE_AUTH_REQUEST_LATER, AUTH N",
        "IKE_AUTH_REQUEST_LATER, IDi CERT AUTH",
        "IKE_AUTH_RESPONSE, IDr CERT AUTH CP SA TSi TSr",
        "IKE_AUTH_RESPONSE, IDr AUTH EAP",
        "IKE_AUTH_RESPONSE, EAP",
        "IKE_AUTH_RESPONSE, AUTH SA TSi TSr",
        "IKE_AUTH_RESPONSE, IDr AUTH N",
        "IKE_AUTH_RESPONSE, N",
        "CREATE_CHILD_SA_REQUEST, N SA NONCE KE TSi TSr",
        "CREATE_CHILD_SA_REQUEST, SA NONCE TSi TSr CP",
        "CREATE_CHILD_SA_REQUEST, SA NONCE KE",
        "CREATE_CHILD_SA_RESPONSE, SA NONCE KE",
        "CREATE_CHILD_SA_RESPONSE, N",
        "IKE_FOLLOWUP_KE_REQUEST, KE N",
        "IKE_FOLLOWUP_KE_RESPONSE, KE",
        "IKE_FOLLOWUP_KE_RESPONSE, N",
        "INFORMATIONAL_REQUEST, -",
        "INFORMATIONAL_REQUEST, D D N CP",
        "INFORMATIONAL_RESPONSE, -",
        "INFORMATIONAL_CLEAR, N",
    })
    void isAllowed(MessageKind kind, String names) throws MalformedException {
        MessageRules.check(kind, payloads(names));
    }

    @ParameterizedTest
    @CsvSource({
        "IKE_SA_INIT_REQUEST, -",
        "IKE_SA_INIT_REQUEST, N",
        "IKE_SA_INIT_REQUEST, SA KE",
        "IKE_SA_INIT_REQUEST, SA NONCE",
        "IKE_SA_INIT_REQUEST, KE NONCE",
        "IKE_SA_INIT_REQUEST, SA SA KE NONCE",
        "IKE_SA_INIT_REQUEST, SA KE KE NONCE",
        "IKE_SA_INIT_REQUEST, SA KE NONCE NONCE",
        "IKE_SA_INIT_REQUEST, SA KE NONCE IDi",
        "IKE_SA_INIT_REQUEST, SA KE NONCE AUTH",
        "IKE_SA_INIT_RESPONSE, -",
        "IKE_SA_INIT_RESPONSE, V",
        "IKE_SA_INIT_RESPONSE, SA N",
        "IKE_SA_INIT_RESPONSE, N NONCE",
        "IKE_SA_INIT_RESPONSE, SA KE NONCE TSi",
        "IKE_SESSION_RESUME_REQUEST, N",
        "IKE_SESSION_RESUME_REQUEST, SA NONCE",
        "IKE_INTERMEDIATE_REQUEST, KE KE",
        "IKE_INTERMEDIATE_RESPONSE, AUTH",
        "IKE_AUTH_REQUEST, AUTH SA TSi TSr",
        "IKE_AUTH_REQUEST, IDi IDi AUTH SA TSi TSr",
        "IKE_AUTH_REQUEST, IDi AUTH AUTH SA TSi TSr",
        "IKE_AUTH_REQUEST, IDi AUTH SA TSi",
        "IKE_AUTH_REQUEST, IDi AUTH SA",
        "IKE_AUTH_REQUEST, IDi AUTH TSi TSr",
        "IKE_AUTH_REQUEST, IDi AUTH SA TSi TSr KE",
        "IKE_AUTH_REQUEST, IDi EAP",
        "IKE_AUTH_REQUEST_LATER, N",
        "IKE_AUTH_REQUEST_LATER, -",
        "IKE_AUTH_REQUEST_LATER, EAP EAP",
        "IKE_AUTH_REQUEST_LATER, AUTH SA TSi TSr",
        "IKE_AUTH_RESPONSE, -",
        "IKE_AUTH_RESPONSE, IDr",
        "IKE_AUTH_RESPONSE, IDr SA TSi TSr",
        "IKE_AUTH_RESPONSE, IDr AUTH SA TSi",
        "IKE_AUTH_RESPONSE, IDr AUTH TSi TSr",
        "IKE_AUTH_RESPONSE, IDr IDi AUTH SA TSi TSr",
        "IKE_AUTH_RESPONSE, IDr SA TSi TSr N",
        "CREATE_CHILD_SA_REQUEST, SA NONCE",
        "CREATE_CHILD_SA_REQUEST, N",
        "CREATE_CHILD_SA_REQUEST, SA NONCE KE TSi",
        "CREATE_CHILD_SA_REQUEST, SA NONCE AUTH TSi TSr",
        "CREATE_CHILD_SA_REQUEST, NONCE KE TSi TSr",
        "CREATE_CHILD_SA_RESPONSE, -",
        "CREATE_CHILD_SA_RESPONSE, SA KE",
        "CREATE_CHILD_SA_RESPONSE, N SA",
        "IKE_FOLLOWUP_KE_REQUEST, N",
        "IKE_FOLLOWUP_KE_RESPONSE, KE KE",
        "INFORMATIONAL_REQUEST, SA",
        "INFORMATIONAL_REQUEST, CP CP",
        "INFORMATIONAL_RESPONSE, SK",
        "INFORMATIONAL_CLEAR, -",
        "INFORMATIONAL_CLEAR, N N",
        "INFORMATIONAL_CLEAR, N D",
    })
    void isRefused(MessageKind kind, String names) {
        assertThrows(MalformedException.class, () -> MessageRules.check(kind, payloads(names)));
    }

    /// What was not protected is never taken for what was.
    @ParameterizedTest
    @CsvSource({
        "IKE_AUTH_REQUEST, IDi AUTH",
        "IKE_AUTH_RESPONSE, N",
        "CREATE_CHILD_SA_REQUEST, SA NONCE KE",
        "INFORMATIONAL_REQUEST, -",
        "INFORMATIONAL_REQUEST, D",
        "INFORMATIONAL_REQUEST, D SK",
        "IKE_AUTH_REQUEST, N SKF",
        "IKE_SA_INIT_REQUEST, SK",
        "INFORMATIONAL_CLEAR, N SK",
    })
    void isRefusedOutside(MessageKind kind, String names) {
        assertThrows(
                MalformedException.class, () -> MessageRules.checkOutside(kind, payloads(names)));
    }

    @ParameterizedTest
    @CsvSource({
        "IKE_AUTH_REQUEST, SK",
        "IKE_AUTH_REQUEST, ? SKF",
        "INFORMATIONAL_RESPONSE, SK",
        "IKE_SA_INIT_REQUEST, SA KE NONCE",
        "INFORMATIONAL_CLEAR, N",
    })
    void isAllowedOutside(MessageKind kind, String names) throws MalformedException {
        MessageRules.checkOutside(kind, payloads(names));
    }

    /// RFC 7296, 2.5: unknown and critical is refused by name, unknown and not critical is skipped,
    /// and in what we know the bit says nothing.
    @Test
    void onlyUnknownPayloadsCanBeCritical() throws MalformedException {
        Octets known = Octets.hex("c8 80 0014 01010101010101010101010101010101");
        Octets skipped = Octets.hex("c9 00 0005 aa");
        Octets refused = Octets.hex("00 80 0004");
        PayloadChain chain =
                PayloadChain.parse(PayloadType.NONCE, Octets.concat(known, skipped, refused), 0);
        assertEquals(OptionalInt.of(201), chain.unsupportedCritical());
        assertEquals(3, chain.payloads().size());
        PayloadChain harmless =
                PayloadChain.parse(
                        PayloadType.NONCE, Octets.concat(known, Octets.hex("00 00 0005 aa")), 0);
        assertEquals(OptionalInt.empty(), harmless.unsupportedCritical());
    }
}

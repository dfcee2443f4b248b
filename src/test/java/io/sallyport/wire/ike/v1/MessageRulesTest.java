package io.sallyport.wire.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageRulesTest {
    private static final Map<String, Payload> PAYLOADS =
            Map.ofEntries(
                    Map.entry("SA", new SaPayload(List.of())),
                    Map.entry("KE", new KeyExchange(Octets.hex("01"))),
                    Map.entry("ID", new Identification(2, 0, 0, Octets.ascii("a"))),
                    Map.entry("CERT", new Certificate(4, Octets.EMPTY)),
                    Map.entry("CR", new CertificateRequest(4, Octets.EMPTY)),
                    Map.entry("HASH", new Hash(Octets.hex("01"))),
                    Map.entry("SIG", new Signature(Octets.hex("01"))),
                    Map.entry("NONCE", new Nonce(Octets.hex("0102030405060708"))),
                    Map.entry("N", new Notification(1, 1, Octets.EMPTY, 24578, Octets.EMPTY)),
                    Map.entry("D", new Delete(1, 3, 4, List.of())),
                    Map.entry("VID", new VendorId(Octets.EMPTY)),
                    Map.entry("ATTR", new Attributes(1, 1, List.of())),
                    Map.entry("NAT-D", new NatDetection(Octets.hex("01"))),
                    Map.entry("NAT-OA", new NatOriginalAddress(1, Octets.hex("01020304"))),
                    Map.entry("FRAG", new Fragment(1, 1, true, Octets.hex("01"))),
                    Map.entry("?", new Payload.Unknown(200, Octets.EMPTY)));

    private static List<Payload> payloads(String names) {
        List<Payload> payloads = new ArrayList<>();
        for (String name : names.split(" ")) {
            payloads.add(PAYLOADS.get(name));
        }
        return payloads;
    }

    @Test
    void everyPayloadHasAName() {
        assertEquals(Payload.class.getPermittedSubclasses().length, PAYLOADS.size());
    }

    @ParameterizedTest
    @CsvSource({
        "MAIN_SA, SA",
        "MAIN_SA, SA VID VID ? VID CR",
        "MAIN_KEY, KE NONCE",
        "MAIN_KEY, VID NONCE KE NAT-D NAT-D NAT-D CR",
        "MAIN_AUTH, ID HASH",
        "MAIN_AUTH, ID HASH N",
        "MAIN_AUTH, ID CERT CERT SIG CR",
        "AGGRESSIVE_1, SA KE NONCE ID VID",
        "AGGRESSIVE_2, SA KE NONCE ID HASH NAT-D NAT-D",
        "AGGRESSIVE_2, SA KE NONCE ID CERT SIG",
        "AGGRESSIVE_3, HASH NAT-D NAT-D",
        "AGGRESSIVE_3, CERT SIG",
        "QUICK_1, HASH SA NONCE",
        "QUICK_1, HASH SA NONCE KE ID ID NAT-OA NAT-OA",
        "QUICK_2, HASH SA NONCE ID ID N",
        "QUICK_2, HASH SA NONCE ID ? ID",
        "QUICK_3, HASH",
        "QUICK_3, HASH N",
        "INFORMATIONAL, HASH N",
        "INFORMATIONAL, HASH D D N",
        "INFORMATIONAL_CLEAR, N",
        "TRANSACTION, HASH ATTR",
    })
    void isAllowed(MessageKind kind, String names) throws MalformedException {
        MessageRules.check(kind, payloads(names));
    }

    @ParameterizedTest
    @CsvSource({
        "MAIN_SA, VID",
        "MAIN_SA, VID SA",
        "MAIN_SA, SA SA",
        "MAIN_SA, SA KE",
        "MAIN_SA, SA FRAG",
        "MAIN_KEY, KE",
        "MAIN_KEY, NONCE",
        "MAIN_KEY, KE NONCE NONCE",
        "MAIN_KEY, KE KE NONCE",
        "MAIN_KEY, KE NONCE ID",
        "MAIN_AUTH, ID",
        "MAIN_AUTH, HASH",
        "MAIN_AUTH, ID ID HASH",
        "MAIN_AUTH, ID HASH SIG",
        "MAIN_AUTH, ID HASH HASH",
        "MAIN_AUTH, ID HASH SA",
        "AGGRESSIVE_1, SA KE NONCE",
        "AGGRESSIVE_1, KE SA NONCE ID",
        "AGGRESSIVE_2, SA KE NONCE ID",
        "AGGRESSIVE_3, N",
        "QUICK_1, SA HASH NONCE",
        "QUICK_1, HASH NONCE SA",
        "QUICK_1, HASH SA",
        "QUICK_1, HASH SA NONCE ID",
        "QUICK_1, HASH SA NONCE ID ID ID",
        "QUICK_1, HASH SA SA NONCE",
        "QUICK_1, HASH SA NONCE KE KE",
        "QUICK_1, HASH HASH SA NONCE",
        "QUICK_1, HASH SA NONCE NAT-OA NAT-OA NAT-OA",
        "QUICK_1, HASH SA NONCE D",
        "QUICK_2, SA NONCE",
        "QUICK_3, N",
        "QUICK_3, HASH NONCE",
        "INFORMATIONAL, N",
        "INFORMATIONAL, N HASH",
        "INFORMATIONAL, HASH ATTR",
        "INFORMATIONAL_CLEAR, HASH N",
        "TRANSACTION, HASH",
        "TRANSACTION, ATTR HASH",
        "TRANSACTION, HASH ATTR ATTR",
    })
    void isRefused(MessageKind kind, String names) {
        assertThrows(MalformedException.class, () -> MessageRules.check(kind, payloads(names)));
    }

    @ParameterizedTest
    @CsvSource({
        "MAIN_SA",
        "MAIN_KEY",
        "MAIN_AUTH",
        "AGGRESSIVE_1",
        "AGGRESSIVE_2",
        "AGGRESSIVE_3",
        "QUICK_1",
        "QUICK_2",
        "QUICK_3",
        "INFORMATIONAL",
        "TRANSACTION",
    })
    void nothingIsRefused(MessageKind kind) {
        assertThrows(MalformedException.class, () -> MessageRules.check(kind, List.of()));
    }
}

package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may be said of EAP, at either end, and what is refused.
class EapSettingsTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    2, eap-mschapv2, pubkey,       1, ''
                    2, eap,          pubkey,       1, ''
                    0, eap-mschapv2, pubkey,       1, ''
                    2, eap-mschapv2, psk,          1, each of its clients can pose as the gateway
                    2, eap-md5,      pubkey,       1, which leaves no key: who sits between
                    2, eap-gtc,      pubkey,       1, which leaves no key: who sits between
                    2, eap-md5,      psk,          0, use auth = pubkey for the gateway
                    2, eap-gtc,      psk,          0, use auth = pubkey for the gateway
                    2, eap-ttls,     pubkey,       0, which we do not have
                    2, eap-tls,      pubkey,       1, ''
                    2, eap-tls,      eap-tls,      1, ''
                    2, eap-tls,      eap-mschapv2, 0, which only eap-tls may
                    2, eap-mschapv2, eap-mschapv2, 0, one of them needs a key
                    1, eap-mschapv2, pubkey,       0, which is IKEv2
                    """)
    void eachPair(int version, String client, String gateway, int taken, String told) {
        for (String[] ends :
                List.of(new String[] {client, gateway}, new String[] {gateway, client})) {
            Reading reading =
                    Texts.text(
                            "swanctl.conf",
                            """
                            connections { rw {
                              version = %d
                              local_addrs = 192.0.2.1
                              remote_addrs = 192.0.2.2
                              local { auth = %s
                                id = a.example }
                              remote { auth = %s
                                id = b.example }
                              children { net { } }
                            } }
                            secrets { ike-a { secret = "correct horse battery" }
                              eap-carol { id = carol
                                secret = "a password" } }
                            """
                                    .formatted(version, ends[0], ends[1]),
                            Choices.NONE);
            List<String> messages = Texts.messages(reading);
            assertEquals(taken, reading.spec().connections().size(), messages::toString);
            assertTrue(
                    messages.stream().anyMatch(m -> m.contains(told)) || told.isEmpty(),
                    messages::toString);
        }
    }
}

package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `auth = null` (RFC 7619): what is taken, what is warned of, and what is refused.
class NullSettingsTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    2, null,   pubkey,       no,      '',           1, ''
                    2, pubkey, null,         no,      '',           1, protects against those who only listen
                    2, null,   null,         never,   '',           1, protects against those who only listen
                    1, null,   psk,          no,      '',           0, which is IKEv2
                    2, psk,    null,         replace, '',           0, use unique = never
                    2, psk,    null,         keep,    '',           0, use unique = never
                    2, psk,    null,         no,      pools = rw,   0, lends addresses to peers that nobody
                    2, null,   eap-mschapv2, no,      '',           0, and EAP for the other
                    """)
    void eachPair(
            int version,
            String local,
            String remote,
            String unique,
            String more,
            int taken,
            String told) {
        Reading reading =
                Texts.text(
                        "swanctl.conf",
                        """
                        connections { rw {
                          version = %d
                          local_addrs = 192.0.2.1
                          remote_addrs = 192.0.2.2
                          unique = %s
                          %s
                          local { auth = %s }
                          remote { auth = %s }
                          children { net { } }
                        } }
                        pools { rw { addrs = 10.9.0.0/24 } }
                        secrets { ike-a { secret = "correct horse battery" }
                          eap-carol { id = carol
                            secret = "a password" } }
                        """
                                .formatted(version, unique, more, local, remote),
                        Choices.NONE);
        List<String> messages = Texts.messages(reading);
        assertEquals(taken, reading.spec().connections().size(), messages::toString);
        assertTrue(
                messages.stream().anyMatch(m -> m.contains(told)) || told.isEmpty(),
                messages::toString);
    }
}

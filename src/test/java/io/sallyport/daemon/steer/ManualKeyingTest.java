package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.daemon.host.HostPlanner;
import io.sallyport.daemon.loop.TrafficLedger;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// SAs that a person keyed (S4-04).
class ManualKeyingTest {
    private final Crypto crypto = EngineChooser.choose(new JceEngine());
    private final UserspaceBackend backend = new UserspaceBackend(List.of(crypto));
    private final TrafficLedger traffic = new TrafficLedger();
    private final ManualKeying manual = new ManualKeying(backend, traffic);

    private static VpnSpec hand() {
        Reading read =
                ConfigReader.readTexts(
                        List.of(
                                SourceText.of(
                                        "manual.swanctl.conf",
                                        """
                                        manual {
                                          hand {
                                            local_addr = 192.0.2.1
                                            remote_addr = 192.0.2.2
                                            local_ts = 10.1.0.0/16
                                            remote_ts = 10.2.0.0/16
                                            esp = aes128-sha256
                                            in {
                                              esp_spi = 0x1001
                                              esp_encryption_key = 0xKEYS
                                              esp_integrity_key = 0xKEYSKEYS
                                            }
                                            out {
                                              esp_spi = 0x1002
                                              esp_encryption_key = 0xKEYS
                                              esp_integrity_key = 0xKEYSKEYS
                                            }
                                          }
                                        }
                                        """
                                                .replace("KEYS", "4f".repeat(16)))),
                        Choices.NONE);
        assertEquals(List.of(), read.findings());
        return read.spec();
    }

    /// `status` shows what such a tunnel carried, as that of any other.
    @Test
    void whatItCarriesIsInTheLedger() {
        backend.link("", 0);
        VpnSpec vpn = hand();
        ConnectionSpec connection = vpn.connections().getFirst();
        Owner owner = HostPlanner.owner(connection, connection.children().getFirst());
        List<Event> news = manual.settle(vpn, Set.of(), 7);
        assertEquals(1, news.size());
        SaUsage much = new SaUsage(3, 300, 2, 200, 9, 9);
        assertEquals(3, traffic.total(owner, _ -> much).packetsIn());
        manual.settle(vpn, Set.of(connection.name()), 8);
        assertEquals(0, traffic.total(owner, _ -> much).packetsIn(), "it is gone");
    }
}

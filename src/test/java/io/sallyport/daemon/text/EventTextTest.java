package io.sallyport.daemon.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.time.Clock;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.SelectorPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTextTest {
    private static final Path PATH =
            new Path(
                    new Endpoint(IpAddress.of("62.81.252.34"), 4500),
                    new Endpoint(IpAddress.of("52.50.67.155"), 4500));

    private static ChildSa child() {
        TrafficSelector any = TrafficSelector.of(IpPrefix.ALL4);
        return new ChildSa(
                7,
                new Owner("Tunnel1", "Tunnel1", "Tunnel1"),
                new EspSuite(
                        Cipher.of(Encryption.AES_CBC, 128),
                        Integrity.HMAC_SHA1_96,
                        Group.MODP_1024,
                        false),
                new SaHalf(0xc3a80a1f, Secret.utf8("inboundsecretkey"), Secret.utf8("k")),
                new SaHalf(0x0badcafe, Secret.utf8("outboundsecretky"), Secret.utf8("k")),
                new SelectorPair(List.of(any), List.of(any)),
                new Carriage(PATH, true),
                new ChildSa.Handling(Mode.TUNNEL, 1024));
    }

    private static final IkeSaView.Keys KEYS =
            new IkeSaView.Keys("a", "b", "aes128-sha1-modp1024", true, "IKEv1");

    private static String text(Event event) {
        return EventText.of(event).toString();
    }

    @Test
    void linesSayWhoWhatAndWhy() {
        assertEquals(
                "Tunnel1: IKE SA established with 52.50.67.155:4500 as initiator,"
                        + " aes128-sha1-modp1024",
                text(new Event.IkeEstablished("Tunnel1", PATH, KEYS, false)));
        assertEquals(
                "Tunnel1: child Tunnel1 is up, SPIs c3a80a1f in 0badcafe out,"
                        + " aes128-sha1-modp1024, ESP in UDP, 0.0.0.0/0 === 0.0.0.0/0",
                text(new Event.ChildEstablished("Tunnel1", child(), false)));
        assertEquals(
                "Tunnel1: child Tunnel1, SPIs c3a80a1f in 0badcafe out, closed: peer deleted it;"
                        + " it was the last one, the child is down",
                text(new Event.ChildClosed("Tunnel1", child(), "peer deleted it", true)));
        assertEquals(
                "Tunnel1: peer 52.50.67.155:4500 is dead: silent for 30.1 s",
                text(new Event.PeerDead("Tunnel1", PATH, KEYS, 30_100_000_000L)));
        assertEquals(
                "Tunnel1: we are behind NAT", text(new Event.NatFound("Tunnel1", true, false)));
    }

    @Test
    void aFailureNamesBothOffersAndTheLineOfTheFile() {
        assertEquals(
                "Tunnel1 (52.50.67.155): main mode failed: no proposal chosen; ours: aes128-sha1;"
                        + " theirs: 3des-md5 [ipsec.conf:12]",
                text(
                        new Event.Failed(
                                new Failure(
                                        "Tunnel1",
                                        "52.50.67.155",
                                        "main mode",
                                        "no proposal chosen",
                                        "aes128-sha1",
                                        "3des-md5",
                                        new Origin("ipsec.conf", 12)))));
    }

    @Test
    void noKeyAndNoControlCharacterReachesALine() {
        assertFalse(
                text(new Event.IkeKeysForExport("Tunnel1", "0102030405060708", "deadbeefdeadbeef"))
                        .contains("deadbeef"));
        assertFalse(text(new Event.ChildEstablished("Tunnel1", child(), false)).contains("secret"));
        assertEquals(
                "evil?[2Jnotify",
                new LogLine(LogLine.Level.INFO, "", "evil\u001b[2Jnotify").toString());
    }

    @Test
    void theRingKeepsTheLastLinesAndFollowersMissNone() {
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return 0;
                    }

                    @Override
                    public Instant now() {
                        return Instant.EPOCH;
                    }
                };
        LogRing ring = new LogRing(clock, 3);
        for (int i = 0; i < 5; i++) {
            ring.add(LogLine.info("line " + i));
        }
        List<String> seen = new ArrayList<>();
        LogRing.Following following = ring.follow(2, e -> seen.add(e.line().text()));
        ring.add(LogLine.info("line 5"));
        following.close();
        ring.add(LogLine.info("line 6"));
        assertEquals(List.of("line 3", "line 4", "line 5"), seen);
        assertEquals(
                List.of("line 4", "line 5", "line 6"),
                ring.last(9).stream().map(e -> e.line().text()).toList());
    }
}

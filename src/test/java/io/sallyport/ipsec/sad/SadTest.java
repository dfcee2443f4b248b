package io.sallyport.ipsec.sad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.ToyEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// S1-05, S4-27, S4-30: SAs by SPI, each with numbers of its own.
class SadTest {
    private static EspSuite suite(boolean esn) {
        return new EspSuite(Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, esn);
    }

    private static ChildSa child(int spi, boolean esn) {
        Secret key = Secret.of(new byte[20]);
        SaHalf half = new SaHalf(spi, key, Secret.EMPTY);
        TrafficSelector any = TrafficSelector.of(IpPrefix.of("0.0.0.0/0"));
        Endpoint here = new Endpoint(IpAddress.of("192.0.2.1"), 4500);
        return new ChildSa(
                spi,
                new Owner("c", "n", ""),
                suite(esn),
                half,
                half,
                new SelectorPair(List.of(any), List.of(any)),
                new Carriage(new Path(here, here), true),
                new ChildSa.Handling(Mode.TUNNEL, 64));
    }

    private static PacketCipher cipher() {
        return new ToyEngine().opener(suite(false), Secret.of(new byte[20]), Secret.EMPTY);
    }

    @Test
    void agreesWithAMapThroughEveryChange() {
        Random random = new Random(9);
        Sad sad = new Sad();
        Map<Integer, InboundSa> truth = new HashMap<>();
        List<Integer> spis = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            // SPIs with little difference, so that they meet in the table
            int spi = 256 + random.nextInt(600) * (random.nextBoolean() ? 1 : 4096);
            InboundSa known = truth.get(spi);
            if (known == null) {
                InboundSa sa = new InboundSa(child(spi, false), 0, cipher());
                sad.add(sa);
                truth.put(spi, sa);
                spis.add(spi);
            } else if (random.nextInt(3) > 0) {
                sad.remove(known);
                truth.remove(spi);
            } else {
                InboundSa twin = new InboundSa(child(spi, false), 0, cipher());
                assertThrows(IllegalArgumentException.class, () -> sad.add(twin));
                sad.remove(twin); // is not the one in the table
            }
            for (int k = 0; k < 20; k++) {
                int asked = spis.get(random.nextInt(spis.size()));
                assertSame(truth.get(asked), sad.find(asked));
            }
            assertEquals(truth.size(), sad.count());
        }
        assertNull(sad.find(0));
    }

    /// RFC 4303, 3.3.3: numbers begin at 1 and never wrap.
    @Test
    void sequenceNumbersEndAndNeverWrap() {
        OutboundSa fresh = new OutboundSa(child(1000, false), cipher());
        assertEquals(0, fresh.numbers().take(1));
        assertEquals(1, fresh.sequence());
        OutboundSa old = new OutboundSa(child(1000, false), cipher(), 0xfffffffdL);
        assertEquals(0xfffffffdL, old.numbers().take(1));
        assertEquals(0xfffffffeL, old.numbers().take(3));
        assertEquals(1, old.numbers().granted(0xfffffffeL, 3));
        for (int i = 0; i < 2; i++) {
            assertEquals(0xffffffffL, old.numbers().take(2));
            assertEquals(0, old.numbers().granted(0xffffffffL, 2));
            assertEquals(0xffffffffL, old.sequence());
        }
        OutboundSa esn = new OutboundSa(child(1000, true), cipher(), 0xffffffffL);
        assertEquals(0xffffffffL, esn.numbers().take(1));
        assertEquals(0x1_0000_0000L, esn.sequence());
    }

    @Test
    void layoutPadsToFourAtLeast() {
        EspLayout gcm = EspLayout.of(suite(false));
        assertEquals(new EspLayout(4, 8, 16), gcm);
        for (int payload = 0; payload < 70; payload++) {
            assertEquals(0, (payload + 2 + gcm.padding(payload)) % 4);
        }
        EspLayout cbc =
                EspLayout.of(
                        new EspSuite(
                                Cipher.of(Encryption.AES_CBC, 256),
                                Integrity.HMAC_SHA2_256_128,
                                Group.NONE,
                                false));
        assertEquals(new EspLayout(16, 16, 16), cbc);
        assertEquals(0, cbc.padding(14));
        assertEquals(15, cbc.padding(15));
        assertEquals(8 + 16 + 16 + 16, cbc.smallest());
    }
}

package io.sallyport.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whoever has an SA with us is no stranger: from before its first packet until after its last.
class SenderLedgerTest {
    private static final IpAddress A = IpAddress.of("192.0.2.1");
    private static final IpAddress B = IpAddress.of("192.0.2.9");

    private final UserspaceBackend backend = new UserspaceBackend(List.of(new ToyEngine()));
    private final List<Optional<Map<Integer, IpAddress>>> told = new ArrayList<>();

    private static Carriage from(IpAddress peer) {
        return new Carriage(
                new Path(new Endpoint(IpAddress.of("192.0.2.2"), 4500), new Endpoint(peer, 4500)),
                true);
    }

    private void install(int spi) {
        Secret key = Secret.of(new byte[20]);
        SaHalf half = new SaHalf(spi, key, Secret.EMPTY);
        TrafficSelector any = TrafficSelector.of(IpPrefix.of("0.0.0.0/0"));
        backend.install(
                new ChildSa(
                        spi,
                        new Owner("c", "n", ""),
                        new EspSuite(
                                Cipher.of(Encryption.AES_GCM_16, 128),
                                Integrity.NONE,
                                Group.NONE,
                                false),
                        half,
                        half,
                        new SelectorPair(List.of(any), List.of(any)),
                        from(A),
                        new ChildSa.Handling(Mode.TUNNEL, 64)));
    }

    @Test
    void sendersAreTold() {
        backend.link("", 0);
        backend.senders().whenChanged(told::add);
        assertEquals(Optional.of(Map.of()), told.getLast());
        install(300);
        assertEquals(Optional.of(Map.of(300, A)), told.getLast());
        install(301);
        assertEquals(Optional.of(Map.of(300, A, 301, A)), told.getLast());
        backend.move(300, from(B));
        assertEquals(Optional.of(Map.of(300, B, 301, A)), told.getLast());
        int before = told.size();
        backend.move(300, from(B));
        assertEquals(before, told.size(), "nothing changed");
        backend.remove(300);
        assertEquals(Optional.of(Map.of(301, A)), told.getLast());
        backend.close();
        assertEquals(Optional.of(Map.of()), told.getLast());
    }

    @Test
    void tooManyAreNotToldOneByOne() {
        backend.link("", 0);
        backend.senders().whenChanged(told::add);
        for (int i = 0; i < SenderLedger.MOST + 50; i++) {
            install(300 + i);
        }
        assertEquals(Optional.empty(), told.getLast());
        assertEquals(1, told.stream().filter(Optional::isEmpty).count());
        for (int i = 0; i < 50; i++) {
            assertEquals(Optional.empty(), told.getLast());
            backend.remove(300 + i);
        }
        assertTrue(told.getLast().isPresent());
        assertEquals(SenderLedger.MOST, told.getLast().get().size());
        backend.close();
    }
}

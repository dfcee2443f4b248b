package io.sallyport.daemon.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.Mode;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.UndatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Ten thousand peers under one connection: whose child it is, and what it costs when nobody asks.
class ViciFeedTest {
    private static final long SECOND = 1_000_000_000L;

    private final Numbers numbers = new Numbers();
    private final List<IkeSaView> now = new ArrayList<>();
    private int looks;
    private final ViciFeed feed =
            new ViciFeed(
                    new SaViews() {
                        @Override
                        public List<IkeSaView> all() {
                            looks += now.size();
                            return List.copyOf(now);
                        }

                        @Override
                        public List<IkeSaView> beside(IkeSaView.Keys keys) {
                            return one(view -> view.keys().equals(keys));
                        }

                        @Override
                        public List<IkeSaView> beside(long childSaId) {
                            return one(view ->
                                    view.children().stream()
                                            .anyMatch(c -> c.sa().id() == childSaId));
                        }

                        private List<IkeSaView> one(Predicate<IkeSaView> which) {
                            List<IkeSaView> found = now.stream().filter(which).toList();
                            looks += found.size();
                            return found;
                        }
                    },
                    () -> 9 * SECOND,
                    new SaSections(numbers, new Spelling(ServiceNames.ofHost())),
                    numbers);

    private static final class Listener implements ViciOperator.Sink {
        private final Set<ViciEvent> wanted;
        private final List<String> told = new ArrayList<>();

        Listener(ViciEvent... wanted) {
            this.wanted = Set.of(wanted);
        }

        @Override
        public void tell(ViciEvent event, ViciMessage message) {
            ViciMessage ike = ike(message);
            told.add(
                    ike.text("remote-id").orElseThrow()
                            + (message.text("up").isPresent() ? " up" : " down"));
        }

        private static ViciMessage ike(ViciMessage message) {
            return message.sections().stream()
                    .filter(section -> section.name().equals("gate"))
                    .findFirst()
                    .orElseThrow()
                    .content();
        }

        @Override
        public boolean wants(ViciEvent event) {
            return wanted.contains(event);
        }
    }

    private ViciOperator.Listening listen(Listener listener) {
        return feed.listen(listener, new LogRing(new UndatedClock(), 8), feed::remember);
    }

    private static Path path(int peer) {
        return new Path(
                new Endpoint(IpAddress.of("192.0.2.1"), 500),
                new Endpoint(IpAddress.of("198.51.100." + peer), 500));
    }

    private static ChildSa child(int peer) {
        return new ChildSa(
                peer,
                new Owner("gate", "net", ""),
                new EspSuite(
                        Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false),
                new SaHalf(peer, Secret.utf8("k"), Secret.utf8("k")),
                new SaHalf(peer, Secret.utf8("k"), Secret.utf8("k")),
                new Specs().build().children().getFirst().selectors(),
                new Carriage(path(peer), false),
                new ChildSa.Handling(Mode.TUNNEL, 64));
    }

    private static IkeSaView peer(int number) {
        ChildSaView child =
                new ChildSaView(
                        child(number),
                        "ACTIVE",
                        number * SECOND,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        SaUsage.NONE);
        return new IkeSaView(
                "gate",
                new IkeSaView.Keys(
                        "a" + number, "b" + number, "aes128gcm16-prfsha256-x25519", false, "IKEv2"),
                path(number),
                "ESTABLISHED",
                new IkeSaView.Times(number * SECOND, Long.MAX_VALUE, Long.MAX_VALUE),
                new IkeSaView.Peer("gate", "peer" + number, false, false, 0, 0),
                List.of(child));
    }

    @Test
    void aChildIsToldWithThePeerWhoseItIs() {
        now.addAll(List.of(peer(1), peer(2), peer(3)));
        Listener listener = new Listener(ViciEvent.CHILD_UPDOWN);
        try (ViciOperator.Listening listening = listen(listener)) {
            listening.more();
            feed.take(new Event.ChildEstablished("gate", child(2), false));
            now.set(0, peer(4)); // the first one's is closed with its IKE SA
            feed.take(new Event.ChildClosed("gate", child(1), "gone", false));
        }
        assertEquals(List.of("peer2 up", "peer1 down"), listener.told);
    }

    @Test
    void anIkeSaIsToldAsItWasAndNoOther() {
        now.addAll(List.of(peer(1), peer(2), peer(3)));
        Listener listener = new Listener(ViciEvent.IKE_UPDOWN);
        try (ViciOperator.Listening listening = listen(listener)) {
            listening.more();
            IkeSaView gone = now.remove(1);
            feed.take(new Event.IkeClosed("gate", gone.path(), gone.keys(), "gone"));
            now.add(peer(4));
            feed.take(new Event.IkeEstablished("gate", path(4), peer(4).keys(), false));
        }
        assertEquals(List.of("peer2 down", "peer4 up"), listener.told);
    }

    @Test
    void withoutAnybodyWhoAsksNothingIsLookedThrough() {
        try (ViciOperator.Listening _ = listen(new Listener(ViciEvent.LOG))) {
            for (int i = 1; i <= 100; i++) {
                now.add(peer(i));
                feed.take(new Event.IkeEstablished("gate", path(i), peer(i).keys(), false));
            }
            assertEquals(0, looks);
        }
    }

    /// What one of many costs is what one alone costs.
    @Test
    void anEventLooksAtItsOwnPeerOnly() {
        try (ViciOperator.Listening _ =
                listen(new Listener(ViciEvent.IKE_UPDOWN, ViciEvent.CHILD_UPDOWN))) {
            for (int i = 1; i <= 200; i++) {
                now.add(peer(i));
                feed.take(new Event.IkeEstablished("gate", path(i), peer(i).keys(), false));
                feed.take(new Event.ChildEstablished("gate", child(i), false));
            }
            assertEquals(400, looks);
            while (!now.isEmpty()) {
                IkeSaView gone = now.removeLast();
                ChildSa child = gone.children().getFirst().sa();
                feed.take(new Event.ChildClosed("gate", child, "gone", true));
                feed.take(new Event.IkeClosed("gate", gone.path(), gone.keys(), "gone"));
            }
            assertEquals(400, looks);
        }
    }

    @Test
    void theNumberOfAnIkeSaEndsWithIt() {
        for (int i = 1; i <= 3; i++) {
            now.add(peer(i));
            numbers.ofIkeSa(peer(i));
        }
        IkeSaView gone = now.removeFirst();
        feed.take(new Event.IkeClosed("gate", gone.path(), gone.keys(), "gone"));
        assertEquals(2, numbers.count());
        now.removeFirst(); // shown while it was negotiated, and came to nothing: nobody tells
        assertEquals(1, feed.all().size());
        assertEquals(1, numbers.count());
    }
}

package io.sallyport.daemon.steer;

import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Why negotiations failed, for `sallyport why`: one record of each failure, and how often it came
/// again. The IKE loop's thread owns it.
///
/// What anybody can bring about who sends a datagram (the peer began, and proved nothing) has
/// places of its own, and few: it never costs a record of what we began or of a peer that proved
/// who it is. Where they run short, what came once makes room before what came often.
final class FailureLedger {
    /// Records of one connection that no stranger can bring about.
    static final int MOST_OURS = 8;

    /// Records of one connection that anybody can.
    static final int MOST_UNPROVEN = 8;

    /// Records of those for whom there is no connection.
    static final int MOST_STRANGERS = 32;

    static final int MOST = 1024;

    /// The last to happen is the last of them.
    private final Map<Key, Record> records = new LinkedHashMap<>();

    /// @param suspected it has not failed yet
    /// @param times that the same happened
    /// @param mended when it went well after the last time
    record Record(
            Failure failure,
            boolean suspected,
            int times,
            Instant first,
            Instant last,
            Optional<Instant> mended) {}

    /// What makes a failure the same as another one.
    private record Key(Place place, String peer, boolean suspected, Failure essence) {}

    /// Where records compete for room.
    private record Place(String connection, boolean unproven) {
        int room() {
            return connection.isEmpty() ? MOST_STRANGERS : unproven ? MOST_UNPROVEN : MOST_OURS;
        }
    }

    void take(Event event, Instant now) {
        switch (event) {
            case Event.Failed(Failure failure, var _) -> {
                records.keySet()
                        .removeIf(key ->
                                key.suspected()
                                        && key.place().equals(place(failure))
                                        && key.peer().equals(address(failure)));
                add(failure, false, now);
            }
            case Event.Suspected(Failure failure) -> add(failure, true, now);
            case Event.IkeEstablished e ->
                    mend(
                            e.connection(),
                            failure ->
                                    failure.account().child().isEmpty()
                                            && address(failure)
                                                    .equals(e.path().remote().address().toString()),
                            now);
            case Event.ChildEstablished e ->
                    mend(
                            e.connection(),
                            failure -> failure.account().child().equals(e.sa().owner().child()),
                            now);
            default -> {}
        }
    }

    /// @param peer a connection, an address or an identity; empty: all
    /// @return the last that happened first
    List<Record> of(String peer) {
        return records.values().stream()
                .filter(r -> peer.isEmpty() || isAbout(r.failure(), peer))
                .toList()
                .reversed();
    }

    private static boolean isAbout(Failure failure, String peer) {
        return failure.connection().equals(peer)
                || failure.peer().equals(peer)
                || address(failure).equals(peer)
                || failure.account().them().identity().equals(peer)
                || failure.account().us().wanted().equals(peer);
    }

    private void add(Failure failure, boolean suspected, Instant now) {
        Place place = place(failure);
        Key key = new Key(place, address(failure), suspected, essence(failure));
        Record before = records.remove(key);
        if (before == null) {
            makeRoom(place);
        }
        records.put(
                key,
                new Record(
                        failure,
                        suspected,
                        before == null ? 1 : before.times() + 1,
                        before == null ? now : before.first(),
                        now,
                        Optional.empty()));
    }

    private void makeRoom(Place place) {
        if (records.keySet().stream().filter(k -> k.place().equals(place)).count()
                >= place.room()) {
            removeSeldom(key -> key.place().equals(place));
        }
        if (records.size() >= MOST) {
            boolean anyUnproven = records.keySet().stream().anyMatch(k -> k.place().unproven());
            removeSeldom(key -> !anyUnproven || key.place().unproven());
        }
    }

    /// Of those that came most seldom, the oldest.
    private void removeSeldom(Predicate<Key> among) {
        Optional<Key> out = Optional.empty();
        int least = Integer.MAX_VALUE;
        for (Map.Entry<Key, Record> entry : records.entrySet()) {
            if (among.test(entry.getKey()) && entry.getValue().times() < least) {
                least = entry.getValue().times();
                out = Optional.of(entry.getKey());
            }
        }
        out.ifPresent(records::remove);
    }

    private void mend(String connection, Predicate<Failure> which, Instant now) {
        for (Map.Entry<Key, Record> entry : records.entrySet()) {
            Record r = entry.getValue();
            if (r.mended().isEmpty()
                    && r.failure().connection().equals(connection)
                    && which.test(r.failure())) {
                entry.setValue(
                        new Record(
                                r.failure(),
                                r.suspected(),
                                r.times(),
                                r.first(),
                                r.last(),
                                Optional.of(now)));
            }
        }
    }

    private static Place place(Failure failure) {
        boolean unproven = !failure.account().initiator() && !failure.account().proven();
        return new Place(failure.connection(), unproven);
    }

    /// Without what differs each time: the port of a NAT, and sentences with numbers in them.
    private static Failure essence(Failure f) {
        return new Failure(
                f.connection(),
                "",
                f.exchange(),
                f.cause(),
                "",
                f.ours(),
                f.theirs(),
                f.account(),
                f.origin());
    }

    /// The peer's, without a port: `192.0.2.1:500`, `[2001:db8::1]:500`, or a name.
    private static String address(Failure failure) {
        String peer = failure.peer();
        int port = peer.lastIndexOf(':');
        if (peer.startsWith("[")) {
            return peer.substring(1, Math.max(1, peer.indexOf(']')));
        }
        return port > 0 && peer.indexOf(':') == port ? peer.substring(0, port) : peer;
    }
}

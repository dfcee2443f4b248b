package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.model.event.Event;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// charon's counters of IKE events, for all connections and for each. It counts messages of IKEv2
/// only, and so do we. The IKE loop's thread owns it.
final class Counters {
    /// ISAKMP header (RFC 7296, 3.1): version, exchange type and flags after both SPIs.
    private static final int VERSION_AT = 17;

    private static final int EXCHANGE_AT = 18;
    private static final int FLAGS_AT = 19;
    private static final int HEADER_OCTETS = 28;
    private static final int RESPONSE_FLAG = 0x20;
    private static final int NEXT_PAYLOAD_AT = 16;

    /// RFC 7383, 2.5: an Encrypted Fragment, with its number behind the payload's four octets.
    private static final int ENCRYPTED_FRAGMENT = 53;

    private static final int FRAGMENT_NUMBER_AT = HEADER_OCTETS + 4;

    /// Messages of which the last is remembered, a kind of each IKE SA: one that is the same was
    /// sent again, and is not counted again.
    private static final int REMEMBERED = 4096;

    /// IKE SAs whose messages are remembered until it is known whose they are.
    private static final int STRANGERS = 256;

    private final Map<Counter, Long> all = fresh();
    private final Map<String, Map<Counter, Long>> byConnection = new LinkedHashMap<>();

    /// Of established IKE SAs: whose an initiator's SPI is.
    private final Map<String, String> owners = new HashMap<>();

    /// Of IKE SAs that were closed, to which the peer may still have an answer.
    private final Map<String, String> formerOwners = new Newest<>(STRANGERS);

    private final Map<String, Map<Counter, Long>> strangers = new Newest<>(STRANGERS);

    /// By initiator's SPI and kind, the hash of the last message.
    private final Map<String, Integer> last = new Newest<>(REMEMBERED);

    /// Forgets the eldest when there are too many.
    private static final class Newest<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1;

        private final int most;

        Newest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > most;
        }
    }

    /// In charon's order.
    private enum Counter {
        IKE_REKEY_INIT,
        IKE_REKEY_RESP,
        CHILD_REKEY,
        INVALID,
        INVALID_SPI,
        IKE_INIT_IN_REQ,
        IKE_INIT_IN_RESP,
        IKE_INIT_OUT_REQ,
        IKE_INIT_OUT_RESP,
        IKE_AUTH_IN_REQ,
        IKE_AUTH_IN_RESP,
        IKE_AUTH_OUT_REQ,
        IKE_AUTH_OUT_RESP,
        CREATE_CHILD_IN_REQ,
        CREATE_CHILD_IN_RESP,
        CREATE_CHILD_OUT_REQ,
        CREATE_CHILD_OUT_RESP,
        INFO_IN_REQ,
        INFO_IN_RESP,
        INFO_OUT_REQ,
        INFO_OUT_RESP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static Map<Counter, Long> fresh() {
        return new EnumMap<>(Counter.class);
    }

    private void count(Counter counter, String connection) {
        all.merge(counter, 1L, Long::sum);
        byConnection.computeIfAbsent(connection, _ -> fresh()).merge(counter, 1L, Long::sum);
    }

    void take(Event event) {
        switch (event) {
            case Event.ChildEstablished e when e.rekeyed() ->
                    count(Counter.CHILD_REKEY, e.connection());
            case Event.IkeEstablished e -> {
                learn(e.connection(), e.keys().initiatorSpi());
                // IKEv1 does not rekey: it authenticates anew
                if (e.rekeyed() && SaSections.isV2(e.keys())) {
                    count(
                            e.keys().initiator() ? Counter.IKE_REKEY_INIT : Counter.IKE_REKEY_RESP,
                            e.connection());
                }
            }
            case Event.IkeClosed e -> {
                String spi = e.keys().initiatorSpi();
                if (owners.remove(spi) != null) {
                    formerOwners.put(spi, e.connection());
                }
            }
            default -> {
                // nothing that charon counts
            }
        }
    }

    private void learn(String connection, String spi) {
        owners.put(spi, connection);
        Map<Counter, Long> early = strangers.remove(spi);
        if (early != null) {
            Map<Counter, Long> its = byConnection.computeIfAbsent(connection, _ -> fresh());
            early.forEach((counter, count) -> its.merge(counter, count, Long::sum));
        }
    }

    /// Counts a message by its header; one in fragments, or sent again, once.
    void count(Octets message, boolean in) {
        if (message.length() < HEADER_OCTETS || message.at(VERSION_AT) >>> 4 != 2) {
            return;
        }
        boolean response = (message.at(FLAGS_AT) & RESPONSE_FLAG) != 0;
        String stem =
                switch (message.at(EXCHANGE_AT)) {
                    case 34 -> "IKE_INIT";
                    case 35 -> "IKE_AUTH";
                    case 36 -> "CREATE_CHILD";
                    case 37 -> "INFO";
                    default -> "";
                };
        if (stem.isEmpty()) {
            return;
        }
        Counter counter =
                Counter.valueOf(stem + (in ? "_IN" : "_OUT") + (response ? "_RESP" : "_REQ"));
        String spi = message.slice(0, 8).hex();
        if (isLaterFragment(message)) {
            return;
        }
        Integer before = last.put(spi + counter, message.hashCode());
        if (before != null && before == message.hashCode()) {
            return;
        }
        String owner = owners.get(spi);
        String connection = owner == null ? formerOwners.get(spi) : owner;
        if (connection != null) {
            count(counter, connection);
        } else {
            all.merge(counter, 1L, Long::sum);
            strangers.computeIfAbsent(spi, _ -> fresh()).merge(counter, 1L, Long::sum);
        }
    }

    private static boolean isLaterFragment(Octets message) {
        return message.at(NEXT_PAYLOAD_AT) == ENCRYPTED_FRAGMENT
                && message.length() > FRAGMENT_NUMBER_AT + 1
                && (message.at(FRAGMENT_NUMBER_AT) != 0 || message.at(FRAGMENT_NUMBER_AT + 1) != 1);
    }

    /// Without a name those of all together, under no name.
    ViciMessage get(ViciMessage request) {
        Optional<String> name = request.text("name");
        ViciMessage.Builder sections = ViciMessage.with();
        if (request.flag("all")) {
            byConnection.forEach((connection, its) -> sections.section(connection, section(its)));
        } else if (name.isEmpty()) {
            sections.section("", section(all));
        } else {
            Map<Counter, Long> its = byConnection.get(name.get());
            if (its == null) {
                return ViciMessage.with()
                        .section("counters", ViciMessage.EMPTY)
                        .put("success", "no")
                        .put("errmsg", "no counters found for this connection")
                        .done();
            }
            sections.section(name.get(), section(its));
        }
        return ViciMessage.with().section("counters", sections.done()).put("success", "yes").done();
    }

    private static ViciMessage section(Map<Counter, Long> counts) {
        ViciMessage.Builder to = ViciMessage.with();
        for (Counter counter : Counter.values()) {
            to.put(counter.toString(), counts.getOrDefault(counter, 0L));
        }
        return to.done();
    }

    ViciMessage reset(ViciMessage request) {
        Optional<String> name = request.text("name");
        if (request.flag("all")) {
            byConnection.clear();
        } else if (name.isEmpty()) {
            all.clear();
        } else if (byConnection.remove(name.get()) == null) {
            return Replies.failed("no counters found for this connection");
        }
        return Replies.done();
    }
}

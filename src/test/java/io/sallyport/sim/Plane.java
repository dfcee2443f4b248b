package io.sallyport.sim;

import io.sallyport.base.Secret;
import io.sallyport.ipsec.sad.VolumeMeter;
import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaUsage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The data plane of one gateway: SAs by SPI, the one that each child's packets take, sequence
/// numbers. Tokens travel in place of packets. It knows no clear packet: what has no SA is dropped.
final class Plane implements UsageMeter {
    private static final int OCTETS = 1000;

    /// A packet under way: which SA protects it, by which key, and its number.
    record Token(int spi, long key, long number) {}

    /// One installed pair.
    static final class Pair {
        final ChildSa sa;
        final long inboundKey;
        final long outboundKey;
        final long installedAt;
        private final VolumeMeter meterIn;
        private final VolumeMeter meterOut;
        private long sent;
        private long in;
        private long lastIn = SaUsage.NEVER;

        /// Since when nothing is sent over it.
        long idleSince;

        /// Of its connection and child.
        private final String key;

        Pair(ChildSa sa, long now) {
            this.sa = sa;
            this.key = Plane.key(sa);
            this.inboundKey = fingerprint(sa.inbound().encryptionKey());
            this.outboundKey = fingerprint(sa.outbound().encryptionKey());
            this.meterIn = new VolumeMeter(sa.handling().volume());
            this.meterOut = new VolumeMeter(sa.handling().volume());
            this.installedAt = now;
            this.idleSince = now;
        }

        String name(Gateway of) {
            return of.name + "'s " + World.ids(sa);
        }
    }

    private final Map<Long, Pair> pairs = new LinkedHashMap<>();
    private final Map<Integer, Pair> bySpi = new HashMap<>();
    private final Map<String, Long> active = new HashMap<>();
    private final Set<Long> keysEver;
    private final VolumeMeter.Listener listener;
    private final List<String> errors = new ArrayList<>();

    /// @param keysEver outbound keys of all gateways, for all times
    Plane(Set<Long> keysEver, VolumeMeter.Listener listener) {
        this.keysEver = keysEver;
        this.listener = listener;
    }

    static long fingerprint(Secret key) {
        byte[] octets = key.expose();
        long h = 7;
        for (byte b : octets) {
            h = h * 0x100000001b3L ^ b;
        }
        Arrays.fill(octets, (byte) 0);
        return h;
    }

    static String key(ChildSa sa) {
        return sa.owner().connection() + "/" + sa.owner().child();
    }

    void install(ChildSa sa, long now) {
        Pair pair = new Pair(sa, now);
        if (!keysEver.add(pair.outboundKey)) {
            errors.add("an outbound key is used a second time: SA " + sa.id());
        }
        if (pairs.put(sa.id(), pair) != null) {
            errors.add("SA id " + sa.id() + " is used a second time");
        }
        if (bySpi.put(sa.inbound().spi(), pair) != null) {
            errors.add("SPI " + Integer.toHexString(sa.inbound().spi()) + " is in use already");
        }
    }

    void activate(long id, long now) {
        Pair pair = pairs.get(id);
        if (pair == null) {
            errors.add("activation of SA " + id + ", which is not installed");
            return;
        }
        Long before = active.put(pair.key, id);
        if (before != null && before != id && pairs.containsKey(before)) {
            pairs.get(before).idleSince = now;
        }
    }

    void remove(long id) {
        Pair pair = pairs.remove(id);
        if (pair == null) {
            errors.add("removal of SA " + id + ", which is not installed");
            return;
        }
        bySpi.remove(pair.sa.inbound().spi());
        active.values().remove(id);
    }

    void move(long id, Carriage carriage) {
        if (!pairs.containsKey(id)) {
            errors.add("move of SA " + id + ", which is not installed, to " + carriage);
        }
    }

    /// A token as a packet of this child would leave; empty: dropped.
    Optional<Token> send(String key) {
        Long id = active.get(key);
        if (id == null) {
            return Optional.empty();
        }
        Pair pair = Objects.requireNonNull(pairs.get(id));
        boolean carried = pair.meterOut.take(OCTETS);
        Token token = new Token(pair.sa.outbound().spi(), pair.outboundKey, ++pair.sent);
        pair.meterOut.tell(id, listener);
        return carried ? Optional.of(token) : Optional.empty();
    }

    /// Whether the token comes out.
    boolean receive(Token token, long now) {
        Pair pair = bySpi.get(token.spi());
        if (pair == null) {
            return false;
        }
        if (pair.inboundKey != token.key()) {
            errors.add("SPI " + Integer.toHexString(token.spi()) + " has another key at each end");
            return false;
        }
        boolean carried = pair.meterIn.take(OCTETS);
        if (carried) {
            pair.in++;
            pair.lastIn = now;
        }
        pair.meterIn.tell(pair.sa.id(), listener);
        return carried;
    }

    /// As after a crash: nothing is left.
    void clear() {
        pairs.clear();
        bySpi.clear();
        active.clear();
    }

    Collection<Pair> pairs() {
        return pairs.values();
    }

    boolean isActive(Pair pair) {
        Long id = active.get(pair.key);
        return id != null && id == pair.sa.id();
    }

    Optional<Pair> active(String key) {
        return Optional.ofNullable(active.get(key)).map(pairs::get);
    }

    Optional<Pair> byId(long id) {
        return Optional.ofNullable(pairs.get(id));
    }

    /// Whether the other end of `theirs` is here.
    boolean isTwin(Pair theirs) {
        Pair ours = bySpi.get(theirs.sa.outbound().spi());
        return ours != null && ours.sa.outbound().spi() == theirs.sa.inbound().spi();
    }

    /// Whether these are the two ends of one pair.
    static boolean areTwins(Pair ours, Pair theirs) {
        return ours.sa.inbound().spi() == theirs.sa.outbound().spi()
                && ours.sa.outbound().spi() == theirs.sa.inbound().spi();
    }

    /// What was found wrong since the last call.
    List<String> errors() {
        List<String> found = List.copyOf(errors);
        errors.clear();
        return found;
    }

    Set<Long> ids() {
        return new HashSet<>(pairs.keySet());
    }

    @Override
    public SaUsage usage(long id) {
        Pair p = pairs.get(id);
        return p == null ? SaUsage.NONE : new SaUsage(p.in, 0, p.sent, 0, p.lastIn, SaUsage.NEVER);
    }
}

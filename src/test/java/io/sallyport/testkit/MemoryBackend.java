package io.sallyport.testkit;

import io.sallyport.base.Secret;
import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaUsage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A data plane that moves tokens in place of packets: enough to see whether one would arrive.
public final class MemoryBackend implements UsageMeter {
    /// What protects a token: the receiver must hold the same.
    public record Token(int spi, Secret key) {}

    private static final class Held {
        final ChildSa sa;
        final Secret inboundKey;
        final Secret outboundKey;
        long in;
        long out;
        long lastIn = SaUsage.NEVER;

        Held(ChildSa sa) {
            this.sa = sa;
            this.inboundKey = sa.inbound().encryptionKey().copy();
            this.outboundKey = sa.outbound().encryptionKey().copy();
        }
    }

    private final Map<Long, Held> held = new LinkedHashMap<>();
    private final Map<String, Long> active = new HashMap<>();
    private int installs;

    public void install(ChildSa sa) {
        held.put(sa.id(), new Held(sa));
        installs++;
    }

    private Held require(long id) {
        return Objects.requireNonNull(held.get(id), "no SA " + id);
    }

    public void activate(long id) {
        active.put(require(id).sa.owner().child(), id);
    }

    public void remove(long id) {
        held.remove(id);
        active.values().remove(id);
    }

    public void move(long id, Carriage carriage) {
        // tokens have no path
    }

    /// A token as a packet of `child` would leave; empty: dropped, no SA.
    public Optional<Token> send(String child) {
        Long id = active.get(child);
        if (id == null) {
            return Optional.empty();
        }
        Held h = require(id);
        h.out++;
        return Optional.of(new Token(h.sa.outbound().spi(), h.outboundKey));
    }

    /// Whether the token would have come out.
    public boolean receive(Token token, long now) {
        for (Held h : held.values()) {
            if (h.sa.inbound().spi() == token.spi() && h.inboundKey.equals(token.key())) {
                h.in++;
                h.lastIn = now;
                return true;
            }
        }
        return false;
    }

    /// As after a crash: nothing is left.
    public void clear() {
        held.clear();
        active.clear();
    }

    public int size() {
        return held.size();
    }

    public int installs() {
        return installs;
    }

    public Optional<ChildSa> active(String child) {
        return Optional.ofNullable(active.get(child)).map(id -> require(id).sa);
    }

    @Override
    public SaUsage usage(long id) {
        Held h = held.get(id);
        return h == null ? SaUsage.NONE : new SaUsage(h.in, 0, h.out, 0, h.lastIn, SaUsage.NEVER);
    }
}

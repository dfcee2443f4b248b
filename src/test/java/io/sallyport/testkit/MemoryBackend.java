package io.sallyport.testkit;

import io.sallyport.base.Secret;
import io.sallyport.ipsec.sad.VolumeMeter;
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

    /// What a token stands for.
    public static final int OCTETS = 1000;

    private static final class Held {
        final ChildSa sa;
        final Secret inboundKey;
        final Secret outboundKey;
        final VolumeMeter volumeIn;
        final VolumeMeter volumeOut;
        long in;
        long out;
        long lastIn = SaUsage.NEVER;
        Carriage carriage;

        Held(ChildSa sa) {
            this.sa = sa;
            this.carriage = sa.carriage();
            this.volumeIn = new VolumeMeter(sa.handling().volume());
            this.volumeOut = new VolumeMeter(sa.handling().volume());
            this.inboundKey = sa.inbound().encryptionKey().copy();
            this.outboundKey = sa.outbound().encryptionKey().copy();
        }
    }

    private final Map<Long, Held> held = new LinkedHashMap<>();
    private final Map<String, Long> active = new HashMap<>();
    private int installs;
    private VolumeMeter.Listener volume = VolumeMeter.Listener.NONE;

    /// Hears of SAs that carried up to a limit.
    public void volume(VolumeMeter.Listener listener) {
        volume = listener;
    }

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
        require(id).carriage = carriage; // tokens have no path
    }

    /// How packets of this SA would travel.
    public Carriage carriage(long id) {
        return require(id).carriage;
    }

    /// A token as a packet of `child` would leave; empty: dropped, no SA.
    public Optional<Token> send(String child) {
        Long id = active.get(child);
        if (id == null) {
            return Optional.empty();
        }
        Held h = require(id);
        boolean carried = h.volumeOut.take(OCTETS);
        h.out += carried ? 1 : 0;
        Token token = new Token(h.sa.outbound().spi(), h.outboundKey);
        h.volumeOut.tell(id, volume);
        return carried ? Optional.of(token) : Optional.empty();
    }

    /// Whether the token would have come out.
    public boolean receive(Token token, long now) {
        for (Held h : held.values()) {
            if (h.sa.inbound().spi() == token.spi() && h.inboundKey.equals(token.key())) {
                boolean carried = h.volumeIn.take(OCTETS);
                h.in += carried ? 1 : 0;
                h.lastIn = now;
                h.volumeIn.tell(h.sa.id(), volume);
                return carried;
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

    /// Whether it is a data plane with IPComp.
    public boolean compresses = true;

    @Override
    public boolean compresses() {
        return compresses;
    }

    @Override
    public SaUsage usage(long id) {
        Held h = held.get(id);
        return h == null ? SaUsage.NONE : new SaUsage(h.in, 0, h.out, 0, h.lastIn, SaUsage.NEVER);
    }
}

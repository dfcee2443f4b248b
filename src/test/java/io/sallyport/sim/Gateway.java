package io.sallyport.sim;

import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.ScriptedRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One whole gateway: engine, data plane, configuration, and a clock of its own.
final class Gateway {
    private static final Secret PSK = Secret.utf8("aM6ktTm3pv5etv9eC");

    final int index;
    final String name;
    final Plane plane;
    final Turns turns = new Turns();
    private final long seed;
    private final Crypto crypto;
    private final EngineSettings settings;
    private IkeEngine engine;
    private int boots;
    private long offset;
    private List<ConnectionSpec> configured = List.of();

    Gateway(
            int index,
            String name,
            long seed,
            Crypto crypto,
            EngineSettings settings,
            Set<Long> keysEver,
            io.sallyport.ipsec.sad.VolumeMeter.Listener volume) {
        this.index = index;
        this.name = name;
        this.seed = seed;
        this.crypto = crypto;
        this.settings = settings;
        this.plane = new Plane(keysEver, volume);
        this.offset = 1_000 * Scenario.SECOND * (index + 1);
        this.engine = boot();
    }

    private IkeEngine boot() {
        return new IkeEngine(
                settings,
                crypto,
                (_, _) -> Optional.of(PSK.copy()),
                plane,
                new ScriptedRandom(seed * 31 + index + 7919L * boots++));
    }

    /// Starts anew without memory.
    void crash() {
        plane.clear();
        engine = boot();
    }

    /// What is under way for an earlier life of it is void.
    int boots() {
        return boots;
    }

    void configured(List<ConnectionSpec> specs) {
        configured = List.copyOf(specs);
    }

    List<ConnectionSpec> configured() {
        return configured;
    }

    VpnSpec vpn() {
        return new VpnSpec(configured, List.of());
    }

    IkeEngine engine() {
        return engine;
    }

    /// What this gateway takes for the time.
    long local(long now) {
        return now + offset;
    }

    void jump(long nanos) {
        offset += nanos;
    }

    /// In the world's time. What the engine has had to do since ever is due since the beginning.
    long nextDeadline() {
        long next = engine.nextDeadline();
        return next == Long.MAX_VALUE ? next : Math.max(next, offset) - offset;
    }

    List<Output> handle(Input input, long now) {
        Outbox out = new Outbox();
        engine.handle(input, local(now), out);
        return out.drain();
    }
}

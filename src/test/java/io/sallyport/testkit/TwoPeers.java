package io.sallyport.testkit;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.port.Notary;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.trust.OwnKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Two whole engines on a seeded bad line, in virtual time: exchanges are tested as dialogues.
public final class TwoPeers {
    public static final long MILLI = 1_000_000L;
    public static final long SECOND = 1_000 * MILLI;

    /// A datagram under way.
    public record Flying(@Nullable Peer from, Path path, Octets octets) {}

    /// TCP connections between the two: the other end sees another port of who dials, and a new one
    /// each time.
    public static final class Streams {
        /// By the path that was dialled: the same connection as the other end has it.
        private final Map<Path, Path> standing = new LinkedHashMap<>();

        private final Map<Path, Peer> dialled = new LinkedHashMap<>();

        /// That the other end was told to keep.
        public final Set<Path> kept = new LinkedHashSet<>();

        private boolean refused;
        private int nextPort = 1025;

        /// Whether the other end takes no connections.
        public void refuse(boolean on) {
            refused = on;
        }

        private void dial(Peer who, Path path) {
            dialled.put(path, who);
        }

        private Input connect(Path path) {
            if (refused) {
                return new Input.TcpDown(path, "ECONNREFUSED (Connection refused)");
            }
            Path there =
                    new Path(path.remote(), new Endpoint(path.local().address(), nextPort++), true);
            standing.put(path, there);
            return new Input.TcpUp(path);
        }

        private void hangUp(Peer who, Path path) {
            kept.remove(path);
            if (dialled.remove(path, who)) {
                standing.remove(path);
            }
        }

        /// All connections break, without a word to who accepted them.
        public void cut() {
            standing.clear();
            dialled.forEach((path, who) -> who.input(new Input.TcpDown(path, "ECONNRESET")));
        }

        /// Who dialled has dialled again.
        public void mend() {
            Map.copyOf(dialled).forEach((path, who) -> who.input(connect(path)));
        }

        /// Paths that were dialled and not hung up.
        public Set<Path> dialled() {
            return dialled.keySet();
        }

        /// How the receiver has the connection that a message came by; empty: it is lost.
        private Optional<Path> arriving(@Nullable Peer from, Path by) {
            return standing.entrySet().stream()
                    .filter(e ->
                            (from == dialled.get(e.getKey()) ? e.getKey() : e.getValue())
                                    .equals(by))
                    .map(e -> from == dialled.get(e.getKey()) ? e.getValue() : e.getKey())
                    .findFirst();
        }
    }

    /// One gateway.
    public final class Peer {
        public final String name;
        public final MemoryBackend backend = new MemoryBackend();
        public final List<Event> events = new ArrayList<>();

        /// Hears each event when it is told.
        public Consumer<Event> heard = _ -> {};

        public final List<Octets> sent = new ArrayList<>();
        private final long seed;
        private IkeEngine engine;
        private EngineSettings settings = EngineSettings.DEFAULT;
        private Secret psk = Secret.utf8("aM6ktTm3pv5etv9eC");
        private final Map<Identity, Secret> psks = new HashMap<>();
        private ConnectionSpec spec;
        private int keepalives;
        private int boots;
        private boolean broken;
        private Predicate<Output> withheld = _ -> false;
        private Notary notary = new ReloadableNotary();
        private BiFunction<AuthSpec.Pubkey, List<Octets>, List<OwnKey>> ownKeys =
                (_, _) -> List.of();
        private List<Octets> authorities = List.of();

        /// Post-quantum preshared keys by PPK_ID.
        public final Map<Octets, Secret> ppks = new HashMap<>();

        /// Outlives [#boot()].
        public Optional<Secret> crashSecret = Optional.empty();

        /// Passwords of EAP by user.
        public final Map<Octets, Secret> passwords = new HashMap<>();

        /// Where this machine is, if not where it is configured.
        public Optional<IpAddress> elsewhere = Optional.empty();

        /// What became of probes of the path.
        public final List<Output.Probed> probed = new ArrayList<>();

        /// Octets of the largest packet that gets through without being cut.
        public int pathMtu = 1500;

        /// Shared secrets of all key agreements, for tests that play an authentic peer gone bad.
        public final List<Secret> shared = new ArrayList<>();

        Peer(String name, long seed, ConnectionSpec spec) {
            this.name = name;
            this.seed = seed;
            this.spec = spec;
            backend.volume((id, mark) -> {
                input(new Input.VolumeSpent(id, mark));
                return true;
            });
            boot();
        }

        /// Starts anew without memory, as after a crash.
        public void boot() {
            engine =
                    new IkeEngine(
                            settings,
                            crypto,
                            new Keys(),
                            backend,
                            new ScriptedRandom(seed + 7919L * boots++));
        }

        private Optional<Secret> key(List<Identity> remote) {
            if (broken) {
                throw new IllegalStateException("broken for a test");
            }
            for (Identity peer : remote) {
                if (psks.containsKey(peer)) {
                    return Optional.of(psks.get(peer));
                }
            }
            return psk.length() == 0 ? Optional.empty() : Optional.of(psk);
        }

        private final class Keys implements Credentials {
            @Override
            public Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote) {
                return key(remote).map(Secret::copy);
            }

            @Override
            public Optional<Secret> postQuantumKey(Octets id) {
                return Optional.ofNullable(ppks.get(id)).map(Secret::copy);
            }

            @Override
            public Optional<Secret> crashSecret() {
                return crashSecret.map(Secret::copy);
            }

            @Override
            public Optional<Secret> password(Octets user) {
                return Optional.ofNullable(passwords.get(user)).map(Secret::copy);
            }

            @Override
            public boolean hasPostQuantumKeys() {
                return !ppks.isEmpty();
            }

            @Override
            public List<OwnKey> ownKeys(AuthSpec.Pubkey local, List<Octets> wanted) {
                return ownKeys.apply(local, wanted);
            }

            @Override
            public List<Octets> authorities(TrustSpec trust) {
                return authorities;
            }
        }

        /// Signatures: who signs and judges, with which keys.
        public Peer notary(
                Notary to,
                BiFunction<AuthSpec.Pubkey, List<Octets>, List<OwnKey>> keys,
                List<Octets> roots) {
            notary = to;
            ownKeys = keys;
            authorities = roots;
            return this;
        }

        /// While broken, every look-up of a key throws: a bug in the engine's own house.
        public void broken(boolean on) {
            broken = on;
        }

        /// Outputs that are never carried out, as by a host that lost them.
        public void withhold(Predicate<Output> which) {
            withheld = which;
        }

        public Peer settings(EngineSettings to) {
            settings = to;
            boot();
            return this;
        }

        public Peer psk(String to) {
            psk = to.isEmpty() ? Secret.EMPTY : Secret.utf8(to);
            return this;
        }

        /// Another key with one peer, whatever the others have.
        public Peer psk(Identity with, String to) {
            psks.put(with, Secret.utf8(to));
            return this;
        }

        public void load() {
            input(new Input.Asked(new Command.Load(new VpnSpec(List.of(spec), List.of()))));
        }

        public void load(ConnectionSpec other) {
            spec = other;
            load();
        }

        public void command(Command command) {
            input(new Input.Asked(command));
        }

        public void input(Input first) {
            List<Input> inputs = new ArrayList<>(List.of(first));
            while (!inputs.isEmpty()) {
                Outbox out = new Outbox();
                engine.handle(inputs.removeFirst(), now, out);
                for (Output output : out.drain()) {
                    if (!withheld.test(output)) {
                        carryOut(output, inputs);
                    }
                }
            }
        }

        private void carryOut(Output output, List<Input> inputs) {
            switch (output) {
                case Output.Send(Path path, Octets octets) -> {
                    sent.add(octets);
                    wire.send(new Flying(this, path, octets), now);
                }
                case Output.Keepalive _ -> keepalives++;
                case Output.Dial(Path path) -> {
                    streams.dial(this, path);
                    inputs.add(streams.connect(path));
                }
                case Output.KeepTcp(Path path) -> streams.kept.add(path);
                case Output.HangUp(Path path) -> streams.hangUp(this, path);
                case Output.SendWhole(Path path, Octets octets) -> {
                    int before = path.local().port() == 500 ? 28 : 32;
                    if (before + octets.length() <= pathMtu) {
                        wire.send(new Flying(this, path, octets), now);
                    }
                }
                case Output.Probed p -> probed.add(p);
                case Output.Generate g ->
                        inputs.add(
                                new Input.Generated(
                                        g.job(), crypto.agreement(g.group()).generate()));
                case Output.Agree a -> inputs.add(agree(a));
                case Output.Answer a -> inputs.add(answer(a));
                case Output.Sign s -> inputs.add(sign(s));
                case Output.Judge j ->
                        inputs.add(new Input.Judged(j.job(), notary.judge(j.proof())));
                case Output.Tls t -> {
                    var with = t.with().orElseGet(() -> notary.tls(t.end()));
                    inputs.add(new Input.Spoken(t.job(), with, with.advance(t.received())));
                }
                case Output.Resolve r -> inputs.add(resolve(r));
                case Output.Install i -> backend.install(i.sa());
                case Output.Activate a -> backend.activate(a.childSaId());
                case Output.Remove r -> backend.remove(r.childSaId());
                case Output.Move m -> backend.move(m.childSaId(), m.carriage());
                case Output.Tell(Event event) -> {
                    events.add(event);
                    heard.accept(event);
                }
            }
        }

        private Input sign(Output.Sign s) {
            try {
                return new Input.Signed(s.job(), notary.sign(s.key(), s.scheme(), s.data()));
            } catch (Signer.CannotSign e) {
                return new Input.NotSigned(s.job(), String.valueOf(e.getMessage()));
            }
        }

        private Input answer(Output.Answer a) {
            try {
                return new Input.Answered(a.job(), crypto.agreement(a.group()).answer(a.theirs()));
            } catch (KeyAgreement.BadPublicValue e) {
                return new Input.Disagreed(a.job(), String.valueOf(e.getMessage()));
            }
        }

        private Input agree(Output.Agree a) {
            try (KeyAgreement.Ephemeral ours = a.ours()) {
                Secret secret = ours.agree(a.theirs());
                shared.add(secret.copy());
                return new Input.Agreed(a.job(), secret);
            } catch (KeyAgreement.BadPublicValue e) {
                return new Input.Disagreed(a.job(), String.valueOf(e.getMessage()));
            }
        }

        private Input resolve(Output.Resolve r) {
            AddressSpec.Fixed local = (AddressSpec.Fixed) r.local();
            AddressSpec.Fixed remote = (AddressSpec.Fixed) r.remote();
            Path path =
                    new Path(
                            new Endpoint(elsewhere.orElse(local.address()), 500),
                            new Endpoint(remote.address(), 500));
            return new Input.Resolved(r.lookup(), r.connection(), List.of(path), "");
        }

        public <E extends Event> Stream<E> events(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast);
        }

        public boolean told(Predicate<Event> wanted) {
            return events.stream().anyMatch(wanted);
        }

        public IkeEngine engine() {
            return engine;
        }

        public int keepalives() {
            return keepalives;
        }

        public String child() {
            return spec.children().getFirst().name();
        }

        public boolean isUp() {
            return backend.active(child()).isPresent();
        }

        /// Established IKE SAs.
        public long ikeSas() {
            return engine.views().stream().filter(v -> v.state().equals("ESTABLISHED")).count();
        }
    }

    public final Peer a;
    public final Peer b;
    public final LossyLink<Flying> wire;
    public final Streams streams = new Streams();
    private final Crypto crypto;
    private long now = 1_000 * SECOND;
    private java.util.function.UnaryOperator<Flying> middle = f -> f;

    public TwoPeers(long seed, Crypto crypto, ConnectionSpec ofA, ConnectionSpec ofB) {
        this.crypto = crypto;
        this.wire = new LossyLink<>(seed, 20 * MILLI);
        this.a = new Peer("a", seed * 31 + 1, ofA);
        this.b = new Peer("b", seed * 31 + 2, ofB);
    }

    /// What a middle box answers for a datagram that it swallows.
    public static final Flying LOST =
            new Flying(
                    null,
                    new Path(
                            new Endpoint(IpAddress.of("192.0.2.9"), 9),
                            new Endpoint(IpAddress.of("192.0.2.9"), 9)),
                    Octets.EMPTY);

    /// Something between the two that changes datagrams: a NAT, an attacker. It may answer [#LOST].
    public void middle(java.util.function.UnaryOperator<Flying> box) {
        middle = box;
    }

    public long now() {
        return now;
    }

    /// Lets virtual time pass until `wanted`, at most `limitNanos`.
    ///
    /// @return whether it came true
    public boolean runUntil(BooleanSupplier wanted, long limitNanos) {
        long end = now + limitNanos;
        int turns = 0;
        while (!wanted.getAsBoolean()) {
            long next =
                    Math.min(
                            wire.next(),
                            Math.min(a.engine.nextDeadline(), b.engine.nextDeadline()));
            if (next > end) {
                now = end;
                return wanted.getAsBoolean();
            }
            // A datagram that arrives is progress, however many arrive at once.
            turns = next > now || wire.next() <= next ? 0 : turns + 1;
            if (turns > 10_000) {
                throw new AssertionError("busy: time stands still at " + now + " for ever");
            }
            now = Math.max(now, next);
            step();
        }
        return true;
    }

    public void run(long nanos) {
        runUntil(() -> false, nanos);
    }

    @SuppressWarnings("ReferenceEquality") // LOST is a mark, not a value
    private void step() {
        if (wire.next() <= now) {
            Flying f = middle.apply(wire.take());
            if (f.equals(LOST)) {
                return;
            }
            Peer to = f.from() == a ? b : a;
            if (f.path().tcp()) {
                streams.arriving(f.from(), f.path())
                        .ifPresent(path -> to.input(new Input.Datagram(path, f.octets())));
                return;
            }
            Path seen = new Path(f.path().remote(), f.path().local());
            to.input(new Input.Datagram(seen, f.octets()));
        }
        for (Peer p : List.of(a, b)) {
            if (p.engine.nextDeadline() <= now) {
                p.input(new Input.Tick());
            }
        }
    }

    /// Delivers one datagram by hand.
    public void deliver(Peer to, Path path, Octets octets) {
        to.input(new Input.Datagram(path, octets));
    }

    public TwoPeers establish() {
        b.load();
        a.load();
        if (!runUntil(() -> a.isUp() && b.isUp(), 60 * SECOND)) {
            throw new AssertionError("not established: " + a.events + " / " + b.events);
        }
        return this;
    }

    /// One token each way: whether both arrived.
    public boolean exchange() {
        boolean there = a.backend.send(a.child()).map(t -> b.backend.receive(t, now)).orElse(false);
        boolean back = b.backend.send(b.child()).map(t -> a.backend.receive(t, now)).orElse(false);
        return there && back;
    }
}

package io.sallyport.testkit;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.AddressPools;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Any number of whole engines on a line that loses nothing, in virtual time: a datagram goes to
/// whoever has its address.
public final class Crowd {
    private static final long SECOND = 1_000_000_000L;

    private record Flying(Path path, Octets octets) {}

    /// One gateway or client.
    public final class Node {
        public final IpAddress address;
        public final MemoryBackend backend = new MemoryBackend();
        public final List<Event> events = new ArrayList<>();
        private final IkeEngine engine;
        private boolean deaf;
        private Octets first = Octets.EMPTY;
        private int jobs;
        private int handled;
        private long allocated;

        Node(IpAddress address, AddressPools pools) {
            this.address = address;
            this.engine =
                    new IkeEngine(
                            EngineSettings.DEFAULT,
                            crypto,
                            (_, _) -> Optional.of(Secret.utf8("one-key-for-all")),
                            backend,
                            new ScriptedRandom(nodes.size() + 17L),
                            pools);
        }

        public Node load(ConnectionSpec... specs) {
            input(new Input.Asked(new Command.Load(new VpnSpec(List.of(specs), List.of()))));
            settle();
            return this;
        }

        public Node command(Command command) {
            input(new Input.Asked(command));
            settle();
            return this;
        }

        /// A datagram that nobody of the crowd sent.
        public void hear(Path path, Octets message) {
            input(new Input.Datagram(path, message));
        }

        /// The first message that it ever sent, or would have.
        public Octets first() {
            return first;
        }

        /// Diffie-Hellman exchanges that it asked for.
        public int jobs() {
            return jobs;
        }

        /// What it allocated on the heap for each input since this was asked last.
        public long allocatedEach() {
            long each = allocated / Math.max(1, handled);
            allocated = 0;
            handled = 0;
            return each;
        }

        /// Nothing reaches it or leaves it any more.
        public void pullThePlug() {
            deaf = true;
        }

        public IkeEngine engine() {
            return engine;
        }

        public <E extends Event> Stream<E> events(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast);
        }

        /// Established IKE SAs.
        public long ikeSas() {
            return engine.views().stream().filter(v -> v.state().equals("ESTABLISHED")).count();
        }

        private void input(Input first) {
            Deque<Input> inputs = new ArrayDeque<>(List.of(first));
            while (!inputs.isEmpty()) {
                Outbox out = new Outbox();
                Input next = inputs.remove();
                allocated += AllocatedOctets.once(() -> engine.handle(next, now, out));
                handled++;
                out.drain().forEach(output -> carryOut(output, inputs));
            }
        }

        private void carryOut(Output output, Deque<Input> inputs) {
            switch (output) {
                case Output.Send(Path path, Octets octets) -> {
                    if (first.isEmpty()) {
                        first = octets;
                    }
                    if (!deaf) {
                        wire.add(new Flying(new Path(path.remote(), path.local()), octets));
                    }
                }
                case Output.Keepalive _, Output.SendWhole _, Output.Probed _ -> {}
                // and no TCP
                case Output.Dial _, Output.KeepTcp _, Output.HangUp _ -> {}
                case Output.Generate g -> {
                    jobs++;
                    inputs.add(
                            new Input.Generated(g.job(), crypto.agreement(g.group()).generate()));
                }
                case Output.Agree a -> inputs.add(agree(a));
                case Output.Answer a -> {
                    jobs++;
                    inputs.add(answer(a));
                }
                // a crowd has pre-shared keys only
                case Output.Sign s -> inputs.add(new Input.NotSigned(s.job(), "nobody signs here"));
                case Output.Judge j ->
                        inputs.add(
                                new Input.Judged(j.job(), new ReloadableNotary().judge(j.proof())));
                case Output.Tls t -> throw new AssertionError("a crowd does no TLS: " + t.job());
                case Output.Resolve r -> inputs.add(resolve(r));
                case Output.Install i -> backend.install(i.sa());
                case Output.Activate a -> backend.activate(a.childSaId());
                case Output.Remove r -> backend.remove(r.childSaId());
                case Output.Move m -> backend.move(m.childSaId(), m.carriage());
                case Output.Tell(Event event) -> events.add(event);
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
                return new Input.Agreed(a.job(), ours.agree(a.theirs()));
            } catch (KeyAgreement.BadPublicValue e) {
                return new Input.Disagreed(a.job(), String.valueOf(e.getMessage()));
            }
        }

        private Input resolve(Output.Resolve r) {
            return r.remote() instanceof AddressSpec.Fixed(IpAddress remote)
                    ? new Input.Resolved(
                            r.lookup(),
                            r.connection(),
                            List.of(
                                    new Path(
                                            new Endpoint(address, 500), new Endpoint(remote, 500))),
                            "")
                    : new Input.Resolved(
                            r.lookup(), r.connection(), List.of(), "it may have any address");
        }
    }

    private final Crypto crypto;
    private final Map<IpAddress, Node> nodes = new LinkedHashMap<>();
    private final Deque<Flying> wire = new ArrayDeque<>();
    private long now = 1_000 * SECOND;

    public Crowd(Crypto crypto) {
        this.crypto = crypto;
    }

    public Node add(String address, AddressPools pools) {
        Node node = new Node(IpAddress.of(address), pools);
        nodes.put(node.address, node);
        return node;
    }

    /// Delivers what is under way, and what that brings about.
    public void settle() {
        while (!wire.isEmpty()) {
            Flying f = wire.remove();
            Node to = nodes.get(f.path().local().address());
            if (to != null && !to.deaf) {
                to.input(new Input.Datagram(f.path(), f.octets()));
            }
        }
    }

    public void run(long seconds) {
        long end = now + seconds * SECOND;
        while (true) {
            long next =
                    nodes.values().stream()
                            .mapToLong(n -> n.engine.nextDeadline())
                            .min()
                            .orElse(Long.MAX_VALUE);
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            nodes.values().forEach(n -> n.input(new Input.Tick()));
            settle();
        }
    }
}

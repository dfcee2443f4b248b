package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.time.Clock;
import io.sallyport.creds.store.CredentialStore;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Await;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.UndatedClock;
import io.sallyport.wire.ike.IkeHeader;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Two loops with their engines and data planes, a thread each, joined by a wire in memory.
class IkeLoopTest {
    private static final Clock CLOCK = new UndatedClock();

    private final Crypto crypto = EngineChooser.choose(new JceEngine());
    private final LogRing log = new LogRing(CLOCK, 10);
    private final Bugs bugs = new Bugs(log);

    private final class Side implements Outside {
        final UserspaceBackend backend = new UserspaceBackend(List.of(crypto));
        final TrafficLedger ledger = new TrafficLedger();
        final Queue<Event> told = new ConcurrentLinkedQueue<>();
        final IkeLoop loop;
        final ConnectionSpec spec;
        @Nullable Side peer;
        volatile boolean buggy;
        int heard;

        Side(ConnectionSpec spec, long seed) {
            this.spec = spec;
            VpnSpec vpn = vpn();
            this.loop =
                    new IkeLoop(
                            new IkeEngine(
                                    EngineSettings.DEFAULT,
                                    crypto,
                                    new CredentialStore(vpn.secrets()),
                                    backend,
                                    new ScriptedRandom(seed)),
                            backend,
                            ledger,
                            CLOCK,
                            bugs,
                            seed);
            backend.link("", 0);
            loop.attach(this, new Jobs(crypto, new ReloadableNotary(), 1, loop::offer, bugs));
        }

        VpnSpec vpn() {
            return new VpnSpec(
                    List.of(spec),
                    List.of(new SharedSecret(List.of(), Secret.utf8("psk"), Origin.NONE)));
        }

        void run() {
            Thread.ofPlatform().daemon().start(loop);
            loop.offer(new Input.Asked(new Command.Load(vpn())));
        }

        boolean saw(Class<? extends Event> kind) {
            return told.stream().anyMatch(kind::isInstance);
        }

        @Override
        public void send(Path path, Octets message) {
            if (buggy) {
                buggy = false;
                throw new IllegalStateException("a bug in the world outside");
            }
            Side other = peer;
            if (other != null) {
                other.loop.offer(
                        new Input.Datagram(new Path(path.remote(), path.local()), message));
            }
        }

        @Override
        public void heard(Octets message) {
            heard++;
        }

        @Override
        public void keepalive(Path path) {}

        @Override
        public void installing(ChildSa sa) {
            backend.protect(new PolicyEntry(sa.owner(), sa.selectors(), false));
        }

        @Override
        public void removed(long id) {}

        @Override
        public void resolve(Output.Resolve wanted) {
            if (wanted.local() instanceof AddressSpec.Fixed(var ours)
                    && wanted.remote() instanceof AddressSpec.Fixed(var theirs)) {
                Path path = new Path(new Endpoint(ours, 500), new Endpoint(theirs, 500));
                loop.offer(
                        new Input.Resolved(
                                wanted.lookup(), wanted.connection(), List.of(path), ""));
            }
        }

        @Override
        public void tell(Event event) {
            told.add(event);
        }
    }

    @Test
    void twoLoopsBringAChildUpAndABugOnTheWayEndsNothing()
            throws ExecutionException, InterruptedException {
        Side a = new Side(new Specs().build(), 1);
        Side b = new Side(new Specs().between("192.0.2.2", "192.0.2.1").passive().build(), 2);
        a.peer = b;
        b.peer = a;
        a.buggy = true; // the first message is lost by a bug; its retransmission gets through
        b.run();
        a.run();
        CompletableFuture<Boolean> wrong =
                a.loop.ask(
                        "a wrong errand",
                        _ -> {
                            throw new IllegalStateException("a bug in an errand");
                        });
        Await.until(
                "up at both ends",
                () -> a.saw(Event.ChildEstablished.class) && b.saw(Event.ChildEstablished.class));
        assertThrows(ExecutionException.class, wrong::get);
        assertEquals(2, bugs.kinds());
        assertEquals(1, a.loop.ask("count", _ -> a.backend.installed().size()).get());
        assertEquals(1, a.loop.ask("views", engine -> engine.views().size()).get());

        a.loop.offer(new Input.Asked(new Command.Terminate("Tunnel1")));
        Await.until("down at both ends", () -> b.saw(Event.ChildClosed.class));
        assertEquals(0, a.loop.ask("count", _ -> a.backend.installed().size()).get());
        a.loop.stop();
        b.loop.stop();
        assertTrue(log.last(10).size() >= 2);
    }

    /// Whatever strangers send, a person is answered before them.
    @Test
    void anErrandGoesBeforeTheMessagesThatWait() throws ExecutionException, InterruptedException {
        Side a = new Side(new Specs().build(), 1);
        PacketBatch packets = new PacketBatch(Arena.ofAuto(), 1, 256, 0);
        for (int i = 0; i < 1000; i++) {
            packets.clear();
            packets.add();
            byte[] first = new IkeHeader(i + 1, 0, 33, 2, 0, 34, 8, 0, 28).emit().toArray();
            packets.fill(0, first, 0, first.length);
            String source = "198.51.100." + i % 200;
            packets.path(
                    0,
                    new Path(
                            new Endpoint(IpAddress.of("192.0.2.1"), 500),
                            new Endpoint(IpAddress.of(source), 500)));
            a.loop.gate().admit(packets, 0, CLOCK.nanos());
        }
        CompletableFuture<Integer> answer = a.loop.ask("how many were heard", _ -> a.heard);
        a.loop.work();
        assertEquals(0, answer.get());
        assertEquals(256 - 1, a.heard);
        a.loop.work();
        assertEquals(256, a.heard);
    }
}

package io.sallyport.daemon.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// S3-54: when the program is run, by real engines and real programs: once up, once down.
@Timeout(60)
final class UpdownTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir java.nio.file.Path folder;
    private final List<LogLine> log = new CopyOnWriteArrayList<>();
    private VpnSpec vpn = VpnSpec.EMPTY;

    private Updown updown(Function<String, List<IkeSaView>> views) {
        return new Updown(
                new Updown.World(
                        () -> vpn, views, _ -> 1, _ -> 1, _ -> Optional.of("eth0"), log::add),
                Duration.ofSeconds(10));
    }

    private static ConnectionSpec with(ConnectionSpec c, String command) {
        List<ChildSpec> children = new ArrayList<>();
        for (ChildSpec child : c.children()) {
            children.add(
                    new ChildSpec(
                            child.name(),
                            child.mode(),
                            child.proposals(),
                            child.selectors(),
                            child.lifetime(),
                            child.actions(),
                            child.link(),
                            child.options().with(new HookSpec(command, false))));
        }
        return new ConnectionSpec(c.name(), c.local(), c.remote(), c.ike(), children, c.origin());
    }

    private void configure(String command) {
        vpn = new VpnSpec(List.of(with(new Specs().v2().build(), command)), List.of());
    }

    private List<String> lines(String file) throws IOException {
        var path = folder.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private static List<Specs> both(boolean v2) {
        Specs a = new Specs().between("192.0.2.1", "192.0.2.2");
        Specs b = new Specs().between("192.0.2.2", "192.0.2.1");
        return v2 ? List.of(a.v2(), b.v2().passive()) : List.of(a, b.passive());
    }

    /// Every way to replace an SA, from both ends, crossing each other on a bad line.
    @Test
    void onceUpAndOnceDownOverAllThatReplacesAnSa() throws IOException {
        for (int seed = 1; seed <= 12; seed++) {
            boolean v2 = seed % 4 != 0;
            List<Specs> specs = both(v2);
            TwoPeers p =
                    new TwoPeers(
                            seed, TestCrypto.CRYPTO, specs.get(0).build(), specs.get(1).build());
            String name = "told-" + seed;
            configure("echo $PLUTO_VERB $PLUTO_ME >> " + folder.resolve(name) + ".$PLUTO_ME");
            Updown ofA = updown(c -> p.a.engine().viewsOf(c));
            Updown ofB = updown(c -> p.b.engine().viewsOf(c));
            p.a.heard = ofA::take;
            p.b.heard = ofB::take;
            p.establish();
            p.wire.faults(seed % 3 == 0 ? 20 : 0, seed % 3 == 1 ? 20 : 0, seed % 2 == 0 ? 40 : 0);
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(20 * SECOND);
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(20 * SECOND);
            p.b.command(new Command.Rekey("Tunnel1", ""));
            p.run(20 * SECOND);
            IkeSaView.Keys ike = p.a.engine().views().getFirst().keys();
            p.a.command(new Command.RekeyIke("Tunnel1", ike, true));
            p.run(30 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertTrue(p.exchange(), "seed " + seed);
            long came = p.a.events(Event.ChildEstablished.class).count();
            assertTrue(came >= (v2 ? 4 : 3), "seed " + seed + ": " + came + " SAs");
            assertTrue(ofA.finish(PATIENCE) && ofB.finish(PATIENCE));
            assertEquals(List.of("up-client 192.0.2.1"), lines(name + ".192.0.2.1"), "" + seed);
            assertEquals(List.of("up-client 192.0.2.2"), lines(name + ".192.0.2.2"), "" + seed);
            p.a.command(new Command.Terminate("Tunnel1"));
            p.run(30 * SECOND);
            assertTrue(ofA.finish(PATIENCE) && ofB.finish(PATIENCE));
            assertEquals(
                    List.of("up-client 192.0.2.1", "down-client 192.0.2.1"),
                    lines(name + ".192.0.2.1"),
                    "seed " + seed);
            assertEquals(
                    List.of("up-client 192.0.2.2", "down-client 192.0.2.2"),
                    lines(name + ".192.0.2.2"),
                    "seed " + seed);
        }
        assertEquals(List.of(), log);
    }

    /// S3-53: the peer falls silent.
    @Test
    void aDeadPeerIsADown() throws IOException {
        List<Specs> specs = both(true);
        TwoPeers p = new TwoPeers(5, TestCrypto.CRYPTO, specs.get(0).build(), specs.get(1).build());
        configure("echo $PLUTO_VERB >> " + folder + "/out");
        Updown updown = updown(c -> p.a.engine().viewsOf(c));
        p.a.heard = updown::take;
        p.establish();
        p.middle(_ -> TwoPeers.LOST);
        assertTrue(p.runUntil(() -> p.a.ikeSas() == 0, 600 * SECOND));
        assertTrue(updown.finish(PATIENCE));
        assertEquals(List.of("up-client", "down-client"), lines("out"));
    }

    // ---- what seldom happens, by hand

    private final List<IkeSaView> views = new ArrayList<>();
    private static final Owner OWNER = new Owner("Tunnel1", "Tunnel1", "");

    private static ChildSa sa(long id, String remote) {
        SaHalf half = new SaHalf((int) id, Secret.of(new byte[20]), Secret.EMPTY);
        return new ChildSa(
                id,
                OWNER,
                new EspSuite(
                        Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false),
                half,
                half,
                new SelectorPair(
                        List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/24"))),
                        List.of(TrafficSelector.of(IpPrefix.of(remote)))),
                new Carriage(path(), false),
                new ChildSa.Handling(Mode.TUNNEL, 64));
    }

    private static Path path() {
        return new Path(
                new Endpoint(IpAddress.of("192.0.2.1"), 500),
                new Endpoint(IpAddress.of("192.0.2.2"), 500));
    }

    private static IkeSaView view(String peer, ChildSa... children) {
        List<ChildSaView> shown = new ArrayList<>();
        for (ChildSa sa : children) {
            shown.add(new ChildSaView(sa, "ACTIVE", 0, 1, 2, SaUsage.NONE));
        }
        return new IkeSaView(
                "Tunnel1",
                new IkeSaView.Keys("0" + children[0].id(), "02", "", true, "IKEv2"),
                path(),
                "ESTABLISHED",
                new IkeSaView.Times(0, 1, 2),
                new IkeSaView.Peer("moon", peer, false, false, 0, 0),
                shown);
    }

    private Updown byHand() {
        configure("echo $PLUTO_VERB $PLUTO_PEER_CLIENT >> " + folder + "/out");
        return updown(_ -> List.copyOf(views));
    }

    private void now(IkeSaView... of) {
        views.clear();
        views.addAll(List.of(of));
    }

    private static Event came(ChildSa sa, boolean rekeyed) {
        return new Event.ChildEstablished("Tunnel1", sa, rekeyed);
    }

    private static Event went(ChildSa sa, boolean last) {
        return new Event.ChildClosed("Tunnel1", sa, "test", last);
    }

    /// A client that got another address when it reauthenticated: what was made for the first is
    /// taken away, and made for the second.
    @Test
    void anotherAddressIsADownAndAnUp() throws IOException {
        Updown updown = byHand();
        ChildSa first = sa(1, "10.3.0.1/32");
        ChildSa second = sa(2, "10.3.0.2/32");
        now(view("sun", first));
        updown.take(came(first, false));
        now(view("sun", first), view("sun", second));
        updown.take(came(second, true));
        now(view("sun", second));
        updown.take(went(first, false));
        views.clear();
        updown.take(went(second, true));
        assertTrue(updown.finish(PATIENCE));
        assertEquals(
                List.of(
                        "up-client 10.3.0.1/32",
                        "down-client 10.3.0.1/32",
                        "up-client 10.3.0.2/32",
                        "down-client 10.3.0.2/32"),
                lines("out"));
    }

    /// Two clients that share an identity: the one's rekeying and end are not the other's.
    @Test
    void twoPeersOfOneIdentityAreTwo() throws IOException {
        Updown updown = byHand();
        ChildSa ofOne = sa(1, "10.3.0.1/32");
        ChildSa ofOther = sa(2, "10.3.0.2/32");
        ChildSa next = sa(3, "10.3.0.2/32");
        now(view("sun", ofOne));
        updown.take(came(ofOne, false));
        now(view("sun", ofOne), view("sun", ofOther));
        updown.take(came(ofOther, false));
        now(view("sun", ofOne), view("sun", ofOther, next));
        updown.take(came(next, true));
        now(view("sun", ofOne), view("sun", next));
        updown.take(went(ofOther, false));
        now(view("sun", next));
        updown.take(went(ofOne, true));
        views.clear();
        assertTrue(updown.finish(PATIENCE));
        assertEquals(
                List.of(
                        "up-client 10.3.0.1/32",
                        "up-client 10.3.0.2/32",
                        "down-client 10.3.0.1/32"),
                lines("out"));
        updown.take(went(next, true));
        assertTrue(updown.finish(PATIENCE));
        assertEquals("down-client 10.3.0.2/32", lines("out").getLast());
    }

    /// Going is told to whom coming was told, whatever the files say by now.
    @Test
    void aReloadDoesNotLoseTheEnd() throws IOException {
        Updown updown = byHand();
        ChildSa sa = sa(1, "10.3.0.1/32");
        now(view("sun", sa));
        updown.take(came(sa, false));
        vpn = VpnSpec.EMPTY;
        updown.take(went(sa, true));
        assertTrue(updown.finish(PATIENCE));
        assertEquals(List.of("up-client 10.3.0.1/32", "down-client 10.3.0.1/32"), lines("out"));
    }

    /// The program of the first peer hangs until the one of the second has run: neither the loop
    /// nor another peer waits for it.
    @Test
    void aProgramThatHangsHoldsUpNobodyElse() throws IOException {
        configure(
                "if [ $PLUTO_PEER_ID = moon ]; then until [ -e %s/go ]; do :; done; fi;"
                                .formatted(folder)
                        + " echo $PLUTO_PEER_ID >> %s/out; touch %s/go".formatted(folder, folder));
        Updown updown = updown(_ -> List.copyOf(views));
        ChildSa hangs = sa(1, "10.3.0.1/32");
        ChildSa runs = sa(2, "10.3.0.2/32");
        now(view("moon", hangs), view("sun", runs));
        updown.take(came(hangs, false));
        updown.take(came(runs, false));
        assertTrue(updown.finish(PATIENCE));
        assertEquals(List.of("sun", "moon"), lines("out"));
        assertEquals(List.of(), log);
    }
}

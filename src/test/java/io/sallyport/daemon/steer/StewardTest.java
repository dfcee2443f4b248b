package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.time.Clock;
import io.sallyport.creds.store.CredentialStore;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.daemon.host.HostNetwork;
import io.sallyport.daemon.host.MemorySystem;
import io.sallyport.daemon.host.StateJournal;
import io.sallyport.daemon.loop.Bugs;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.loop.TrafficLedger;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.model.command.SpdEntry;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.UndatedClock;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SAs whose selectors the configuration leaves to the negotiation: their policies come with them.
class StewardTest {
    private static final Clock CLOCK = new UndatedClock();
    private static final SelectorPair LEFT_OPEN = new SelectorPair(List.of(), List.of());
    private static final Specs ONE = new Specs().name("one").between("192.0.2.1", "192.0.2.2");
    private static final Specs TWO = new Specs().name("two").between("192.0.2.1", "192.0.2.3");

    @TempDir java.nio.file.Path folder;

    private final Crypto crypto = EngineChooser.choose(new JceEngine());
    private final UserspaceBackend backend = new UserspaceBackend(List.of(crypto));
    private Steward steward;

    @BeforeEach
    void start() throws IOException {
        LogRing log = new LogRing(CLOCK, 10);
        MemorySystem system = new MemorySystem();
        IkeLoop loop =
                new IkeLoop(
                        new IkeEngine(
                                EngineSettings.DEFAULT,
                                crypto,
                                new CredentialStore(List.of()),
                                backend,
                                new ScriptedRandom(1)),
                        backend,
                        new TrafficLedger(),
                        CLOCK,
                        new Bugs(log),
                        1);
        steward =
                new Steward(
                        loop,
                        backend,
                        system,
                        new HostNetwork(
                                system, StateJournal.open(folder.resolve("state")), _ -> {}),
                        CLOCK,
                        log,
                        _ -> {},
                        new NoPings());
        backend.link("", 0);
        steward.load(
                new VpnSpec(
                        List.of(
                                ONE.passive().selectors(LEFT_OPEN).build(),
                                TWO.passive().selectors(LEFT_OPEN).build()),
                        List.of()));
    }

    private static ChildSa child(int id, String connection, String remote) {
        SaHalf half = new SaHalf(0x1000 + id, Secret.of(new byte[20]), Secret.EMPTY);
        Endpoint here = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        return new ChildSa(
                id,
                new Owner(connection, connection, ""),
                new EspSuite(
                        Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, false),
                half,
                half,
                new SelectorPair(
                        List.of(TrafficSelector.of(IpPrefix.of("192.0.2.1/32"))),
                        List.of(TrafficSelector.of(IpPrefix.of(remote + "/32")))),
                new Carriage(new Path(here, new Endpoint(IpAddress.of(remote), 500)), false),
                new ChildSa.Handling(Mode.TUNNEL, 64));
    }

    private void install(ChildSa sa) {
        steward.installing(sa);
        backend.install(sa);
    }

    private List<String> policies() {
        return backend.policies().stream()
                .map(SpdEntry::policy)
                .map(e -> e.owner().connection())
                .sorted()
                .toList();
    }

    /// The responder of a quick mode installs with message 2; another child that comes up before
    /// message 3 is there must not take the policy, and the SA with it.
    @Test
    void whatIsInstalledStaysWhileAnotherChildComesUp() {
        ChildSa one = child(1, "one", "192.0.2.2");
        ChildSa two = child(2, "two", "192.0.2.3");
        install(one);
        install(two);
        steward.take(new Event.ChildEstablished("two", two, false));
        assertEquals(List.of(1L, 2L), backend.installed());
        assertEquals(List.of("one", "two"), policies());
        steward.take(new Event.ChildEstablished("one", one, false));
        assertEquals(List.of("one", "two"), policies());
        backend.remove(1);
        steward.take(new Event.ChildClosed("one", one, "the peer deleted it", true));
        assertEquals(List.of("two"), policies());
    }

    @Test
    void thePolicyOfAnSaThatNeverCameUpGoesWithIt() {
        install(child(1, "one", "192.0.2.2"));
        assertEquals(List.of("one"), policies());
        backend.remove(1);
        steward.removed(1);
        assertEquals(List.of(), policies());
    }

    /// S3-02: a first message that anybody can send neither makes the second connection take over
    /// nor hides what is known; what our own attempt came to does.
    @Test
    void aStrangersFailureChangesNothing() {
        Specs first = new Specs().name("first").between("192.0.2.1", "192.0.2.2");
        Specs second = new Specs().name("second").between("192.0.2.1", "192.0.2.3");
        steward.load(
                new VpnSpec(
                        List.of(
                                first.selectors("10.1.0.0/16", "10.2.0.0/16").build(),
                                second.selectors("10.1.0.0/16", "10.2.0.0/16").build()),
                        List.of()));
        assertTrue(steward.board().isHeld("second"));
        steward.take(failed("no IKE proposal in common", true));
        assertTrue(steward.board().isHeld("second"));
        assertTrue(steward.board().lastFailure("first").contains("no IKE proposal"));

        steward.take(failed("no answer", false));
        assertFalse(steward.board().isHeld("second"));
        steward.take(failed("no IKE proposal in common", true));
        assertTrue(steward.board().lastFailure("first").contains("no answer"));
    }

    /// Nor does it stand beside a tunnel that is up.
    @Test
    void whatIsUpIsNotSaidToFail() {
        ChildSa one = child(1, "one", "192.0.2.2");
        install(one);
        steward.take(new Event.ChildEstablished("one", one, false));
        steward.take(
                new Event.Failed(
                        new Failure("one", "192.0.2.9", "main mode", "no", "", "", Origin.NONE),
                        true));
        assertEquals("", steward.board().lastFailure("one"));
    }

    private static Event failed(String reason, boolean byStranger) {
        return new Event.Failed(
                new Failure("first", "192.0.2.9", "IKE_SA_INIT", reason, "", "", Origin.NONE),
                byStranger);
    }
}

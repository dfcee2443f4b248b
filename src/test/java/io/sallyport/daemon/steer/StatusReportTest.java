package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.control.view.IkeView;
import io.sallyport.control.view.TrafficView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.daemon.host.HostPlan;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1000 * SECOND;
    private static final Owner OWNER = new Owner("Tunnel1", "Tunnel1", "");
    private static final Path PATH =
            new Path(
                    new Endpoint(IpAddress.of("192.0.2.1"), 500),
                    new Endpoint(IpAddress.of("192.0.2.2"), 500));

    private final Board board = new Board();

    private static ChildSa child() {
        return child(7);
    }

    private static ChildSa child(long id) {
        ConnectionSpec spec = new Specs().build();
        return new ChildSa(
                id,
                OWNER,
                new EspSuite(
                        Cipher.of(Encryption.AES_CBC, 128),
                        Integrity.HMAC_SHA1_96,
                        Group.MODP_1024,
                        false),
                new SaHalf(1, Secret.utf8("k"), Secret.utf8("k")),
                new SaHalf(2, Secret.utf8("k"), Secret.utf8("k")),
                spec.children().getFirst().selectors(),
                new Carriage(PATH, false),
                new ChildSa.Handling(Mode.TUNNEL, 1024));
    }

    private static IkeSaView ike(List<ChildSaView> children) {
        return new IkeSaView(
                "Tunnel1",
                new IkeSaView.Keys("0102030405060708", "0807060504030201", "aes128", true, "IKEv1"),
                PATH,
                "ESTABLISHED",
                new IkeSaView.Times(NOW - 60 * SECOND, NOW + 90 * SECOND, Long.MAX_VALUE),
                new IkeSaView.Peer("a", "b", false, true, NOW - 3 * SECOND, 4_000_000),
                children);
    }

    private TunnelView report(ConnectionSpec connection, List<IkeSaView> sas) {
        return StatusReport.tunnels(
                        new StatusReport.Facts(
                                new VpnSpec(List.of(connection), List.of()),
                                HostPlan.EMPTY,
                                board,
                                sas,
                                _ ->
                                        new StatusReport.Traffic(
                                                new SaUsage(1, 84, 2, 168, NOW, NOW),
                                                Map.of(Drop.BAD_ICV, 3L)),
                                _ -> Optional.empty(),
                                _ -> 1400,
                                Map.of(),
                                NOW - 100 * SECOND,
                                NOW))
                .getFirst();
    }

    @Test
    void aTunnelThatIsUpShowsAllOfIt() {
        board.take(new Event.ChildEstablished("Tunnel1", child(), false), NOW - 50 * SECOND);
        ChildSaView esp =
                new ChildSaView(
                        child(),
                        "ACTIVE",
                        NOW - 50 * SECOND,
                        NOW + SECOND,
                        NOW + 2 * SECOND,
                        SaUsage.NONE);
        TunnelView view = report(new Specs().build(), List.of(ike(List.of(esp))));
        assertEquals(TunnelState.UP, view.state().name());
        assertEquals(50L, view.state().sinceSeconds());
        assertEquals("192.0.2.2:500", view.path().remote());
        assertEquals("ESP", view.path().carriage());
        assertEquals(true, view.path().natRemote());
        IkeView ike = view.ike();
        assertNotNull(ike);
        assertEquals(60, ike.ages().ageSeconds());
        assertEquals(90L, ike.ages().rekeySeconds());
        assertNull(ike.ages().expirySeconds());
        assertEquals(3L, ike.liveness().heardSeconds());
        assertEquals(4.0, ike.liveness().rttMillis());
        assertNotNull(view.esp());
        assertEquals("00000001", view.esp().spiIn());
        assertEquals(new TrafficView(1, 84, 2, 168, Map.of("BAD_ICV", 3L)), view.traffic());
        assertEquals(
                new TrafficView(1, 84, 2, 168, Map.of("REPLAYED", 9L)),
                StatusReport.totals(List.of(view), Map.of(Drop.REPLAYED, 9L)));
    }

    @Test
    void statesFollowWhatHappened() {
        ConnectionSpec starts = new Specs().build();
        ConnectionSpec waits = new Specs().passive().build();
        assertEquals(TunnelState.CONNECTING, report(starts, List.of()).state().name());
        assertEquals(TunnelState.WAITING, report(waits, List.of()).state().name());
        assertEquals(TunnelState.CONNECTING, report(waits, List.of(ike(List.of()))).state().name());

        board.take(
                new Event.Failed(
                        new Failure("Tunnel1", "p", "main mode", "no", "", "", Origin.NONE)),
                NOW);
        assertEquals(
                "Tunnel1 (p): main mode failed: no",
                report(starts, List.of()).state().lastFailure());

        board.take(new Event.ChildEstablished("Tunnel1", child(), false), NOW);
        assertEquals(TunnelState.UP, report(waits, List.of()).state().name());
        assertEquals("", report(starts, List.of()).state().lastFailure());

        board.take(new Event.ChildEstablished("Tunnel1", child(8), true), NOW);
        board.take(new Event.ChildClosed("Tunnel1", child(), "rekeyed", false), NOW);
        assertEquals(TunnelState.UP, report(waits, List.of()).state().name());
        board.take(
                new Event.PeerDead(
                        "Tunnel1", PATH, new IkeSaView.Keys("a", "b", "", true, "IKEv1"), SECOND),
                NOW);
        board.take(new Event.ChildClosed("Tunnel1", child(8), "peer dead", true), NOW);
        assertEquals(TunnelState.DEAD, report(waits, List.of()).state().name());

        board.start("Tunnel1");
        board.take(new Event.GivenUp("Tunnel1"), NOW);
        assertEquals(TunnelState.DOWN, report(starts, List.of()).state().name());

        board.stop("Tunnel1");
        assertEquals(TunnelState.DOWN, report(starts, List.of()).state().name());
        board.start("Tunnel1");
        assertEquals(TunnelState.CONNECTING, report(starts, List.of()).state().name());
    }
}

package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Specs;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// S3-02: policy-based tunnels for the same traffic: one carries it, the others stand by.
class StandbyTest {
    private static final Standby.Turn NOTHING = new Standby.Turn(List.of(), List.of());

    private final Standby standby = new Standby();

    private static ConnectionSpec to(String name, String remoteNet) {
        return new Specs().name(name).selectors("10.1.0.0/16", remoteNet).build();
    }

    private static VpnSpec vpn(ConnectionSpec... connections) {
        return new VpnSpec(List.of(connections), List.of());
    }

    private void two() {
        standby.load(vpn(to("t1", "0.0.0.0/0"), to("t2", "0.0.0.0/0")));
    }

    private Standby.Turn turn(String lost, String... up) {
        return standby.turn(lost, Set.of(up), Set.of());
    }

    @Test
    void theFirstIsTriedTheSecondHeld() {
        two();
        assertEquals(Set.of("t2"), standby.held());
        assertEquals(NOTHING, turn(""));
        assertEquals(NOTHING, turn("", "t1"));
        assertTrue(standby.decides("t1", Set.of("t1"), Set.of()));
        assertFalse(standby.decides("t2", Set.of("t1"), Set.of()));
    }

    @Test
    void theSecondTakesOverAndTheFirstTakesItBack() {
        two();
        assertEquals(new Standby.Turn(List.of("t2"), List.of()), turn("t1"));
        assertEquals(Set.of(), standby.held());
        assertTrue(standby.decides("t1", Set.of(), Set.of()), "until then the first one's stands");
        assertEquals(NOTHING, turn("", "t2"));
        assertTrue(standby.decides("t2", Set.of("t2"), Set.of()));
        assertFalse(standby.decides("t1", Set.of("t2"), Set.of()));
        assertEquals(NOTHING, turn("t1", "t2"), "the first one's tries go on failing");
        assertEquals(new Standby.Turn(List.of(), List.of("t2")), turn("", "t1", "t2"));
        assertEquals(Set.of("t2"), standby.held());
        assertEquals(NOTHING, turn("t2", "t1"));
    }

    @Test
    void bothLostBothAreTried() {
        two();
        turn("t1");
        turn("", "t2");
        assertEquals(NOTHING, turn("t2"));
        assertEquals(Set.of(), standby.held());
    }

    @Test
    void aPersonTakesTheFirstDown() {
        two();
        assertEquals(
                new Standby.Turn(List.of("t2"), List.of()),
                standby.turn("", Set.of(), Set.of("t1")));
        assertTrue(standby.decides("t2", Set.of(), Set.of("t1")));
        assertEquals(NOTHING, turn("", "t2"));
        assertEquals(new Standby.Turn(List.of(), List.of("t2")), turn("", "t1", "t2"));
    }

    @Test
    void threeComeOneAfterTheOther() {
        standby.load(
                vpn(to("t1", "10.9.0.0/16"), to("t2", "10.9.0.0/16"), to("t3", "10.9.0.0/16")));
        assertEquals(new Standby.Turn(List.of("t2"), List.of()), turn("t1"));
        assertEquals(new Standby.Turn(List.of("t3"), List.of()), turn("t2"));
        assertEquals(new Standby.Turn(List.of(), List.of("t3")), turn("", "t2", "t3"));
    }

    @Test
    void whoeverIsForOtherTrafficOrOnlyWaitsIsLeftAlone() {
        standby.load(
                vpn(
                        to("t1", "10.8.0.0/16"),
                        to("t2", "10.9.0.0/16"),
                        new Specs()
                                .name("t3")
                                .selectors("10.1.0.0/16", "10.9.0.0/16")
                                .passive()
                                .build()));
        assertEquals(Set.of(), standby.held());
        assertEquals(NOTHING, turn("t2", "t1"));
        assertTrue(standby.decides("t3", Set.of("t2"), Set.of()));
    }

    @Test
    void aReloadDoesNotHoldWhatCarries() {
        two();
        turn("t1");
        turn("", "t2");
        two();
        assertEquals(Set.of(), standby.held());
        assertTrue(standby.decides("t2", Set.of("t2"), Set.of()));
        assertEquals(NOTHING, turn("", "t2"));
    }
}

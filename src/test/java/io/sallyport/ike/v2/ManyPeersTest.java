package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.model.port.AddressPools;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.Crowd;
import io.sallyport.testkit.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A gateway with many peers, and floods of first messages in forged names (S3-25): what a flood
/// leaves behind, who gets in beside it, and that what one of many does costs what one of few does.
class ManyPeersTest {
    private static final String GATEWAY = "192.0.2.1";
    private static final EngineSettings LIMITS = EngineSettings.DEFAULT;
    private static final SelectorPair NET =
            new SelectorPair(
                    List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/16"))),
                    List.of(TrafficSelector.of(IpPrefix.of("10.2.0.0/16"))));

    private final Crowd crowd = new Crowd(TestCrypto.CRYPTO);

    private static Specs specs(boolean v2) {
        return v2 ? new Specs().name("v2").v2() : new Specs().name("v1");
    }

    private static ConnectionSpec gate(boolean v2) {
        ConnectionSpec spec =
                specs(v2)
                        .between(GATEWAY, GATEWAY)
                        .ids(Identity.fqdn("gate"), Identity.ANY)
                        .selectors(NET)
                        .passive()
                        .build();
        return new ConnectionSpec(
                spec.name(),
                spec.local(),
                spec.remote().at(new AddressSpec.Any()),
                spec.ike(),
                spec.children(),
                spec.origin());
    }

    private Crowd.Node gateway() {
        return crowd.add(GATEWAY, AddressPools.NONE).load(gate(true), gate(false));
    }

    private Crowd.Node peer(String address, boolean v2) {
        Crowd.Node peer = crowd.add(address, AddressPools.NONE);
        return peer.load(call(address, v2));
    }

    private static ConnectionSpec call(String address, boolean v2) {
        return specs(v2)
                .between(address, GATEWAY)
                .ids(Identity.fqdn(address), Identity.fqdn("gate"))
                .selectors(new SelectorPair(NET.remote(), NET.local()))
                .build();
    }

    /// What a peer sends that begins; it is heard of no more.
    private Octets firstMessage(boolean v2) {
        Crowd.Node mallory = crowd.add("203.0.113.66", AddressPools.NONE);
        mallory.pullThePlug();
        mallory.load(call("203.0.113.66", v2));
        crowd.run(1);
        return mallory.first();
    }

    private static void forged(Crowd.Node gate, Octets first, int number) {
        String source = "172.16." + (number >> 8) + "." + (number & 255);
        gate.hear(
                new Path(
                        new Endpoint(IpAddress.of(GATEWAY), 500),
                        new Endpoint(IpAddress.of(source), 500)),
                Octets.concat(Octets.ofLong(number + 1L), first.slice(8, first.length())));
    }

    /// RFC 7296, 2.6: "Two expected attacks against IKE are state and CPU exhaustion, where the
    /// target is flooded with session initiation requests from forged IP addresses."
    @Test
    void aFloodLeavesLittleBehindAndRealPeersGetIn() {
        Crowd.Node gate = gateway();
        Octets first = firstMessage(true);
        List<Crowd.Node> peers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            forged(gate, first, i);
            if (i % 500 == 499) {
                peers.add(peer("198.51.100." + peers.size(), true));
            }
        }
        assertEquals(20, peers.stream().filter(p -> p.ikeSas() == 1).count());
        assertEquals(20, gate.ikeSas());
        assertEquals(20 + LIMITS.cookieInAll(), gate.engine().sessionsHeld());
        assertEquals(20 + LIMITS.cookieInAll(), gate.jobs());
        crowd.run(LIMITS.halfOpenTimeout().toSeconds() + 1);
        assertEquals(20, gate.engine().sessionsHeld());
        assertEquals(20, gate.engine().views().size());
    }

    /// IKEv1 has no cookies that cost the asker something: the oldest that did not go on makes
    /// room, for IKEv1 and for who has shown a cookie of IKEv2.
    @Test
    void aFloodOfMainModesKeepsNobodyOut() {
        Crowd.Node gate = gateway();
        Octets first = firstMessage(false);
        for (int i = 0; i < 3 * LIMITS.halfOpenLimit(); i++) {
            forged(gate, first, i);
        }
        assertEquals(LIMITS.halfOpenLimit(), gate.engine().sessionsHeld());
        assertEquals(1, peer("198.51.100.1", false).ikeSas());
        assertEquals(1, peer("198.51.100.2", true).ikeSas());
        assertTrue(gate.engine().sessionsHeld() <= LIMITS.halfOpenLimit() + 2);
        crowd.run(LIMITS.halfOpenTimeout().toSeconds() + 1);
        assertEquals(2, gate.engine().sessionsHeld());
    }

    /// Signs of life of all peers, both ways, and the ticks between them: each takes what it takes
    /// with few. A walk over all SAs copies or boxes something of each, and would show.
    @Test
    void aMessageAndATickCostTheSameWithManyPeers() {
        Crowd.Node gate = gateway();
        int peers = 0;
        while (peers < 20) {
            peer("198.51.100." + peers++, true);
        }
        long few = quietMinute(gate);
        while (peers < 120) {
            peer("198.51.100." + peers++, true);
        }
        long many = quietMinute(gate);
        assertEquals(120, gate.ikeSas());
        assertTrue(
                many < few + few / 4,
                few + " octets an input with 20 peers, " + many + " with 120");
    }

    private long quietMinute(Crowd.Node gate) {
        crowd.run(60); // compiled, and what is made once is made
        gate.allocatedEach();
        crowd.run(60);
        return gate.allocatedEach();
    }

    /// The same for handshakes, that of the last beside that of the first.
    @Test
    void aHandshakeCostsTheSameWithManyPeers() {
        Crowd.Node gate = gateway();
        int peers = 0;
        while (peers < 20) {
            peer("198.51.100." + peers++, true);
        }
        gate.allocatedEach();
        while (peers < 40) {
            peer("198.51.100." + peers++, true);
        }
        long few = gate.allocatedEach();
        while (peers < 120) {
            peer("198.51.100." + peers++, true);
        }
        gate.allocatedEach();
        while (peers < 140) {
            peer("198.51.100." + peers++, true);
        }
        long many = gate.allocatedEach();
        assertTrue(
                many < few + few / 4,
                few + " octets an input with 20 peers, " + many + " with 120");
    }
}

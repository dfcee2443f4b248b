package io.sallyport.ipsec.spd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.SelectorPair;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The policy database while it changes.
class SpdTest {
    private static final Owner NET = new Owner("gw", "net", "");
    private static final Owner REST = new Owner("gw", "rest", "");

    private static PolicyEntry to(Owner owner, String remote, PolicyAction action, int place) {
        return new PolicyEntry(
                owner,
                new SelectorPair(
                        List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/16"))),
                        List.of(TrafficSelector.of(IpPrefix.of(remote)))),
                action,
                false,
                0,
                place);
    }

    private static Flow flow() {
        byte[] packet = new byte[20];
        packet[0] = 0x45;
        packet[3] = 20;
        packet[9] = 59;
        System.arraycopy(IpAddress.of("10.1.0.9").octets().toArray(), 0, packet, 12, 4);
        System.arraycopy(IpAddress.of("10.2.0.9").octets().toArray(), 0, packet, 16, 4);
        Flow flow = new Flow();
        assertTrue(flow.read(MemorySegment.ofArray(packet), 0, packet.length));
        return flow;
    }

    /// A wide PASS and what goes before it come and go together, the PASS named first: a packet
    /// that is protected afterwards, and had no policy before, never meets the PASS alone.
    @Test
    void noPassOutrunsWhatGoesBeforeIt() throws InterruptedException {
        Spd spd = new Spd(1);
        spd.link("", new LinkSettings(0, 1500));
        List<PolicyEntry> both =
                List.of(
                        to(REST, "10.0.0.0/8", PolicyAction.BYPASS, 1),
                        to(NET, "10.2.0.0/16", PolicyAction.PROTECT, 0));
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong passed = new AtomicLong();
        AtomicLong found = new AtomicLong();
        Thread worker =
                Thread.ofPlatform()
                        .start(() -> {
                            Flow flow = flow();
                            while (!over.get()) {
                                Object said = spd.search(flow, 0);
                                if (said instanceof Policy p) {
                                    found.incrementAndGet();
                                    if (p.action() == PolicyAction.BYPASS) {
                                        passed.incrementAndGet();
                                    }
                                }
                            }
                        });
        for (int i = 0; i < 50_000 || found.get() == 0; i++) {
            spd.replace(both, List.of());
            spd.replace(List.of(), List.of(REST, NET));
        }
        over.set(true);
        worker.join();
        assertEquals(0, passed.get(), "of " + found.get());
    }

    /// What cannot be put in changes nothing.
    @Test
    void allOrNothing() {
        Spd spd = new Spd(1);
        spd.link("", new LinkSettings(0, 1500));
        spd.replace(List.of(to(NET, "10.2.0.0/16", PolicyAction.PROTECT, 0)), List.of());
        Owner nowhere = new Owner("gw", "else", "tun7");
        assertFalse(
                replaced(
                        spd,
                        List.of(
                                to(REST, "10.0.0.0/8", PolicyAction.BYPASS, 1),
                                to(nowhere, "10.3.0.0/16", PolicyAction.PROTECT, 2)),
                        List.of(NET)));
        assertEquals(List.of(NET), spd.policies().stream().map(Policy::owner).toList());
    }

    private static boolean replaced(Spd spd, List<PolicyEntry> entries, List<Owner> gone) {
        try {
            spd.replace(entries, gone);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

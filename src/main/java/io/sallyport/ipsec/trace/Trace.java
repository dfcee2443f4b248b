package io.sallyport.ipsec.trace;

import io.sallyport.ipsec.encap.TransportMode;
import io.sallyport.ipsec.fragment.TunnelMtu;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.ipsec.spd.LinkSettings;
import io.sallyport.ipsec.spd.Policy;
import io.sallyport.ipsec.spd.Spd;
import io.sallyport.ipsec.spd.Verdict;
import io.sallyport.model.command.Probe;
import io.sallyport.model.command.TraceStep;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Udp;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells what the road out would do with a packet, by asking the same databases in the same order;
/// nothing is counted and nothing is sent.
public final class Trace {
    private final Spd spd;
    private final List<TraceStep> steps = new ArrayList<>();

    private Trace(Spd spd) {
        this.spd = spd;
    }

    /// The road of `probe`.
    ///
    /// @throws IllegalArgumentException if there is no such TUN
    public static List<TraceStep> of(Spd spd, Probe probe) {
        Trace trace = new Trace(spd);
        trace.walk(probe);
        return List.copyOf(trace.steps);
    }

    private void goesOn(String stage, String says) {
        steps.add(new TraceStep(stage, says, false));
    }

    private void ends(String stage, String says) {
        steps.add(new TraceStep(stage, says, true));
    }

    private void walk(Probe probe) {
        int link = spd.linkOf(new Owner("", "", probe.link()));
        goesOn(
                "read",
                probe.length()
                        + " octets from "
                        + (probe.link().isEmpty() ? "the shared TUN" : probe.link()));
        Flow flow = new Flow();
        byte[] packet = packet(probe);
        if (!flow.read(MemorySegment.ofArray(packet), 0, packet.length)) {
            ends("header", "MALFORMED_IP");
            return;
        }
        Object found = spd.search(flow, link);
        if (!(found instanceof Policy policy)) {
            ends("policy", "none covers it: " + (Verdict) found);
            return;
        }
        goesOn("policy", text(policy));
        if (policy.action() == PolicyAction.DISCARD) {
            ends("policy", "POLICY_DISCARD");
            return;
        }
        if (policy.action() == PolicyAction.BYPASS) {
            goesOn("send", "in clear to " + probe.to());
            return;
        }
        OutboundSa sa = policy.carrying(flow);
        if (sa == null) {
            ends(
                    "SA",
                    policy.hasSa()
                            ? "NO_SA: those that are up were negotiated for less"
                            : policy.waitsForSa()
                                    ? "none is up: one is asked for, the packet waits"
                                    : "NO_SA: none is up, and the policy is no trap");
            return;
        }
        goesOn("SA", text(sa));
        size(probe, flow, sa, spd.settings(link));
    }

    private static String text(Policy policy) {
        return policy.action()
                + " "
                + policy.entry().selectors()
                + " of "
                + policy.owner().connection()
                + (policy.owner().child().isEmpty() ? "" : "/" + policy.owner().child());
    }

    private static String text(OutboundSa sa) {
        return (sa.isAh() ? "AH" : "ESP")
                + " "
                + String.format("%08x", sa.spi())
                + ", "
                + sa.suite()
                + ", "
                + sa.mode().name().toLowerCase(Locale.ROOT)
                + " mode";
    }

    private void size(Probe probe, Flow flow, OutboundSa sa, @Nullable LinkSettings link) {
        OutboundSa round = sa.outer();
        int mtu =
                TunnelMtu.of(
                        sa.pathMtu().remembered(),
                        link,
                        sa.carriage(),
                        sa.layout(),
                        sa.isHeaderless(),
                        sa.isAh(),
                        round == null ? null : round.layout());
        if (sa.isHeaderless()) {
            var refusal = TransportMode.refusal(flow);
            if (refusal != null) {
                ends("size", refusal.name());
                return;
            }
            goesOn("size", "goes whole; TCP is clamped for " + mtu);
        } else {
            int most = flow.v6() ? Math.max(mtu, Ipv6.SMALLEST_MTU) : mtu;
            if (probe.length() <= most) {
                goesOn("size", "fits the tunnel's " + most);
            } else if (flow.v6() || probe.dontFragment()) {
                ends("size", "TOO_BIG: the sender is told of " + most);
                return;
            } else {
                goesOn("size", "is cut before it is encrypted, the tunnel takes " + most);
            }
        }
        Carriage carriage = sa.carriage();
        goesOn("seal", outer(probe, sa, mtu));
        goesOn(
                "send",
                (carriage.tcp() ? "in TCP " : carriage.udp() ? "in UDP " : "")
                        + carriage.path().local()
                        + " -> "
                        + carriage.path().remote());
    }

    /// What the outer packet measures.
    private static String outer(Probe probe, OutboundSa sa, int mtu) {
        if (sa.isAh() || sa.outer() != null) {
            return "number " + (sa.sequence() + 1);
        }
        boolean v6 = sa.carriage().path().remote().address().v6();
        int header = v6 ? Ipv6.HEADER : Ipv4.HEADER;
        int inner = sa.isHeaderless() ? probe.length() - header : Math.min(probe.length(), mtu);
        int esp =
                sa.layout().header()
                        + inner
                        + sa.layout().padding(inner)
                        + Esp.TRAILER
                        + sa.layout().icv();
        int outer = header + (sa.carriage().udp() ? Udp.HEADER : 0) + esp;
        return "number " + (sa.sequence() + 1) + ", " + outer + " octets outside";
    }

    private static byte[] packet(Probe probe) {
        ByteBuffer p = ByteBuffer.allocate(probe.length());
        if (probe.from().v6()) {
            p.putInt(6 << 28).putShort((short) (probe.length() - Ipv6.HEADER));
            p.put((byte) probe.protocol()).put((byte) 64);
        } else {
            p.putShort((short) 0x4500).putShort((short) probe.length()).putShort((short) 0);
            p.putShort((short) (probe.dontFragment() ? 0x4000 : 0));
            p.put((byte) 64).put((byte) probe.protocol()).putShort((short) 0);
        }
        p.put(probe.from().octets().toArray()).put(probe.to().octets().toArray());
        if (probe.protocol() == Protocol.ICMP || probe.protocol() == Protocol.ICMPV6) {
            p.put((byte) probe.fromPort()).put((byte) probe.toPort()); // type and code
        } else {
            p.putShort((short) probe.fromPort()).putShort((short) probe.toPort());
        }
        return p.array();
    }
}

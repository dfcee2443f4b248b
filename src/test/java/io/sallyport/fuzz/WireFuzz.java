package io.sallyport.fuzz;

import io.sallyport.base.Octets;
import io.sallyport.wire.esp.StreamFrames;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Tcp;
import io.sallyport.wire.ip.Udp;
import io.sallyport.wire.ip.UpperLayer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// The parsers of octets from the wire.
final class WireFuzz {
    private WireFuzz() {}

    /// A packet as the road looks at it: never beyond its end, for the memory ends there.
    static void packets(byte[] input) {
        // The heap segment has exactly the packet's octets: one read too many throws.
        MemorySegment memory = MemorySegment.ofArray(input);
        if (input.length == 0) {
            return;
        }
        boolean v4 = Ipv4.version(memory, 0) == 4;
        if (v4 ? !Ipv4.fits(memory, 0, input.length) : !Ipv6.fits(memory, 0, input.length)) {
            return;
        }
        int length = v4 ? Ipv4.totalLength(memory, 0) : Ipv6.totalLength(memory, 0);
        MemorySegment packet = memory.asSlice(0, length);
        long found = v4 ? UpperLayer.inIpv4(packet, 0) : UpperLayer.inIpv6(packet, 0);
        if (UpperLayer.isMalformed(found) || UpperLayer.isLaterFragment(found)) {
            return;
        }
        int at = UpperLayer.offset(found);
        int left = length - at;
        if (UpperLayer.protocol(found) == Protocol.TCP && Tcp.fits(packet, at, left)) {
            Tcp.maximumSegmentSizeAt(packet, at);
        } else if (UpperLayer.protocol(found) == Protocol.UDP && Udp.fits(packet, at, left)) {
            Udp.destinationPort(packet, at);
        }
    }

    /// The first octet says how the others come in pieces; whichever way they do, the same messages
    /// come of it.
    static void stream(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + (input[0] & 0xff);
        List<Octets> whole = new ArrayList<>();
        boolean wrong = cut(input, input.length, whole);
        List<Octets> pieces = new ArrayList<>();
        if (cut(input, piece, pieces) != wrong || !pieces.equals(whole)) {
            throw new IllegalStateException("in pieces of " + piece + " it is another stream");
        }
    }

    private static boolean cut(byte[] input, int piece, List<Octets> messages) {
        MemorySegment memory = MemorySegment.ofArray(new byte[input.length + 0xffff]);
        StreamFrames frames = new StreamFrames(true);
        for (int at = 1; at < input.length && !frames.isWrong(); at += piece) {
            int kept = frames.begin(memory);
            int octets = Math.min(piece, input.length - at);
            MemorySegment.copy(input, at, memory, ValueLayout.JAVA_BYTE, kept, octets);
            frames.take(kept + octets);
            while (frames.next()) {
                messages.add(
                        Octets.owned(
                                memory.asSlice(frames.start(), frames.length())
                                        .toArray(ValueLayout.JAVA_BYTE)));
            }
            frames.keep();
        }
        return frames.isWrong();
    }

    static void ikev1(byte[] input) {
        try {
            io.sallyport.wire.ike.v1.Message.parse(Octets.of(input));
        } catch (MalformedException _) {
            // as it should be
        }
    }

    static void ikev2(byte[] input) {
        Octets octets = Octets.of(input);
        try {
            io.sallyport.wire.ike.v2.Message.parse(octets);
        } catch (MalformedException _) {
            // as it should be
        }
        if (input.length == 0) {
            return;
        }
        try {
            PayloadChain chain =
                    PayloadChain.parseInner(input[0] & 0xff, octets.slice(1, octets.length()));
            PayloadChain.emit(chain.payloads());
        } catch (MalformedException _) {
            // as it should be
        }
    }
}

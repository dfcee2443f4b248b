package io.sallyport.ipsec.select;

import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.SelectorPair;
import java.util.List;

/// A [SelectorPair] made ready for the road. Immutable; any thread.
public final class Selectors {
    private final Side local;
    private final Side remote;

    /// @throws IllegalArgumentException if a side is empty: "dynamic" is resolved before it comes
    ///   here
    public Selectors(SelectorPair pair) {
        if (pair.local().isEmpty() || pair.remote().isEmpty()) {
            throw new IllegalArgumentException("selectors not resolved: " + pair);
        }
        this.local = new Side(pair.local());
        this.remote = new Side(pair.remote());
    }

    /// Whether a packet that leaves is covered: from local to remote.
    public Match coversOutbound(Flow flow) {
        Match source = local.covers(flow, flow.sourceHigh(), flow.sourceLow(), flow.sourcePort());
        return source == Match.NO
                ? Match.NO
                : source.and(
                        remote.covers(
                                flow,
                                flow.destinationHigh(),
                                flow.destinationLow(),
                                flow.destinationPort()));
    }

    /// Whether a packet that came in is covered: from remote to local.
    public Match coversInbound(Flow flow) {
        Match source = remote.covers(flow, flow.sourceHigh(), flow.sourceLow(), flow.sourcePort());
        return source == Match.NO
                ? Match.NO
                : source.and(
                        local.covers(
                                flow,
                                flow.destinationHigh(),
                                flow.destinationLow(),
                                flow.destinationPort()));
    }

    /// One side: ranges of which any may match, as parallel arrays.
    private static final class Side {
        private final int count;
        private final boolean[] v6;
        private final long[] firstHigh;
        private final long[] firstLow;
        private final long[] lastHigh;
        private final long[] lastLow;
        private final int[] protocol;
        private final int[] firstPort;
        private final int[] lastPort;

        Side(List<TrafficSelector> selectors) {
            count = selectors.size();
            v6 = new boolean[count];
            firstHigh = new long[count];
            firstLow = new long[count];
            lastHigh = new long[count];
            lastLow = new long[count];
            protocol = new int[count];
            firstPort = new int[count];
            lastPort = new int[count];
            for (int i = 0; i < count; i++) {
                TrafficSelector s = selectors.get(i);
                v6[i] = s.addresses().first().v6();
                firstHigh[i] = s.addresses().first().high();
                firstLow[i] = s.addresses().first().low();
                lastHigh[i] = s.addresses().last().high();
                lastLow[i] = s.addresses().last().low();
                protocol[i] = s.protocol();
                firstPort[i] = s.ports().first();
                lastPort[i] = s.ports().last();
            }
        }

        Match covers(Flow flow, long high, long low, int port) {
            Match best = Match.NO;
            for (int i = 0; i < count; i++) {
                if (v6[i] != flow.v6()
                        || below(high, low, firstHigh[i], firstLow[i])
                        || below(lastHigh[i], lastLow[i], high, low)
                        || protocol[i] != 0 && protocol[i] != flow.protocol()) {
                    continue;
                }
                if (firstPort[i] == 0 && lastPort[i] == 0xffff
                        || port != Flow.NO_PORT && firstPort[i] <= port && port <= lastPort[i]) {
                    return Match.YES;
                }
                if (flow.isLaterFragment()) {
                    best = Match.UNKNOWN_PORTS;
                }
            }
            return best;
        }

        private static boolean below(long high, long low, long otherHigh, long otherLow) {
            int order = Long.compareUnsigned(high, otherHigh);
            return order < 0 || order == 0 && Long.compareUnsigned(low, otherLow) < 0;
        }
    }
}

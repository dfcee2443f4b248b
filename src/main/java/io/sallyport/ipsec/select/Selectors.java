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

    /// One side: ranges of which any may match, in one array.
    ///
    /// ```text
    ///  0 first high   1 first low   2 last high   3 last low
    ///  4 family (1) | protocol (8) | first port (16) | last port (16)
    /// ```
    private static final class Side {
        private static final int WORDS = 5;
        private static final long V6 = 1L << 40;

        private final long[] words;

        Side(List<TrafficSelector> selectors) {
            words = new long[selectors.size() * WORDS];
            for (int i = 0; i < selectors.size(); i++) {
                TrafficSelector s = selectors.get(i);
                int at = i * WORDS;
                words[at] = s.addresses().first().high();
                words[at + 1] = s.addresses().first().low();
                words[at + 2] = s.addresses().last().high();
                words[at + 3] = s.addresses().last().low();
                words[at + 4] =
                        (s.addresses().first().v6() ? V6 : 0)
                                | (long) s.protocol() << 32
                                | (long) s.ports().first() << 16
                                | s.ports().last();
            }
        }

        Match covers(Flow flow, long high, long low, int port) {
            Match best = Match.NO;
            for (int at = 0; at < words.length; at += WORDS) {
                long rest = words[at + 4];
                int protocol = (int) (rest >>> 32) & 0xff;
                if ((rest & V6) != 0 != flow.v6()
                        || below(high, low, words[at], words[at + 1])
                        || below(words[at + 2], words[at + 3], high, low)) {
                    continue;
                }
                if (protocol != 0 && flow.hidesProtocol()) {
                    best = Match.UNCERTAIN;
                    continue;
                }
                if (protocol != 0 && protocol != flow.protocol()) {
                    continue;
                }
                int firstPort = (int) (rest >>> 16) & 0xffff;
                int lastPort = (int) rest & 0xffff;
                if (firstPort == 0 && lastPort == 0xffff
                        || !flow.isFragment()
                                && port != Flow.NO_PORT
                                && firstPort <= port
                                && port <= lastPort) {
                    return Match.YES;
                }
                if (flow.isFragment()) {
                    best = Match.UNCERTAIN;
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

package io.sallyport.ipsec.encap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TunnelModeTest {
    private static final int DROP = -1;

    /// RFC 6040, 4.2, figure 4: rows inner Not-ECT, ECT(1), ECT(0), CE; columns the same outside,
    /// as their code points.
    private static final int[][] COMBINED = {
        {0, 0, 0, DROP},
        {1, 1, 1, 3},
        {2, 1, 2, 3},
        {3, 3, 3, 3},
    };

    @Test
    void ecnIsCombinedAsTheTableSays() {
        Random random = new Random(1);
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 1, 512, 64);
            batch.add();
            for (int inner = 0; inner < 4; inner++) {
                for (int outer = 0; outer < 4; outer++) {
                    for (boolean v6 : new boolean[] {false, true}) {
                        byte[] packet =
                                v6
                                        ? InnerPackets.udpOf(90, "fd01::1", "fd02::1", random)
                                        : InnerPackets.udpOf(90, "10.1.0.1", "10.2.0.1", random);
                        InnerPackets.trafficClass(packet, 46 << 2 | inner);
                        batch.fill(0, packet, 0, packet.length);
                        batch.trafficClass(0, 10 << 2 | outer); // the outer DSCP is not taken in
                        boolean passes = TunnelMode.unwrapEcn(batch, 0);
                        int wanted = COMBINED[inner][outer];
                        String what = inner + " in " + outer + (v6 ? " v6" : " v4");
                        assertEquals(wanted != DROP, passes, what);
                        if (passes) {
                            InnerPackets.trafficClass(packet, 46 << 2 | wanted);
                            org.junit.jupiter.api.Assertions.assertArrayEquals(
                                    packet, batch.copy(0), what);
                            assertTrue(InnerPackets.checksumsHold(batch.copy(0)), what);
                        }
                    }
                }
            }
        }
    }

    /// S1-16: DSCP goes out and stays as it is inside, unless it is wished otherwise; RFC 6040,
    /// 4.1: compatibility mode sends Not-ECT.
    @Test
    void s1_16_dscpAndEcnAreCopiedAsWished() {
        Random random = new Random(1);
        byte[] packet =
                InnerPackets.trafficClass(
                        InnerPackets.udpOf(90, "fd01::1", "fd02::1", random), 46 << 2 | 2);
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 1, 512, 64);
            batch.fill(batch.add(), packet, 0, packet.length);
            TunnelMode.wrap(batch, 0, OuterHeader.USUAL);
            assertEquals(46 << 2 | 2, batch.trafficClass(0));
            TunnelMode.wrap(batch, 0, header(false, false, true));
            assertEquals(2, batch.trafficClass(0));
            TunnelMode.wrap(batch, 0, header(true, false, false));
            assertEquals(46 << 2, batch.trafficClass(0));
            batch.trafficClass(0, 10 << 2 | 3);
            TunnelMode.unwrapDscp(batch, 0);
            InnerPackets.trafficClass(packet, 10 << 2 | 2);
            org.junit.jupiter.api.Assertions.assertArrayEquals(packet, batch.copy(0));
        }
    }

    private static OuterHeader header(boolean dscp, boolean dscpIn, boolean ecn) {
        return new OuterHeader(dscp, dscpIn, ecn, 0, 0, OuterDf.CLEAR, Cutting.BEFORE_ENCRYPTION);
    }

    @Test
    void nextHeaderNamesTheInnerFamily() {
        Random random = new Random(1);
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 2, 512, 64);
            byte[] four = InnerPackets.udpOf(90, "10.1.0.1", "10.2.0.1", random);
            byte[] six = InnerPackets.udpOf(90, "fd01::1", "fd02::1", random);
            batch.fill(batch.add(), four, 0, four.length);
            batch.fill(batch.add(), six, 0, six.length);
            assertEquals(4, TunnelMode.wrap(batch, 0, OuterHeader.USUAL));
            assertEquals(41, TunnelMode.wrap(batch, 1, OuterHeader.USUAL));
        }
    }
}

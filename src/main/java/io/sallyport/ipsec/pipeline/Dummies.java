package io.sallyport.ipsec.pipeline;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.child.OuterDf;

/// What dummy packets look like before they are sealed (RFC 4303, 2.6): on the wire like the others
/// of their SA. With `tfc_padding` they are as long as what is padded, else of any length that the
/// path takes. One thread.
final class Dummies {
    private static final int SHORTEST = 40;

    /// Lengths only: whoever foretells them learns which packets are dummies, no more; begins
    /// anywhere.
    private long seed = System.identityHashCode(this) * 0x9e3779b97f4a7c15L + 1;

    /// Adds one to the batch. Its octets are all 0: nothing of an earlier packet in this memory may
    /// go to this peer.
    ///
    /// @param mtu octets of the largest payload that the path takes in this SA
    int add(PacketBatch batch, OutboundSa sa, int link, int mtu) {
        int i = batch.add();
        int length = length(sa, mtu);
        batch.place(i, batch.start(i), length);
        batch.memory().asSlice(batch.start(i), length).fill((byte) 0);
        batch.link(i, link);
        batch.lane(i, Lane.DROPPED);
        batch.trafficClass(i, 0);
        batch.dontFragment(i, sa.outerHeader().df() == OuterDf.SET);
        return i;
    }

    private int length(OutboundSa sa, int mtu) {
        int wanted = sa.outerHeader().tfcOctets();
        if (wanted == OuterHeader.WHOLE_MTU) {
            return mtu;
        }
        if (wanted > 0) {
            return Math.min(wanted, mtu);
        }
        seed ^= seed << 13;
        seed ^= seed >>> 7;
        seed ^= seed << 17;
        return SHORTEST + (int) Long.remainderUnsigned(seed, Math.max(1, mtu - SHORTEST + 1));
    }
}

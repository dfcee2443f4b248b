package io.sallyport.model.sa;

import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.child.PacketSpec.CopyDscp;

/// What tunnel mode takes from the inner header into the outer one, and back.
///
/// @param copyDscp outbound; else the outer DSCP is 0
/// @param copyDscpIn inbound, from the outer header into the inner one: only where the network
///   between is trusted with that
/// @param copyEcn normal mode of RFC 6040, 4.1; else compatibility mode: the outer packet is
///   Not-ECT
/// @param tfcOctets inner packets are padded to this length against traffic analysis (RFC 4303,
///   2.7); 0: not; [#WHOLE_MTU]: to what the tunnel takes
/// @param tfcRate so many packets a second leave at least; what is missing are dummy packets (RFC
///   4303, 2.6); 0: none
/// @param df of the outer IPv4 header
/// @param cutting of packets that are larger than the tunnel takes
public record OuterHeader(
        boolean copyDscp,
        boolean copyDscpIn,
        boolean copyEcn,
        int tfcOctets,
        int tfcRate,
        OuterDf df,
        Cutting cutting) {
    public static final int WHOLE_MTU = -1;

    /// DSCP and ECN go out, ECN comes back, no padding; routers may cut the outer packet.
    public static final OuterHeader USUAL =
            new OuterHeader(true, false, true, 0, 0, OuterDf.CLEAR, Cutting.BEFORE_ENCRYPTION);

    /// As it was asked for.
    public static OuterHeader of(PacketSpec wanted) {
        return new OuterHeader(
                wanted.copyDscp() == CopyDscp.OUT || wanted.copyDscp() == CopyDscp.BOTH,
                wanted.copyDscp() == CopyDscp.IN || wanted.copyDscp() == CopyDscp.BOTH,
                wanted.copyEcn(),
                wanted.tfcPadding(),
                wanted.tfcRate(),
                wanted.df(),
                wanted.cutting());
    }

    public OuterHeader with(OuterDf bit, Cutting when) {
        return new OuterHeader(copyDscp, copyDscpIn, copyEcn, tfcOctets, tfcRate, bit, when);
    }

    /// For a peer that does not take TFC padding. Dummy packets are another thing: whoever speaks
    /// ESP drops them.
    public OuterHeader unpadded() {
        return new OuterHeader(copyDscp, copyDscpIn, copyEcn, 0, tfcRate, df, cutting);
    }

    public OuterHeader {
        if (tfcOctets < WHOLE_MTU || tfcOctets > 0xffff) {
            throw new IllegalArgumentException("TFC padding to " + tfcOctets);
        }
        if (tfcRate < 0 || tfcRate > PacketSpec.MOST_TFC_RATE) {
            throw new IllegalArgumentException("dummy packets a second: " + tfcRate);
        }
    }
}

package io.sallyport.model.spec.child;

/// How packets are wrapped and checked.
///
/// @param replayWindow packets; 0: no replay protection
/// @param ipComp RFC 3173 is offered, and accepted
/// @param tfcPadding inner packets are padded to so many octets (RFC 4303, 2.7); 0: not; [#TO_MTU]
/// @param tfcRate packets a second that leave at least, dummies where there are no others (RFC
///   4303, 2.6); 0: no dummies
/// @param df of the outer packet
/// @param cutting of packets that are too large
/// @param copyEcn RFC 6040 in both directions
/// @param copyDscp in which direction the DSCP is copied (RFC 2983)
public record PacketSpec(
        int replayWindow,
        boolean ipComp,
        int tfcPadding,
        int tfcRate,
        OuterDf df,
        Cutting cutting,
        boolean copyEcn,
        CopyDscp copyDscp) {
    /// Pad to the path's MTU.
    public static final int TO_MTU = -1;

    /// A packet a millisecond.
    public static final int MOST_TFC_RATE = 1000;

    public static final PacketSpec DEFAULT =
            new PacketSpec(
                    32, false, 0, 0, OuterDf.CLEAR, Cutting.BEFORE_ENCRYPTION, true, CopyDscp.OUT);

    /// Between the inner and the outer header.
    public enum CopyDscp {
        NO,
        IN,
        OUT,
        BOTH
    }

    public PacketSpec window(int packets) {
        return new PacketSpec(packets, ipComp, tfcPadding, tfcRate, df, cutting, copyEcn, copyDscp);
    }

    public PacketSpec compressed(boolean wanted) {
        return new PacketSpec(
                replayWindow, wanted, tfcPadding, tfcRate, df, cutting, copyEcn, copyDscp);
    }

    /// The same padded to so many octets, with dummies where there is no traffic.
    public PacketSpec disguised(int octets, int rate) {
        return new PacketSpec(replayWindow, ipComp, octets, rate, df, cutting, copyEcn, copyDscp);
    }

    /// The same with this DF of the outer packet, cut before or after encryption.
    public PacketSpec outer(OuterDf bit, Cutting when) {
        return new PacketSpec(
                replayWindow, ipComp, tfcPadding, tfcRate, bit, when, copyEcn, copyDscp);
    }
}

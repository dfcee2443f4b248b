package io.sallyport.ike.v2.task;

import io.sallyport.model.sa.Compression;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.IpcompOffer;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.Optional;
import java.util.OptionalInt;

/// IPComp of a child SA (RFC 7296, 2.22): each end says with which CPI it will be sent to, both or
/// none. DEFLATE only. What cannot be read or is of another algorithm counts for not said, for the
/// child does without.
final class Packing {
    private Packing() {}

    /// Our CPI, if the child is to be compressed and the data plane can do it.
    static OptionalInt offer(Ground ground, ChildSpec child) {
        return isWanted(ground, child)
                ? OptionalInt.of(ground.context().newCpi())
                : OptionalInt.empty();
    }

    private static boolean isWanted(Ground ground, ChildSpec child) {
        return child.options().packets().ipComp() && ground.context().usage().compresses();
    }

    static Notify notify(int cpi) {
        return new IpcompOffer(cpi, IpcompOffer.DEFLATE).emit();
    }

    /// As initiator.
    static Optional<Compression> agreed(OptionalInt ours, PayloadChain answer) {
        OptionalInt theirs = theirs(answer);
        return ours.isPresent() && theirs.isPresent()
                ? Optional.of(new Compression(ours.getAsInt(), theirs.getAsInt()))
                : Optional.empty();
    }

    /// As responder: with a CPI of ours, if the peer asks for it and we want it too.
    static Optional<Compression> answer(Ground ground, ChildSpec child, PayloadChain request) {
        OptionalInt theirs = theirs(request);
        return theirs.isPresent() && isWanted(ground, child)
                ? Optional.of(new Compression(ground.context().newCpi(), theirs.getAsInt()))
                : Optional.empty();
    }

    private static OptionalInt theirs(PayloadChain chain) {
        for (Notify notify : chain.notifies(NotifyType.IPCOMP_SUPPORTED.number())) {
            try {
                IpcompOffer offer = IpcompOffer.of(notify);
                if (offer.transformId() == IpcompOffer.DEFLATE) {
                    return OptionalInt.of(offer.cpi());
                }
            } catch (MalformedException e) {
                continue; // not said
            }
        }
        return OptionalInt.empty();
    }
}

package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;

/// Tells the peer that a child SA is gone. RFC 7296, 1.4.1: each end names the SPI that it receives
/// with; the other answers with that of its own direction.
public final class DeleteChild implements Task {
    private final int protocolId;
    private final int ourSpi;
    private final int peerSpi;
    private final String child;

    public DeleteChild(ChildSa sa) {
        this.protocolId = ChildOffers.protocolId(sa.suite().protocol());
        this.ourSpi = sa.inbound().spi();
        this.peerSpi = sa.outbound().spi();
        this.child = sa.owner().child();
    }

    /// One that we asked for and never had: the peer's answer was not to be taken.
    ///
    /// @param ourSpi by which we asked for it
    public DeleteChild(ChildSpec child, int ourSpi) {
        this.protocolId = ChildOffers.protocolId(child.proposals().getFirst().protocol());
        this.ourSpi = ourSpi;
        this.peerSpi = 0;
        this.child = child.name();
    }

    @Override
    public String name() {
        return "delete of " + child;
    }

    /// Whether it is about the SA that the peer receives with `spi`.
    public boolean isAbout(int spi) {
        return peerSpi != 0 && peerSpi == spi;
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(
                ExchangeType.INFORMATIONAL,
                List.of(Delete.ofChildSas(protocolId, List.of(Octets.ofInt(ourSpi)))));
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        return new Step.Done();
    }
}

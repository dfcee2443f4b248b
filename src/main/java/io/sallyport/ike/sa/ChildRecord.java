package io.sallyport.ike.sa;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Deadlines;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.VolumeMark;
import io.sallyport.model.spec.ChildSpec;
import java.util.function.LongUnaryOperator;

/// What the ledger knows of one child SA.
public final class ChildRecord {
    /// How a child SA came to be: decides which of two survives a crossing.
    ///
    /// @param initiator whether we began its exchange
    /// @param lowestNonce the lower of its two nonces
    public record Birth(boolean initiator, Octets lowestNonce, long startedAt, long establishedAt) {
        /// Whether the two ends began at the same time: neither knew of the other's exchange when
        /// it began. That is so, too, if we began when we answered: what comes to the peer in this
        /// order does not come at one time. Two exchanges of one end do not cross: it knows which
        /// it wants last, and the other end sees them in that order.
        boolean crosses(Birth other) {
            return initiator != other.initiator
                    && startedAt <= other.establishedAt
                    && other.startedAt <= establishedAt;
        }

        /// Whether it came before the other, of two that did not cross.
        boolean isBefore(Birth other) {
            return initiator == other.initiator && startedAt != other.startedAt
                    ? startedAt < other.startedAt
                    : establishedAt < other.establishedAt;
        }
    }

    enum State {
        /// The inbound half is live; our packets still take the predecessor.
        INBOUND,
        /// Our packets take it.
        ACTIVE,
        /// Replaced: the inbound half takes what is still under way.
        REPLACED
    }

    final ChildSpec spec;
    final ChildSa sa;
    final Birth birth;

    /// How its packets travel now.
    Carriage carriage;

    long rekeyAt;
    long expiresAt;
    State state = State.INBOUND;
    VolumeMark mark = VolumeMark.PLENTY;

    /// When our packets turn to it without a further sign from the peer.
    long activateAt = Deadlines.NEVER;

    /// When to see whether the peer's packets take it already.
    long lookAt = Deadlines.NEVER;

    /// When a replaced one is deleted.
    long deleteAt = Deadlines.NEVER;

    /// Whether [io.sallyport.model.event.Event.ChildEstablished] was told of it.
    boolean told;

    /// Whether the peer was told that we delete it.
    boolean deletionTold;

    /// When a packet of its child was carried last, as far as the data plane was asked.
    long usedAt;

    /// When to ask again whether the child is idle; only where that ends it.
    long askAt = Deadlines.NEVER;

    /// When the next attempt to rekey it may begin.
    long rekeyRetryAt;

    ChildRecord(ChildSpec spec, ChildSa sa, Birth birth, long rekeyAt, long expiresAt) {
        this.spec = spec;
        this.sa = sa;
        this.birth = birth;
        this.carriage = sa.carriage();
        this.rekeyAt = rekeyAt;
        this.expiresAt = expiresAt;
        this.rekeyRetryAt = rekeyAt;
        this.usedAt = Long.MIN_VALUE;
    }

    /// A packet of its child was carried then.
    void used(long at) {
        usedAt = Math.max(usedAt, at);
        long most = spec.options().inactivityNanos();
        askAt = most > 0 ? usedAt + most : Deadlines.NEVER;
    }

    /// Ends it `lifeNanos` after its birth, if that is earlier.
    void shorten(long lifeNanos, LongUnaryOperator below) {
        long end = birth.establishedAt() + lifeNanos;
        if (end < expiresAt) {
            expiresAt = end;
            if (spec.lifetime().rekey()) {
                rekeyAt = end - spec.lifetime().marginOf(lifeNanos, below);
                rekeyRetryAt = Math.min(rekeyRetryAt, rekeyAt);
            }
        }
    }

    /// Whether the peer receives with this SPI; of a bundle, either protocol's: one without the
    /// other is of no use.
    boolean isPeersSpi(int spi) {
        return sa.outbound().spi() == spi
                || sa.handling().ah().filter(ah -> ah.outbound().spi() == spi).isPresent();
    }

    /// Whether the peer, who began its exchange, has not shown yet that it has it: our answer may
    /// be lost, or still be worked on. Of IKEv1 that is until message 3 of the quick mode comes.
    boolean isAwaited() {
        return state == State.INBOUND && !birth.initiator();
    }

    /// Whether it only receives what is under way until the peer knows that it is deleted: nothing
    /// is sent over it any more, whatever becomes of its successor.
    boolean isTakingLeave() {
        return state == State.REPLACED && deletionTold;
    }

    /// From now on it is that.
    void takeLeave() {
        state = State.REPLACED;
        deletionTold = true;
        activateAt = Deadlines.NEVER;
        lookAt = Deadlines.NEVER;
        deleteAt = Deadlines.NEVER;
    }

    /// Whether we began the exchange that made this in place of `old`. What is replaced already may
    /// have followed another one.
    boolean isOurSuccessorOf(ChildRecord old) {
        return this != old
                && state != State.REPLACED
                && child().equals(old.child())
                && birth.initiator()
                && birth.establishedAt() > old.birth.establishedAt();
    }

    String child() {
        return spec.name();
    }
}

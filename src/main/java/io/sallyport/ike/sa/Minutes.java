package io.sallyport.ike.sa;

import io.sallyport.model.event.Account;
import io.sallyport.model.event.Terms;
import io.sallyport.model.spec.Identity;
import java.util.function.Supplier;

/// The minutes of a negotiation: what each end said, written down as it is learned, so that a
/// failure can tell it whole. Words are made only when one does.
public final class Minutes {
    private static final Supplier<String> NOTHING = () -> "";

    private final boolean initiator;
    private final Side us = new Side();
    private final Side them = new Side();
    private boolean proven;
    private Supplier<String> verdict = NOTHING;

    private static final class Side {
        private Identity is = Identity.ANY;
        private Identity wants = Identity.ANY;
        private Supplier<String> offers = NOTHING;

        Terms terms() {
            return new Terms(text(is), text(wants), offers.get(), "");
        }

        private static String text(Identity identity) {
            return identity.isAny() ? "" : identity.toString();
        }
    }

    /// @param initiator whether we begin
    public Minutes(boolean initiator) {
        this.initiator = initiator;
    }

    public void weOffer(Supplier<String> proposals) {
        us.offers = proposals;
    }

    public void theyOffer(Supplier<String> proposals) {
        them.offers = proposals;
    }

    /// @param whom who the peer shall be
    public void weAre(Identity who, Identity whom) {
        us.is = who;
        us.wants = whom;
    }

    /// @param whom who they take us for; any: they do not say it
    public void theyAre(Identity who, Identity whom) {
        them.is = who;
        them.wants = whom;
    }

    /// What was thought of the peer's proof.
    public void verdict(Supplier<String> what) {
        verdict = what;
    }

    /// The peer proved what it says: from now on it is the peer who says it.
    public void proven() {
        proven = true;
    }

    /// The IKE SA stands: how it was negotiated is no longer of interest.
    public void established() {
        proven();
        us.offers = NOTHING;
        them.offers = NOTHING;
        verdict = NOTHING;
    }

    /// Of the IKE SA that goes on where `other` ends.
    public void inherit(Minutes other) {
        weAre(other.us.is, other.us.wants);
        theyAre(other.them.is, other.them.wants);
        established();
    }

    public Account account() {
        return new Account(initiator, proven, "", us.terms(), them.terms(), verdict.get());
    }
}

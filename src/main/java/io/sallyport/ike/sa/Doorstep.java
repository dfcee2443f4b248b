package io.sallyport.ike.sa;

import io.sallyport.base.net.Path;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Origin;

/// Failures at the door, where no session is: a first message that nobody here takes.
public record Doorstep(Path path, String exchange, String theirProposals) {
    /// @param more for the end of the sentence
    public Failure noConnection(String more) {
        Minutes minutes = new Minutes(false);
        minutes.theyOffer(this::theirProposals);
        return new Failure(
                "",
                path.remote().toString(),
                exchange,
                Cause.NO_CONNECTION,
                "no connection for this peer" + more,
                path.local().toString(),
                path.remote().toString(),
                minutes.account(),
                Origin.NONE);
    }

    /// @param first of the connections that fit
    public Failure noProposal(ConnectionSpec first, String ourProposals, String more) {
        Minutes minutes = new Minutes(false);
        minutes.weAre(first.local().identity(), first.remote().identity());
        minutes.weOffer(() -> ourProposals);
        minutes.theyOffer(this::theirProposals);
        return new Failure(
                first.name(),
                path.remote().toString(),
                exchange,
                Cause.NO_PROPOSAL,
                "no IKE proposal in common" + more,
                ourProposals,
                theirProposals,
                minutes.account(),
                DecidingLine.of(first, Cause.NO_PROPOSAL, ""));
    }
}

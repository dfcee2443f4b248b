package io.sallyport.ike.v2;

import io.sallyport.ike.v2.task.CfgReply;
import io.sallyport.ike.v2.task.ChildAnswer;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v2.Configuration;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last answer of IKE_AUTH, to a peer that has proved itself: addresses and the first child, as
/// its first request asked for them.
final class Admission {
    private static final long SECOND = 1_000_000_000L;

    private final V2Session session;
    private final V2State.Init init;
    private final PayloadChain request;

    /// @param request the first of IKE_AUTH
    Admission(V2Session session, V2State.Init init, PayloadChain request) {
        this.session = session;
        this.init = init;
        this.request = request;
    }

    /// Why this peer is not let in all the same.
    static Optional<String> refusal(V2Session session, Identity remote) {
        return session.connection().profile().refuses(session, remote)
                ? Optional.of("the peer has an IKE SA from elsewhere, and unique = keep")
                : Optional.empty();
    }

    /// @param remote who the peer proved to be
    /// @param proof what the answer begins with
    void admit(Identity local, Identity remote, List<Payload> proof, long now) {
        List<Payload> payloads = new ArrayList<>(proof);
        // RFC 7619, 2.3: of a peer that nobody authenticated "INITIAL_CONTACT notifications MUST
        // NOT
        // be used to delete any other IKE SAs based on the same peer identity"
        boolean anew =
                request.notify(NotifyType.INITIAL_CONTACT.number()).isPresent()
                        && !remote.equals(Proofs.NOBODY);
        session.establish(init, local, remote, anew, now);
        CfgReply.Outcome addresses = CfgReply.of(session.connection(), remote, request);
        if (addresses instanceof CfgReply.Outcome.Reply(Configuration configuration)) {
            payloads.add(configuration);
        }
        payloads.addAll(session.mobility().agree(request));
        payloads.addAll(lifetime(now));
        payloads.addAll(session.crashToken());
        payloads.addAll(ResponderResume.granted(session, request, now));
        if (request.first(SaPayload.class).isEmpty()) {
            answer(payloads); // RFC 6023: no child was asked for
        } else if (addresses instanceof CfgReply.Outcome.Refuse(NotifyType reason, String why)) {
            payloads.add(Notify.of(reason));
            answer(payloads);
            tell(Cause.ADDRESSES, why, "", remote);
        } else if (Childless.refusesChild(session.connection().spec())) {
            payloads.add(Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            answer(payloads);
            tell(
                    Cause.OURSELVES,
                    "the peer asks for a child in IKE_AUTH",
                    "childless = force",
                    remote);
        } else {
            addChild(payloads, now);
        }
    }

    /// RFC 4478, 3: how long we believe it, for one that only itself can prove itself again: it has
    /// a password, or its addresses of us.
    private List<Payload> lifetime(long now) {
        ConnectionSpec spec = session.connection().spec();
        boolean begins =
                spec.remote().auth() instanceof AuthSpec.Eap
                        || !spec.addressing().pools().isEmpty();
        long reauth = Math.min(spec.ike().reauth().toSeconds(), 0xffff_ffffL);
        // Who resumed an IKE SA did not prove itself anew
        long seconds = Math.min(reauth, (session.life().provenUntil() - now) / SECOND);
        return begins && seconds > 0 ? List.of(Notices.authLifetime(seconds)) : List.of();
    }

    private void answer(List<Payload> payloads) {
        session.courier().answer(ExchangeType.IKE_AUTH, payloads);
    }

    private void tell(Cause cause, String why, String ours, Identity remote) {
        session.context()
                .tell(
                        new Event.Failed(
                                session.failure(cause, "IKE_AUTH", why, ours, remote.toString())));
    }

    private void addChild(List<Payload> payloads, long now) {
        switch (ChildAnswer.judge(session, request, false, Optional.empty(), now)) {
            case ChildAnswer.Verdict.Refuse refuse -> {
                // RFC 7296, 2.21.2: the IKE SA is created all the same
                payloads.add(Notify.of(refuse.reason()));
                answer(payloads);
                session.context().tell(new Event.Failed(refuse.failure()));
            }
            case ChildAnswer.Verdict.Take take -> {
                payloads.add(take.sa());
                payloads.addAll(take.selectorsAndNotifies());
                long id =
                        take.agreement()
                                .install(session, List.of(), init.nonceI(), init.nonceR(), now);
                answer(payloads);
                session.connection().ledger().answered(id, now);
            }
        }
    }
}

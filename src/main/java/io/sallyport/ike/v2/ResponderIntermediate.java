package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.auth.IntAuth;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_INTERMEDIATE that the peer begins (RFC 9242): the key exchanges that were agreed on, in
/// their order (RFC 9370, 2.2.2), and exchanges that bear nothing we know, which are answered with
/// nothing and covered by AUTH all the same. Then [ResponderAuth].
final class ResponderIntermediate implements Handshake {
    private static final String NAME = "IKE_INTERMEDIATE";

    /// So many more than there are key exchanges: whoever asks has proved nothing yet.
    private static final int MOST_OTHERS = 4;

    private final V2Session session;
    private final V2State.Init init;
    private final List<Connection> candidates;

    /// What is still to be said of methods, with the last key exchange or after it (RFC 9593, 3.1).
    private List<Payload> announcement;

    private final List<Group> groups;
    private final IntAuth intAuth;
    private V2State state;
    private int exchanged;
    private int others;

    /// The request that is being answered.
    private Optional<Courier.Heard> asked = Optional.empty();

    /// @param init what IKE_SA_INIT came to; the session has its keys
    /// @param announcement the methods for which IKE_SA_INIT had no room, and the CERTREQs that
    ///   they point into; empty: they were said
    ResponderIntermediate(
            V2Session session,
            V2State.Init init,
            List<Connection> candidates,
            List<Payload> announcement) {
        this.announcement = List.copyOf(announcement);
        this.session = session;
        this.init = init;
        this.candidates = candidates;
        this.groups = init.choice().suite().additional();
        this.intAuth = new IntAuth(session.spiI(), session.spiR());
        this.state = new V2State.IntermediateAwaited(init);
    }

    @Override
    public V2State state() {
        return state;
    }

    @Override
    public int exchangeType() {
        return ExchangeType.IKE_INTERMEDIATE;
    }

    /// RFC 9370, 2.2.2: no IKE_AUTH before all the key exchanges are done.
    @Override
    public boolean takes(int exchangeType) {
        boolean complete = exchanged == groups.size();
        return state instanceof V2State.IntermediateAwaited
                && (exchangeType == ExchangeType.IKE_INTERMEDIATE
                                && (!complete || others < MOST_OTHERS)
                        || exchangeType == ExchangeType.IKE_AUTH && complete);
    }

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        if (!(state instanceof V2State.IntermediateAwaited)) {
            return;
        }
        if (message.header().exchangeType() == ExchangeType.IKE_AUTH) {
            ResponderAuth auth =
                    new ResponderAuth(
                            session,
                            init.with(intAuth.with(message.header().messageId())),
                            candidates);
            session.enter(auth);
            auth.onSealed(message, now);
            return;
        }
        asked = Optional.of(message);
        Optional<KeyExchange> theirs = message.chain().first(KeyExchange.class);
        if (exchanged == groups.size() && theirs.isEmpty()) {
            others++;
            answer(announced());
        } else if (exchanged < groups.size()
                && theirs.isPresent()
                && theirs.get().method() == groups.get(exchanged).number()) {
            state =
                    new V2State.AnsweringIntermediate(
                            init,
                            session.context()
                                    .answer(groups.get(exchanged), theirs.get().data(), session));
        } else {
            refuse("the request has not the key exchange that was agreed on", now);
        }
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Answered a
                    when state instanceof V2State.AnsweringIntermediate(var _, long job)
                            && a.job() == job ->
                    answered(a.answer());
            case Input.Disagreed d
                    when state instanceof V2State.AnsweringIntermediate(var _, long job)
                            && d.job() == job ->
                    refuse("the peer's public value is illegal: " + d.why(), now);
            default -> {}
        }
    }

    private void answered(KeyAgreement.Answer ours) {
        Group group = groups.get(exchanged++);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new KeyExchange(group.number(), ours.publicValue()));
        if (exchanged == groups.size()) {
            payloads.addAll(announced());
        }
        answer(payloads);
        session.keyring().add(init, ours.secret());
    }

    /// Once.
    private List<Payload> announced() {
        List<Payload> now = announcement;
        announcement = List.of();
        return now;
    }

    /// By the keys that the request was sealed with.
    private void answer(List<Payload> payloads) {
        Courier.Heard request = asked.orElseThrow();
        asked = Optional.empty();
        state = new V2State.IntermediateAwaited(init);
        var keys = session.keys();
        int id = request.header().messageId();
        intAuth.add(
                keys.prf(), keys.proof(true), true, id, request.firstPayload(), request.inner());
        Octets inner = PayloadChain.emit(payloads);
        int first = PayloadChain.firstType(payloads);
        intAuth.add(keys.prf(), keys.proof(false), false, id, first, inner);
        session.courier().answer(ExchangeType.IKE_INTERMEDIATE, payloads);
    }

    private void refuse(String why, long now) {
        session.courier()
                .answer(
                        ExchangeType.IKE_INTERMEDIATE,
                        List.of(Notify.of(NotifyType.INVALID_SYNTAX)));
        session.fail(Cause.MALFORMED, NAME, why, session.keyring().suiteText(), "", now);
    }

    @Override
    public void close() {
        asked = Optional.empty();
        state = new V2State.Closed();
    }
}

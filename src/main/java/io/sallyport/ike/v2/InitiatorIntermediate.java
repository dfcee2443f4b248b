package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.auth.IntAuth;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.v2.task.Refusals;
import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;

/// Further key exchanges that we begin, each in an IKE_INTERMEDIATE of its own (RFC 9242; RFC 9370,
/// 2.2.2); then [InitiatorAuth].
///
/// ```text
///  HDR, SK {KEi(n)}  -->
///                    <--  HDR, SK {KEr(n)}        and both go on with keys that have SK(n) in them
/// ```
final class InitiatorIntermediate implements Handshake {
    private static final String NAME = "IKE_INTERMEDIATE";

    private final V2Session session;
    private V2State.Init init;
    private final List<Group> groups;
    private final IntAuth intAuth;
    private V2State state;

    /// Exchanges that are done; the message ID of the next one is one more.
    private int done;

    /// The payloads of the request under way.
    private Octets asked = Octets.EMPTY;

    /// @param init what IKE_SA_INIT came to; the session has its keys
    InitiatorIntermediate(V2Session session, V2State.Init init) {
        this.session = session;
        this.init = init;
        this.groups = init.choice().suite().additional();
        this.intAuth = new IntAuth(session.spiI(), session.spiR());
        this.state = new V2State.AgreeingIntermediateI(init, 0);
    }

    @Override
    public V2State state() {
        return state;
    }

    @Override
    public int exchangeType() {
        return ExchangeType.IKE_INTERMEDIATE;
    }

    @Override
    public boolean takes(int exchangeType) {
        return false;
    }

    void begin(long now) {
        session.enter(this);
        next(now);
    }

    private void next(long now) {
        if (done >= groups.size()) {
            if (done == groups.size()
                    && init.asked().announced().isPromised()
                    && init.peer().intermediate()) {
                askForMethods(now);
            } else {
                new InitiatorAuth(session, init.with(intAuth.with(done + 1))).begin(now);
            }
            return;
        }
        Group group = groups.get(done);
        state =
                new V2State.MakingIntermediateI(
                        init, group, session.context().generate(group, session));
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Generated g
                    when state instanceof V2State.MakingIntermediateI(var _, Group group, long job)
                            && g.job() == job ->
                    send(group, g.ephemeral(), now);
            case Input.Agreed a
                    when state instanceof V2State.AgreeingIntermediateI(var _, long job)
                            && a.job() == job ->
                    agreed(a.shared(), now);
            case Input.Disagreed d
                    when state instanceof V2State.AgreeingIntermediateI(var _, long job)
                            && d.job() == job ->
                    fail(Cause.MALFORMED, "the peer's public value is illegal: " + d.why(), now);
            case Input.Disagreed d
                    when state instanceof V2State.MakingIntermediateI(var _, var _, long job)
                            && d.job() == job ->
                    fail(Cause.OURSELVES, d.why(), now);
            default -> {}
        }
    }

    /// RFC 9593, 3.1: an initiator that hears that the list comes in IKE_INTERMEDIATE "MAY start"
    /// that exchange "for this sole purpose", with an empty request.
    private void askForMethods(long now) {
        asked = Octets.EMPTY;
        state = new V2State.MethodsAsked(init);
        session.request(ExchangeType.IKE_INTERMEDIATE, List.of(), Optional.empty(), now);
    }

    private void send(Group group, KeyAgreement.Ephemeral ours, long now) {
        List<Payload> payloads = List.of(new KeyExchange(group.number(), ours.publicValue()));
        asked = PayloadChain.emit(payloads);
        state = new V2State.IntermediateSent(init, group, ours);
        session.request(ExchangeType.IKE_INTERMEDIATE, payloads, Optional.empty(), now);
    }

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        PayloadChain chain = message.chain();
        init = init.asked(init.asked().after(chain));
        if (state instanceof V2State.MethodsAsked) {
            if (chain.error().isPresent()) {
                fail(Refusals.cause(chain.error().get()), said(chain.error().get()), now);
            } else {
                cover(0, message);
                next(now);
            }
            return;
        }
        if (!(state instanceof V2State.IntermediateSent sent)) {
            return;
        }
        Optional<KeyExchange> theirs =
                chain.first(KeyExchange.class).filter(ke -> ke.method() == sent.group().number());
        if (theirs.isEmpty()) {
            sent.ours().close();
            fail(
                    chain.error().map(Refusals::cause).orElse(Cause.MALFORMED),
                    chain.error()
                            .map(InitiatorIntermediate::said)
                            .orElse("the answer has not the key exchange that was agreed on"),
                    now);
            return;
        }
        cover(PayloadType.KEY_EXCHANGE, message);
        state =
                new V2State.AgreeingIntermediateI(
                        init, session.context().agree(sent.ours(), theirs.get().data(), session));
    }

    private static String said(Notify error) {
        return "the peer answers " + NotifyType.name(error.notifyType());
    }

    /// AUTH covers this exchange.
    ///
    /// @param first type of the first payload of our request; 0: it had none
    private void cover(int first, Courier.Heard answer) {
        done++;
        var keys = session.keys();
        intAuth.add(keys.prf(), keys.proof(true), true, done, first, asked);
        intAuth.add(
                keys.prf(), keys.proof(false), false, done, answer.firstPayload(), answer.inner());
    }

    @Override
    public void onUnreadable(String why, long now) {
        fail(Cause.MALFORMED, why, now);
    }

    private void agreed(Secret shared, long now) {
        session.keyring().add(init, shared);
        next(now);
    }

    private void fail(Cause cause, String reason, long now) {
        session.fail(cause, NAME, reason, session.keyring().suiteText(), "", now);
    }

    @Override
    public void close() {
        if (state instanceof V2State.IntermediateSent sent) {
            sent.ours().close();
        }
        state = new V2State.Closed();
    }
}

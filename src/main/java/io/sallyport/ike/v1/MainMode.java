package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.MainState.AgreeingI;
import io.sallyport.ike.v1.MainState.AgreeingR;
import io.sallyport.ike.v1.MainState.AuthAwaited;
import io.sallyport.ike.v1.MainState.AuthSent;
import io.sallyport.ike.v1.MainState.Closed;
import io.sallyport.ike.v1.MainState.Done;
import io.sallyport.ike.v1.MainState.Idle;
import io.sallyport.ike.v1.MainState.JudgingI;
import io.sallyport.ike.v1.MainState.JudgingR;
import io.sallyport.ike.v1.MainState.KeySent;
import io.sallyport.ike.v1.MainState.MakingKeyI;
import io.sallyport.ike.v1.MainState.MakingKeyR;
import io.sallyport.ike.v1.MainState.SaAnswered;
import io.sallyport.ike.v1.MainState.SaSent;
import io.sallyport.ike.v1.MainState.SigningI;
import io.sallyport.ike.v1.MainState.SigningR;
import io.sallyport.ike.v1.offer.Phase1Offer;
import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.v1.Message;
import java.util.Optional;

/// Main mode, by pre-shared keys or by signatures: the table of both roles. It trusts nothing
/// before its hash is checked: a message that does not fit is noticed and left, the state stays,
/// and the true one may still come.
final class MainMode {
    private final MainShared common;
    private final MainInitiator initiator;
    private final MainResponder responder;
    private MainState state = new Idle();

    MainMode(EngineContext context, Connection connection, V1Session session) {
        this.common = new MainShared(context, connection, session);
        this.initiator = new MainInitiator(context, connection, session, common);
        this.responder = new MainResponder(context, connection, session, common);
    }

    MainState state() {
        return state;
    }

    /// What was chosen so far.
    Optional<IkeSuite> suite() {
        return switch (state) {
            case MakingKeyI s -> Optional.of(s.chosen().suite());
            case KeySent s -> Optional.of(s.chosen().suite());
            case AgreeingI s -> Optional.of(s.chosen().suite());
            case SigningI s -> Optional.of(s.chosen().suite());
            case AuthSent s -> Optional.of(s.chosen().suite());
            case JudgingI s -> Optional.of(s.sent().chosen().suite());
            case SaAnswered s -> Optional.of(s.chosen().suite());
            case MakingKeyR s -> Optional.of(s.chosen().suite());
            case AgreeingR s -> Optional.of(s.chosen().suite());
            case AuthAwaited s -> Optional.of(s.chosen().suite());
            case JudgingR s -> Optional.of(s.awaited().chosen().suite());
            case SigningR s -> Optional.of(s.awaited().chosen().suite());
            case Idle _, SaSent _, Done _, Closed _ -> Optional.empty();
        };
    }

    /// As responder: whether the peer has sent nothing but its first message.
    boolean isBarelyBegun() {
        return state instanceof SaAnswered;
    }

    /// As initiator: something that is no proof says why it may fail.
    void hint(Cause cause, String what) {
        initiator.hint(state, cause, what);
    }

    private record Step(MainState state, Input input) {}

    /// All pairs of state and input. The answers are the next states.
    void handle(Input input, long now) {
        state =
                switch (new Step(state, input)) {
                    case Step(Idle s, Input.Tick _) -> s;
                    case Step(SaSent s, Input.Datagram d) -> initiator.onAnswer(s, d);
                    case Step(MakingKeyI s, Input.Generated g) when g.job() == s.job() ->
                            initiator.sendKey(s, g.ephemeral(), now);
                    case Step(MakingKeyI s, Input.Disagreed a) when a.job() == s.job() ->
                            common.noOwnKey(a.why(), now);
                    case Step(KeySent s, Input.Datagram d) -> initiator.onPeerKey(s, d);
                    case Step(AgreeingI s, Input.Agreed a) when a.job() == s.job() ->
                            initiator.sendAuth(s, a.shared(), now);
                    case Step(AgreeingI s, Input.Disagreed a) when a.job() == s.job() ->
                            common.badPublicValue(a.why(), now);
                    case Step(SigningI s, Input.Signed a) when a.job() == s.job() ->
                            initiator.sendSigned(s, a.signature(), now);
                    case Step(SigningI s, Input.NotSigned a) when a.job() == s.job() ->
                            noOwnKey(s.protection(), a.why(), now);
                    case Step(AuthSent s, Input.Datagram d) -> initiator.onPeerAuth(s, d, now);
                    case Step(JudgingI s, Input.Judged a) when a.job() == s.job() ->
                            initiator.onVerdict(s, a.verdict(), now);
                    case Step(SaAnswered s, Input.Datagram d) -> responder.onInitiatorKey(s, d);
                    case Step(MakingKeyR s, Input.Generated g) when g.job() == s.job() ->
                            responder.answerKey(s, g.ephemeral());
                    case Step(MakingKeyR s, Input.Disagreed a) when a.job() == s.job() ->
                            common.noOwnKey(a.why(), now);
                    case Step(AgreeingR s, Input.Datagram d) -> responder.holdEarly(s, d);
                    case Step(AgreeingR s, Input.Agreed a) when a.job() == s.job() ->
                            responder.awaitAuth(s, a.shared(), now);
                    case Step(AgreeingR s, Input.Disagreed a) when a.job() == s.job() ->
                            common.badPublicValue(a.why(), now);
                    case Step(AuthAwaited s, Input.Datagram d) ->
                            responder.onInitiatorAuth(s, d, now);
                    case Step(JudgingR s, Input.Judged a) when a.job() == s.job() ->
                            responder.onVerdict(s, a.verdict(), now);
                    case Step(SigningR s, Input.Signed a) when a.job() == s.job() ->
                            responder.onSigned(s, a.signature(), now);
                    case Step(SigningR s, Input.NotSigned a) when a.job() == s.job() ->
                            noOwnKey(s.awaited().protection(), a.why(), now);
                    case Step(MainState s, Input.Tick _) -> initiator.onTick(s, now);
                    case Step(Idle s, Input _) -> s;
                    case Step(SaSent s, Input _) -> s;
                    case Step(MakingKeyI s, Input _) -> s;
                    case Step(KeySent s, Input _) -> s;
                    case Step(AgreeingI s, Input _) -> s;
                    case Step(SigningI s, Input _) -> s;
                    case Step(AuthSent s, Input _) -> s;
                    case Step(JudgingI s, Input _) -> s;
                    case Step(SaAnswered s, Input _) -> s;
                    case Step(MakingKeyR s, Input _) -> s;
                    case Step(AgreeingR s, Input _) -> s;
                    case Step(AuthAwaited s, Input _) -> s;
                    case Step(JudgingR s, Input _) -> s;
                    case Step(SigningR s, Input _) -> s;
                    case Step(Done s, Input _) -> s;
                    case Step(Closed s, Input _) -> s;
                };
    }

    private MainState noOwnKey(Protection protection, String why, long now) {
        protection.close();
        return common.noOwnKey(why, now);
    }

    /// As initiator: whether this is something that the peer says under the keys of main mode, not
    /// done yet.
    boolean hear(IkeHeader header, Octets message) {
        return state instanceof AuthSent s && initiator.hear(s, header, message);
    }

    long nextDeadline() {
        return initiator.nextDeadline();
    }

    /// As initiator: message 1.
    void sendOffer(long now) {
        state = initiator.sendOffer(now);
    }

    /// As responder: message 1 came and names an offer that we take: message 2.
    void answerOffer(Message message, Phase1Offer chosen, Input.Datagram d) {
        state = responder.answerOffer(message, chosen, d);
    }

    /// As initiator: the peer repeats its last message.
    void repeat(Path path) {
        initiator.repeat(path);
    }

    /// As responder: the peer repeats its message.
    void repeatAnswer(Path path) {
        responder.repeatAnswer(path);
    }

    void close() {
        switch (state) {
            case KeySent s -> s.ours().close();
            case SigningI s -> s.protection().close();
            case AuthSent s -> s.protection().close();
            case JudgingI s -> s.sent().protection().close();
            case AuthAwaited s -> s.protection().close();
            case JudgingR s -> s.awaited().protection().close();
            case SigningR s -> s.awaited().protection().close();
            default -> {}
        }
        initiator.stop();
        state = new Closed();
    }
}

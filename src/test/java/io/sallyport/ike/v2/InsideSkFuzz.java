package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.nio.ByteBuffer;
import java.util.List;

/// An IKEv2 peer with the right keys that says whatever the input says, to an engine in one of many
/// states.
///
/// ```text
/// | state (1) |  then, for each message: | exchange (1) | flags (1) | first payload (1) | length (2) | payloads |
/// flags: 1 a response; 2 before the payloads, an ID and the right AUTH; 4 the ID before; 8 the same ID again;
///        16 the first message of an IKE_SESSION_RESUME, in clear
/// ```
public final class InsideSkFuzz {
    private static final String PSK = "aM6ktTm3pv5etv9eC";
    private static final int AUTH = 35;
    private static final int FOLLOWUP = 44;
    private static final int RESUME = 38;
    private static final int MOST_MESSAGES = 8;

    private enum State {
        /// The responder has answered IKE_SA_INIT.
        AUTH_AWAITED(true),
        /// The initiator has sent IKE_AUTH.
        AUTH_SENT(false),
        DONE_R(true),
        DONE_I(false),
        /// It has asked for the rekey of the child.
        CHILD_REKEY_ASKED_I(false),
        IKE_REKEY_ASKED_I(false),
        CHILD_REKEY_ASKED_R(true),
        DELETE_ASKED_I(false),
        /// An EAP response is due.
        EAP_AWAITED(true),
        /// EAP is done, AUTH by its key is due.
        EAP_AUTH_AWAITED(true),
        /// EAP goes on.
        EAP_SENT(false),
        /// Our AUTH by the key of EAP is sent.
        EAP_AUTH_SENT(false),
        /// One more key exchange of a rekeying of ours is asked for.
        FOLLOWUP_ASKED_I(false),
        /// The peer's next key exchange of a rekeying is due.
        FOLLOWUP_AWAITED(true),
        /// IKE_SESSION_RESUME is answered (RFC 5723).
        RESUME_AUTH_AWAITED(true),
        /// IKE_AUTH after it is sent.
        RESUME_AUTH_SENT(false);

        final boolean responder;

        State(boolean responder) {
            this.responder = responder;
        }
    }

    private InsideSkFuzz() {}

    /// @throws MalformedException our own IKE_SA_INIT cannot be read: an escape
    public static void feed(byte[] input) throws MalformedException {
        if (input.length < 6) {
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(input);
        State state = State.values()[(in.get() & 0xff) % State.values().length];
        TwoPeers p = at(state);
        TwoPeers.Peer target = state.responder ? p.b : p.a;
        Forger2 forger =
                new Forger2(
                        p.a.sent.getFirst(),
                        p.b.sent.getFirst(),
                        p.a.shared.getFirst(),
                        state.responder);
        if (isResuming(state)) {
            forger = forger.resumed(last(p.a.sent, RESUME), last(p.b.sent, RESUME));
        }
        Path path = path(state.responder);
        int request = state.responder ? due(state) : 0;
        int response = state.responder ? 0 : due(state);
        for (int i = 0; i < MOST_MESSAGES && in.remaining() >= 5; i++) {
            int exchange = in.get() & 0xff;
            int flags = in.get();
            int first = in.get() & 0xff;
            byte[] payloads = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(payloads);
            boolean answers = (flags & 1) != 0;
            Octets message =
                    (flags & 16) != 0
                            ? knock(first, Octets.owned(payloads))
                            : message(
                                    forger,
                                    exchange,
                                    flags,
                                    answers ? response++ : request++,
                                    first,
                                    Octets.owned(payloads),
                                    state.responder);
            p.deliver(target, path, message);
            hold(p, target, state);
        }
        // Whatever was said, time goes on and nothing waits in the dark.
        p.run(2 * TwoPeers.SECOND);
        hold(p, target, state);
    }

    /// The message ID of the target's request, or of the one that it waits for.
    private static int due(State state) {
        return switch (state) {
            case AUTH_AWAITED, AUTH_SENT, RESUME_AUTH_AWAITED, RESUME_AUTH_SENT -> 1;
            case FOLLOWUP_ASKED_I, FOLLOWUP_AWAITED -> 3;
            case EAP_AUTH_AWAITED, EAP_AUTH_SENT -> 5;
            default -> 2;
        };
    }

    private static void hold(TwoPeers p, TwoPeers.Peer target, State state) {
        if (target.told(Event.InternalError.class::isInstance)) {
            throw new AssertionError(state + ": " + target.events);
        }
        if (target.engine().views().size() > 12) {
            throw new AssertionError(state + ": " + target.engine().views().size() + " IKE SAs");
        }
        if (target.backend.size() > 12) {
            throw new AssertionError(state + ": " + target.backend.size() + " child SAs");
        }
        target.sent.clear();
        target.events.clear();
        if (p.now() < 0) {
            throw new AssertionError("time ran out");
        }
    }

    private static boolean isResuming(State state) {
        return state == State.RESUME_AUTH_AWAITED || state == State.RESUME_AUTH_SENT;
    }

    private static Octets last(List<Octets> sent, int exchange) {
        return sent.reversed().stream().filter(m -> m.at(18) == exchange).findFirst().orElseThrow();
    }

    /// What somebody says who has some ticket, or none.
    private static Octets knock(int first, Octets payloads) {
        int length = IkeHeader.LENGTH + payloads.length();
        return Octets.concat(
                new IkeHeader(0x1234, 0, first, 2, 0, RESUME, 0x08, 0, length).emit(), payloads);
    }

    private static Octets message(
            Forger2 forger,
            int exchange,
            int flags,
            int id,
            int first,
            Octets payloads,
            boolean initiator) {
        boolean response = (flags & 1) != 0;
        if ((flags & 0xe) == 0) {
            return forger.seal(exchange, response, id, first, payloads);
        }
        Identification self =
                new Identification(
                        initiator, 1, IpAddress.of(initiator ? "192.0.2.1" : "192.0.2.2").octets());
        List<Payload> before = new java.util.ArrayList<>(List.of(self));
        if ((flags & 8) != 0) {
            before.add(self);
        }
        if ((flags & 2) != 0) {
            before.add(forger.proof(PSK, self));
        }
        byte[] head = PayloadChain.emit(before).toArray();
        int last = 0;
        for (int i = 1; i < before.size(); i++) {
            last += (head[last + 2] & 0xff) << 8 | head[last + 3] & 0xff;
        }
        head[last] = (byte) first;
        return forger.seal(
                exchange,
                response,
                id,
                PayloadChain.firstType(before),
                Octets.concat(Octets.owned(head), payloads));
    }

    private static Path path(boolean toResponder) {
        Endpoint a = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint b = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        return toResponder ? new Path(b, a) : new Path(a, b);
    }

    private static int messageId(Octets message) {
        return message.slice(20, 24).buffer().getInt();
    }

    private static TwoPeers peers(State state) {
        Specs a = new Specs().between("192.0.2.1", "192.0.2.2").v2();
        Specs b = new Specs().between("192.0.2.2", "192.0.2.1").v2().passive();
        return switch (state) {
            case EAP_AWAITED, EAP_AUTH_AWAITED, EAP_SENT, EAP_AUTH_SENT ->
                    EapPeers.peers(7, "mschapv2");
            case FOLLOWUP_ASKED_I, FOLLOWUP_AWAITED ->
                    new TwoPeers(
                            7,
                            TestCrypto.CRYPTO,
                            a.esp(FollowUpTest.esp(FollowUpTest.HYBRID_ESP)).build(),
                            b.esp(FollowUpTest.esp(FollowUpTest.HYBRID_ESP)).build());
            case RESUME_AUTH_AWAITED, RESUME_AUTH_SENT ->
                    new TwoPeers(
                            7,
                            TestCrypto.CRYPTO,
                            a.build(h -> h.resumption(true)),
                            b.build(h -> h.resumption(true)));
            default -> new TwoPeers(7, TestCrypto.CRYPTO, a.build(), b.build());
        };
    }

    /// Two peers, of which the target stands where it shall; from then on the other is dumb.
    private static TwoPeers at(State state) {
        TwoPeers p = peers(state);
        if (isResuming(state)) {
            p.establish();
            ResumptionTest.lose(p);
            p.middle(f -> f.octets().at(18) == AUTH ? TwoPeers.LOST : f);
            boolean asked =
                    p.runUntil(
                            () -> p.a.sent.stream().anyMatch(m -> m.at(18) == AUTH),
                            100 * TwoPeers.SECOND);
            if (!asked) {
                throw new AssertionError("not resumed: " + p.a.events);
            }
            p.middle(f -> TwoPeers.LOST);
            return p;
        }
        p.middle(f -> {
            boolean fromTarget = (f.from() == p.b) == state.responder;
            int exchange = f.octets().at(18);
            boolean drop =
                    switch (state) {
                        case AUTH_AWAITED, AUTH_SENT -> !fromTarget && exchange == AUTH;
                        case EAP_AWAITED, EAP_AUTH_AWAITED, EAP_SENT, EAP_AUTH_SENT ->
                                !fromTarget
                                        && exchange == AUTH
                                        && messageId(f.octets()) >= due(state);
                        case FOLLOWUP_ASKED_I, FOLLOWUP_AWAITED ->
                                f.from() == p.a && exchange == FOLLOWUP;
                        default -> false;
                    };
            return drop ? TwoPeers.LOST : f;
        });
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        if (state == State.FOLLOWUP_ASKED_I || state == State.FOLLOWUP_AWAITED) {
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(200 * TwoPeers.MILLI);
        }
        p.middle(f -> TwoPeers.LOST);
        switch (state) {
            case CHILD_REKEY_ASKED_I -> p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            case IKE_REKEY_ASKED_I -> p.a.command(new Command.Rekey("Tunnel1", ""));
            case CHILD_REKEY_ASKED_R -> p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            case DELETE_ASKED_I -> p.a.command(new Command.Terminate("Tunnel1"));
            default -> {}
        }
        return p;
    }
}

package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.exchange.Fragments;
import io.sallyport.ike.exchange.MalformedInsideException;
import io.sallyport.ike.exchange.MessageWindow;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v2.task.PathProbe;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import java.util.Optional;

/// Carries the messages of one IKE SA: their IDs, their seals, their fragments, and their
/// repetition.
final class Courier {
    private final EngineContext context;
    private final MessageWindow window = new MessageWindow();
    private final Retransmitter retransmitter;
    private final Fragments requests = new Fragments();
    private final Fragments answers = new Fragments();
    private Optional<SkSealer> sealer = Optional.empty();
    private boolean fragmenting;
    private Octets firstFragment = Octets.EMPTY;
    private Optional<Path> other = Optional.empty();
    private Path answerPath;

    /// How often one request is answered again: more than any implementation repeats one. Whoever
    /// has seen it can repeat it without end, and have the answers sent to whom it likes.
    private static final int MOST_REPEATS = 16;

    private int repeats;

    /// The exchange type of the request under way.
    private int asked = ExchangeType.IKE_SA_INIT;

    Courier(EngineContext context, Path path) {
        this.context = context;
        this.answerPath = path;
        this.retransmitter = new Retransmitter(context.settings().retransmit());
    }

    /// @param fragments whether both ends know RFC 7383
    void secure(SkSealer with, boolean fragments) {
        sealer = Optional.of(with);
        fragmenting = fragments;
    }

    boolean isSecured() {
        return sealer.isPresent();
    }

    // ---- receiving

    static boolean isSealed(IkeHeader header) {
        return header.nextPayload() == SkSealer.SK || header.nextPayload() == SkSealer.SKF;
    }

    /// Whether it answers the request under way.
    boolean isAwaited(IkeHeader header, Input.Datagram d) {
        return (other.isEmpty() || other.get().equals(d.path()))
                && window.isAwaited(header.messageId())
                && header.exchangeType() == asked;
    }

    MessageWindow.Standing judge(IkeHeader header, Input.Datagram d) {
        return window.judge(header.messageId(), d.octets());
    }

    /// What one datagram says; empty if it is not authentic.
    Optional<SkSealer.Opened> open(IkeHeader header, Input.Datagram d) throws MalformedException {
        return sealer.isEmpty() ? Optional.empty() : sealer.get().open(header, d.octets());
    }

    /// What an authentic message says, whole.
    ///
    /// @param header of its last datagram
    /// @param inner the payloads as they were sealed, of which the first has type `firstPayload`
    record Heard(IkeHeader header, int firstPayload, Octets inner, PayloadChain chain) {}

    /// The whole message, once all of it is there.
    Optional<Heard> whole(IkeHeader header, Input.Datagram d, SkSealer.Opened part)
            throws MalformedInsideException {
        Optional<SkSealer.Opened> all = Optional.of(part);
        if (!part.isWhole()) {
            if (part.fragment() == 1 && !header.response()) {
                firstFragment = d.octets();
            }
            all = (header.response() ? answers : requests).add(header.messageId(), part);
        }
        if (all.isEmpty()) {
            return Optional.empty();
        }
        SkSealer.Opened o = all.get();
        try {
            return Optional.of(
                    new Heard(
                            header,
                            o.firstPayload(),
                            o.chain(),
                            PayloadChain.parseInner(o.firstPayload(), o.chain())));
        } catch (MalformedException e) {
            throw new MalformedInsideException(e);
        }
    }

    /// This request is authentic and whole.
    void taken(IkeHeader header, Input.Datagram d) {
        window.taken(header.messageId(), firstFragment.isEmpty() ? d.octets() : firstFragment);
        firstFragment = Octets.EMPTY;
        answerPath = d.path();
        repeats = 0;
    }

    /// The request under way is answered.
    void answered() {
        other = Optional.empty();
        retransmitter.stop();
        window.done();
    }

    /// RFC 7296, 2.1: a repeated request gets the answer that was lost, to where it came from.
    void repeatAnswer(Path to) {
        if (repeats < MOST_REPEATS && !window.lastAnswer().isEmpty()) {
            repeats++;
            send(to, window.lastAnswer());
        }
    }

    // ---- sending

    private void send(Path to, List<Octets> datagrams) {
        datagrams.forEach(octets -> context.out().add(new Output.Send(to, octets)));
    }

    private List<Octets> seal(
            int exchangeType, boolean response, int messageId, List<Payload> payloads, Path path) {
        SkSealer with = sealer.orElseThrow();
        int first = PayloadChain.firstType(payloads);
        Octets chain = PayloadChain.emit(payloads);
        // RFC 9329, 7.5: "Even if fragmentation is negotiated, an implementation SHOULD NOT send
        // fragments when going over a TCP connection"
        return fragmenting && !path.tcp()
                ? with.seal(exchangeType, response, messageId, first, chain, mostOctets(path))
                : List.of(with.seal(exchangeType, response, messageId, first, chain));
    }

    /// RFC 7383, 2.5.1: what fits a packet of 1280 octets passes every IPv6 path, and nearly every
    /// IPv4 path; IP, UDP and non-ESP marker taken off.
    static int mostOctets(Path path) {
        return path.remote().address().v6() ? 1280 - 48 - 4 : 1280 - 28 - 4;
    }

    /// IKE_SA_INIT or IKE_SESSION_RESUME as initiator; perhaps not the first.
    void sendFirst(int exchangeType, Octets message, Path path, long now) {
        asked = exchangeType;
        if (window.isWaiting()) {
            window.beginAgain();
        }
        window.begin();
        retransmitter.start(message, path, now, context.out());
    }

    /// The IKE_SA_INIT under way is to be sent differently.
    void stopSending() {
        retransmitter.stop();
        window.beginAgain();
    }

    /// As responder: the answer to IKE_SA_INIT.
    void answerFirst(Octets message) {
        window.answered(List.of(message));
        send(answerPath, List.of(message));
    }

    /// As responder: the first request.
    void takenFirst(Octets message) {
        window.taken(0, message);
        repeats = 0;
    }

    /// @param along another path than the usual one, for this request and its repetition
    void request(
            int exchangeType, List<Payload> payloads, Path usual, Optional<Path> along, long now) {
        Path path = along.orElse(usual);
        other = along;
        int id = window.begin();
        asked = exchangeType;
        retransmitter.start(
                seal(exchangeType, false, id, payloads, path), path, now, context.out());
    }

    /// An INFORMATIONAL request as one datagram with DF; repeated as [Retransmitter#startWhole]
    /// says.
    void probe(PathProbe probe, Path path, long now) {
        other = Optional.empty();
        int id = window.begin();
        asked = ExchangeType.INFORMATIONAL;
        SkSealer with = sealer.orElseThrow();
        int room = probe.octets() - beforeIke(path);
        int data = Math.max(0, room - probe(with, id, 0).length());
        Octets whole = probe(with, id, data);
        while (whole.length() > room && data > 0) {
            whole = probe(with, id, --data); // what is sealed grows by blocks
        }
        probe.is(whole.length() + beforeIke(path), retransmitter::sent);
        retransmitter.startWhole(
                whole, probe(with, id, 0), probe.patience(), path, now, context.out());
    }

    private static Octets probe(SkSealer with, int id, int data) {
        List<Payload> payloads = PathProbe.payloads(data);
        return with.seal(
                ExchangeType.INFORMATIONAL,
                false,
                id,
                PayloadChain.firstType(payloads),
                PayloadChain.emit(payloads));
    }

    /// Octets of a packet before its IKE header: IP, UDP, and the non-ESP marker on every port but
    /// 500.
    private static int beforeIke(Path path) {
        return (path.remote().address().v6() ? 48 : 28) + (path.local().port() == 500 ? 0 : 4);
    }

    void answer(int exchangeType, List<Payload> payloads) {
        List<Octets> datagrams =
                seal(exchangeType, true, window.lastTheirs(), payloads, answerPath);
        window.answered(datagrams);
        // RFC 7296, 2.11: an answer goes to where its request came from.
        send(answerPath, datagrams);
    }

    /// The request under way goes along the usual path from now on.
    void redirect(Path usual, long now) {
        other = Optional.empty();
        retransmitter.again(usual, now, context.out());
    }

    /// There is a new TCP connection. RFC 9329, 6.2: while a response is waited for, "the Initiator
    /// MUST retransmit its request over this connection and continue to wait for a response".
    void sendAgain(Path usual) {
        if (isWaiting()) {
            retransmitter.repeat(other.orElse(usual), context.out());
        }
    }

    /// The request under way, if there is one, goes along another path from now on.
    void detour(Path to, long now) {
        if (isWaiting()) {
            other = Optional.of(to);
            retransmitter.again(to, now, context.out());
        }
    }

    /// Where the request came from that is being answered.
    Path answerPath() {
        return answerPath;
    }

    boolean isWaiting() {
        return window.isWaiting();
    }

    // ---- time

    Retransmitter.Outcome tick(Path path, long now) {
        return retransmitter.tick(other.orElse(path), now, context.out());
    }

    int sent() {
        return retransmitter.sent();
    }

    long deadline() {
        return retransmitter.deadline();
    }

    /// Nothing is asked again.
    void stop() {
        retransmitter.stop();
    }

    void forget() {
        retransmitter.forget();
        requests.clear();
        answers.clear();
        sealer = Optional.empty();
    }
}

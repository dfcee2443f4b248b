package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.event.Event;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Payload;
import java.util.ArrayList;
import java.util.List;

/// The messages of one quick mode: sealed and opened with IVs that follow from each other, and
/// repeated.
final class QuickWire {
    private final QuickFacts facts;
    private final Retransmitter retransmitter;
    private Octets iv;
    private Octets lastReceived = Octets.EMPTY;

    QuickWire(QuickFacts facts) {
        this.facts = facts;
        this.retransmitter = new Retransmitter(facts.context().settings().retransmit());
        this.iv =
                facts.protection()
                        .phase2Iv(facts.phaseTwo().facts().lastBlock(), facts.messageId());
    }

    /// A message that is not authentic yet.
    Protection.Opened open(IkeHeader header, Input.Datagram d) throws MalformedException {
        return facts.protection().open(header, d.octets(), iv);
    }

    /// The message proved to be authentic.
    void accept(Protection.Opened opened, Input.Datagram d, long now) {
        iv = opened.nextIv();
        lastReceived = d.octets();
        facts.phaseTwo().heard(d, now);
        retransmitter.stop();
    }

    /// `prf(SKEYID_a, parts)`.
    Octets hash(Octets... parts) {
        return facts.protection().hash(parts);
    }

    Octets messageId() {
        return Octets.ofInt(facts.messageId());
    }

    void send(Octets hash, List<Payload> payloads, long now) {
        List<Payload> all = new ArrayList<>();
        all.add(new Hash(hash));
        all.addAll(payloads);
        Protection.Sealed sealed =
                facts.protection().seal(ExchangeType.QUICK, facts.messageId(), all, iv);
        iv = sealed.nextIv();
        retransmitter.start(sealed.message(), facts.session().path(), now, facts.context().out());
    }

    /// Whether these are the octets that were taken last; then our answer goes out once more.
    boolean isRepeated(Input.Datagram d) {
        if (!d.octets().equals(lastReceived)) {
            return false;
        }
        retransmitter.repeat(facts.session().path(), facts.context().out());
        return true;
    }

    /// No answer is awaited any more; what we sent last is still repeated when the peer repeats.
    void stop() {
        retransmitter.stop();
    }

    /// Nothing is repeated any more.
    void forget() {
        retransmitter.forget();
    }

    long deadline() {
        return retransmitter.deadline();
    }

    /// Sends again what is due.
    Retransmitter.Outcome tick(long now) {
        Retransmitter.Outcome outcome =
                retransmitter.tick(facts.session().path(), now, facts.context().out());
        if (outcome == Retransmitter.Outcome.SENT_AGAIN) {
            facts.context()
                    .tell(
                            new Event.Retransmitted(
                                    facts.connection().name(),
                                    facts.session().path(),
                                    "quick mode",
                                    retransmitter.sent()));
        }
        return outcome;
    }
}

package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.ike.exchange.MalformedInsideException;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Where the datagrams of one IKE SA arrive. In this order it is judged whether one
///
/// ```text
///  is of this SA | answers what we asked, or has the ID that is due | is taken in this phase | is authentic | is whole
/// ```
///
/// and only then does it change anything.
final class Inbox {
    private final V2Session session;
    private final Courier courier;

    Inbox(V2Session session) {
        this.session = session;
        this.courier = session.courier();
    }

    void onDatagram(Input.Datagram d, long now) {
        try {
            IkeHeader header = IkeHeader.parse(d.octets());
            if (!isOurs(header)) {
                session.notice("SPIs or flags of another SA");
            } else if (header.response()) {
                onAnswer(header, d, now);
            } else {
                onRequest(header, d, now);
            }
        } catch (MalformedException e) {
            session.notice(e.toString());
        }
    }

    private boolean isOurs(IkeHeader header) {
        boolean spiR =
                header.responderSpi() == session.spiR()
                        || header.responderSpi() == 0
                        || session.spiR() == 0;
        return header.initiatorSpi() == session.spiI()
                && spiR
                && header.fromInitiator() != session.initiator();
    }

    private void onAnswer(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        if (!courier.isAwaited(header, d)) {
            return; // late: its request was answered before; or of another exchange
        }
        if (!Courier.isSealed(header)) {
            Message message = Message.parse(d.octets());
            if (session.life().isEstablished()) {
                session.life().onClear(message.chain(), now);
            } else {
                session.handshake().onClear(message, d, now);
            }
            return;
        }
        Optional<Courier.Heard> heard;
        try {
            heard = open(header, d, now);
        } catch (MalformedInsideException e) {
            courier.answered();
            onUnreadableAnswer("the peer's answer is malformed: " + e.what(), now);
            return;
        }
        if (heard.isEmpty()) {
            return;
        }
        courier.answered();
        OptionalInt unknown = heard.get().chain().unsupportedCritical();
        if (unknown.isPresent()) {
            // RFC 7296, 2.5: "If the critical flag is set and the payload type is unrecognized, the
            // message MUST be rejected"
            onUnreadableAnswer(
                    "the peer's answer has a critical payload of type "
                            + unknown.getAsInt()
                            + ", which is unknown here",
                    now);
        } else if (session.life().isNegotiating()) {
            session.handshake().onSealed(heard.get(), now);
            session.letGoOfHandshake();
        } else {
            session.exchanges().onAnswer(heard.get().chain(), now);
        }
    }

    private void onRequest(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        switch (courier.judge(header, d)) {
            case REPEATED -> courier.repeatAnswer(d.path());
            case STRANGE -> {
                if (header.nextPayload() != SkSealer.SKF) {
                    session.notice("request with a message ID that is not due");
                }
            }
            case NEW -> {
                if (Courier.isSealed(header)) {
                    onNewRequest(header, d, now);
                } else {
                    session.notice("a request in clear under an IKE SA");
                }
            }
        }
    }

    /// Before the handshake is done only what it waits for is taken, after it nothing of it.
    private void onNewRequest(IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        boolean early = session.life().isNegotiating();
        boolean due =
                early
                        ? session.handshake().takes(header.exchangeType())
                        : Exchanges.takes(header.exchangeType());
        if (!courier.isSecured() || !due || session.exchanges().isAnswering()) {
            session.notice(
                    ExchangeType.name(header.exchangeType())
                            + (early ? " before" : " after")
                            + " the handshake");
            return;
        }
        Optional<Courier.Heard> heard;
        try {
            heard = open(header, d, now);
        } catch (MalformedInsideException e) {
            courier.taken(header, d);
            onUnreadableRequest(header.exchangeType(), e, now);
            return;
        }
        if (heard.isEmpty()) {
            return;
        }
        courier.taken(header, d);
        OptionalInt unknown = heard.get().chain().unsupportedCritical();
        if (unknown.isPresent()) {
            // RFC 7296, 2.5: the notify bears the payload type in one octet
            courier.answer(
                    header.exchangeType(),
                    List.of(
                            Notify.of(
                                    NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD,
                                    Octets.of((byte) unknown.getAsInt()))));
        } else if (early) {
            session.moveTo(d.path());
            session.handshake().onSealed(heard.get(), now);
            session.letGoOfHandshake();
        } else {
            session.connection().ledger().shown(session.heritage()::owns, now);
            session.exchanges().onRequest(header.exchangeType(), heard.get().chain(), now);
        }
    }

    /// RFC 7296, 3.10.1: INVALID_SYNTAX "may only be returned for and in an encrypted packet if the
    /// Message ID and cryptographic checksum were valid", which they were. 2.21.2: a request of
    /// which "the whole message is malformed [...] MUST be rejected in [its] entirety".
    private void onUnreadableRequest(int exchangeType, MalformedInsideException e, long now) {
        String why = "the peer's request is malformed: " + e.what();
        if (session.life().isNegotiating()) {
            courier.answer(exchangeType, List.of(Notify.of(NotifyType.INVALID_SYNTAX)));
            session.fail(Cause.MALFORMED, ExchangeType.name(exchangeType), why, "", "", now);
        } else {
            session.exchanges().refuseSyntax(exchangeType, why, now);
        }
    }

    /// RFC 7296, 2.21.3: what is wrong with an answer is not told, for that "might lead to further
    /// errors"; "it might be good to delete the IKE SA to clean up state and start over".
    private void onUnreadableAnswer(String why, long now) {
        switch (session.phase()) {
            case NEGOTIATING -> session.handshake().onUnreadable(why, now);
            case ESTABLISHED -> session.close(why, true, now);
            case CLOSED -> session.exchanges().onAnswer(new PayloadChain(List.of(), 0), now);
        }
    }

    /// What an authentic and whole message says.
    ///
    /// @throws MalformedInsideException if it is authentic, and cannot be read
    private Optional<Courier.Heard> open(IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        try {
            Optional<SkSealer.Opened> opened = courier.open(header, d);
            if (opened.isEmpty()) {
                session.notice("a message that is not authentic");
                return Optional.empty();
            }
            session.heard(header, d, now);
            return courier.whole(header, d, opened.get());
        } catch (MalformedInsideException e) {
            session.heard(header, d, now);
            throw e;
        }
    }
}

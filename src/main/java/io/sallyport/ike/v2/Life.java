package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Dates;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession.Phase;
import io.sallyport.ike.v2.task.DeleteIke;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ike.PathSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.Optional;

/// The life of an IKE SA: what is due when, and how it ends.
///
/// ```text
///  NEGOTIATING --> ESTABLISHED --> CLOSED, fading: the peer is being told, or may ask once more --> gone
///       `--------------------------------------------------------------------------------------------^
/// ```
final class Life {
    /// So many times a question stays without an answer until the peer is sought at another of its
    /// addresses.
    private static final int SOUGHT_AFTER = 3;

    private static final long SECOND = 1_000_000_000L;

    /// RFC 9329, 5.1: "It is recommended that the initial message over UDP be retransmitted at
    /// least once before falling back to TCP".
    private static final int FALLS_BACK_AFTER = 3;

    private final V2Session session;
    private final EngineContext context;
    private final boolean initiator;
    private final long startedAt;
    private Phase phase = Phase.NEGOTIATING;
    private boolean fading;

    /// The peer's token for this SA.
    private Optional<Octets> token = Optional.empty();

    private Dates dates = Dates.NONE;

    /// How long the peer's proof is believed: a ticket reaches no further (RFC 5723, 6.2).
    private long provenUntil = Deadlines.NEVER;

    /// The ticket that the peer has for this SA.
    private Optional<Octets> given = Optional.empty();

    private long keepaliveAt = Deadlines.NEVER;
    private long forgetAt = Deadlines.NEVER;

    Life(V2Session session, boolean initiator, long now) {
        this.session = session;
        this.context = session.context();
        this.initiator = initiator;
        this.startedAt = now;
    }

    Phase phase() {
        return phase;
    }

    boolean isNegotiating() {
        return phase == Phase.NEGOTIATING;
    }

    boolean isEstablished() {
        return phase == Phase.ESTABLISHED;
    }

    boolean isFading() {
        return fading;
    }

    long startedAt() {
        return startedAt;
    }

    Dates dates() {
        return dates;
    }

    /// @param behindNat our end, whose binding is kept open
    void establish(boolean behindNat, long now) {
        phase = Phase.ESTABLISHED;
        dates =
                Dates.from(
                        session.connection().spec().ike(),
                        initiator,
                        now,
                        context.entropy()::below);
        // RFC 9329, 6.6: "NAT keep-alives over a TCP-encapsulated IPsec connection" are of no use
        keepaliveAt = behindNat && !session.path().tcp() ? now + keepalive() : Deadlines.NEVER;
        long reauth = session.connection().spec().ike().reauth().toNanos();
        if (initiator && reauth > 0 && provenUntil != Deadlines.NEVER) {
            dates = dates.authenticatedFor((provenUntil - now) / SECOND, now);
        }
        provenUntil = reauth > 0 ? Math.min(provenUntil, now + reauth) : provenUntil;
    }

    /// The proof is one that was made before, and believed until then.
    void provenUntil(long end) {
        provenUntil = end;
    }

    long provenUntil() {
        return provenUntil;
    }

    /// The peer has this ticket for it, and no other.
    void gives(Octets ticket, long now) {
        withdraw(now);
        given = Optional.of(ticket);
    }

    /// RFC 5723, 6.2: no ticket of an IKE SA that was closed on purpose, or rekeyed.
    void withdraw(long now) {
        given.ifPresent(ticket -> context.tickets().spend(ticket, now));
        given = Optional.empty();
    }

    /// Our end moved behind a NAT, or away from one.
    void behindNat(boolean is, long now) {
        keepaliveAt =
                is && !session.path().tcp()
                        ? Math.min(keepaliveAt, now + keepalive())
                        : Deadlines.NEVER;
    }

    /// A successor is not authenticated anew.
    void authenticatedAs(Life predecessor) {
        dates = dates.authenticatedAs(predecessor.dates);
        provenUntil = predecessor.provenUntil;
    }

    /// What the peer says of how long it believes us.
    void heed(PayloadChain chain, long now) {
        Optional<Notify> said = chain.notify(NotifyType.AUTH_LIFETIME.number());
        try {
            if (said.isPresent()) {
                dates = dates.authenticatedFor(Notices.authLifetime(said.get()), now);
            }
        } catch (MalformedException e) {
            session.notice(e.what());
        }
    }

    /// By what we shall believe that the peer forgot this SA (RFC 6290): what it said under the SA.
    void heedToken(PayloadChain chain) {
        try {
            Optional<Notify> said = chain.notify(NotifyType.QUICK_CRASH_DETECTION.number());
            if (said.isPresent()) {
                token = Optional.of(Notices.crashToken(said.get()));
            }
        } catch (MalformedException e) {
            session.notice(e.what());
        }
    }

    /// A message in clear, to something that we asked: with the token the peer has truly forgotten
    /// this SA. RFC 6290, 4.5: both it and its children go without a word to the peer.
    void onClear(PayloadChain chain, long now) {
        Optional<Notify> shown = chain.notify(NotifyType.QUICK_CRASH_DETECTION.number());
        boolean forgotten =
                chain.notify(NotifyType.INVALID_IKE_SPI.number()).isPresent()
                        && shown.isPresent()
                        && token.filter(t -> t.matches(shown.get().data())).isPresent();
        if (forgotten) {
            session.notice("the peer shows that it forgot this IKE SA (RFC 6290)");
            session.connection().onDead(session, now);
        } else {
            session.notice("a message in clear under an IKE SA");
        }
    }

    private long keepalive() {
        return context.settings().keepalive().toNanos();
    }

    // ---- time

    /// A responder's handshake ends with the half-open limit; ours is later than all
    /// retransmissions.
    private long handshakeDeadline() {
        long once = context.settings().halfOpenTimeout().toNanos();
        return startedAt + (initiator ? 4 * once : once);
    }

    long nextDeadline() {
        long next =
                Math.min(
                        Math.min(forgetAt, session.courier().deadline()),
                        session.exchanges().nextDeadline());
        return switch (phase) {
            case NEGOTIATING -> Math.min(next, handshakeDeadline());
            case ESTABLISHED -> Math.min(next, keepaliveAt);
            case CLOSED -> next;
        };
    }

    void tick(long now) {
        if (now >= forgetAt) {
            gone(now);
            return;
        }
        if (isNegotiating() && now >= handshakeDeadline()) {
            session.fail(
                    initiator ? session.hearsay().suspected() : Cause.UNFINISHED,
                    session.exchangeName(),
                    (initiator ? "it came to no end" : "the peer began and did not go on")
                            + session.hearsay().last(),
                    "",
                    "",
                    now);
            return;
        }
        session.exchanges().tick(now);
        Retransmitter.Outcome outcome = session.courier().tick(session.path(), now);
        switch (outcome) {
            case WAITING -> {}
            case SENT_AGAIN -> {
                context.tell(
                        new Event.Retransmitted(
                                session.connection().name(),
                                session.path(),
                                session.exchangeName(),
                                session.courier().sent()));
                if (isEstablished() && session.courier().sent() == SOUGHT_AFTER) {
                    session.mobility().seek();
                }
                if (session.courier().sent() == FALLS_BACK_AFTER
                        && session.handshake() instanceof InitiatorInit) {
                    fallBack(now);
                }
            }
            case GIVEN_UP -> {
                if (!fallBack(now)) {
                    onSilence(now);
                }
            }
        }
        if (isEstablished() && now >= keepaliveAt) {
            keepaliveAt = now + keepalive();
            context.out().add(new Output.Keepalive(session.path()));
        }
    }

    /// UDP may be blocked (RFC 9329, 5.1).
    ///
    /// @return whether TCP is tried instead
    private boolean fallBack(long now) {
        boolean may =
                isNegotiating()
                        && initiator
                        && !session.path().tcp()
                        && session.connection().spec().ike().path().tcp().use()
                                == PathSpec.Tcp.Use.FALLBACK;
        if (may && fail(now)) {
            session.notice("no answer by UDP: the peer is called by TCP");
            session.connection().relocation().fallBack(session, now);
        }
        return may;
    }

    /// The TCP connection stands, perhaps again.
    void onConnected(long now) {
        if (session.courier().isWaiting()) {
            session.courier().sendAgain(session.path());
        } else if (isEstablished()) {
            // RFC 9329, 6.1: "it is suggested that the TCP Originator send [...] an empty
            // informational message": the peer learns by it where we are
            session.probe(now);
        }
    }

    /// RFC 9329, 6.1: "both sides SHOULD maintain the state for their SAs for the standard lifetime
    /// or timeout period". A negotiation is not kept waiting for a peer that takes no connection.
    void onDisconnected(String why, long now) {
        boolean first =
                session.handshake() instanceof InitiatorInit
                        || session.handshake() instanceof InitiatorResume;
        if (isNegotiating() && first) {
            session.fail(
                    Cause.SILENCE,
                    session.exchangeName(),
                    "no TCP connection to " + session.path().remote() + ": " + why,
                    "",
                    "",
                    now);
        } else if (!fading) {
            session.notice("the TCP connection is gone, and opened anew: " + why);
        }
    }

    void onSilence(long now) {
        if (isNegotiating() && session.handshake() instanceof InitiatorResume shown) {
            shown.onSilence(now);
        } else if (isNegotiating()) {
            session.fail(
                    session.hearsay().suspected(),
                    session.exchangeName(),
                    "no answer, sent "
                            + session.courier().sent()
                            + " times"
                            + session.hearsay().last(),
                    session.minutes().account().us().proposals(),
                    "",
                    now);
        } else if (fading) {
            gone(now);
        } else if (session.exchanges().isCheckingSomePath()) {
            session.exchanges().redirectCheck(now);
        } else if (isEstablished() && session.mobility().seek()) {
            // RFC 4555, 3.5 and 3.8: who began finds a pair of addresses that works, if there is
            // one
        } else if (session.connection().current().filter(s -> s != session).isPresent()) {
            end("the peer answers nothing any more", false, false, now);
        } else {
            session.connection().onDead(session, now);
        }
    }

    // ---- the end

    /// The negotiation came to nothing.
    ///
    /// @return false: it was over already
    boolean fail(long now) {
        if (phase == Phase.CLOSED) {
            return false;
        }
        phase = Phase.CLOSED;
        gone(now);
        return true;
    }

    /// The same, but the peer may think that it came to something: it is told.
    ///
    /// @return false: it was over already
    boolean reject(long now) {
        if (phase == Phase.CLOSED) {
            return false;
        }
        phase = Phase.CLOSED;
        fading = true;
        session.handshake().close();
        session.exchanges().close(DeleteIke.ofWhoProvedNothing(), now);
        return true;
    }

    void end(String why, boolean tellPeer, boolean byPeer, long now) {
        if (phase == Phase.CLOSED) {
            return;
        }
        boolean lives = isEstablished();
        phase = Phase.CLOSED;
        if (tellPeer || byPeer) {
            withdraw(now);
            session.connection().wallet().drop(session.spiI(), session.spiR());
        }
        session.handshake().close();
        // Also of one that the peer asked for, though our answer may be lost: if it came, the peer
        // believes in this SA, and nothing else would tell it.
        boolean telling = lives && tellPeer;
        session.heritage().end(why, byPeer, telling, now);
        if (telling) {
            fading = true;
            session.exchanges().close(DeleteIke.plain(), now);
        } else if (lives && byPeer) {
            // Its delete may come again if our answer is lost.
            fading = true;
            session.exchanges().retire();
            session.courier().stop();
            context.lines().cede(session);
            forgetAt = now + 2 * context.settings().retransmit().most().toNanos();
        } else {
            gone(now);
        }
        session.connection().onClosed(session, why, byPeer, now);
    }

    /// Nothing is left of it.
    void gone(long now) {
        phase = Phase.CLOSED;
        fading = false;
        forgetAt = Deadlines.NEVER;
        session.forget(now);
    }
}

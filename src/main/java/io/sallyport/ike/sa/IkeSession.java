package io.sallyport.ike.sa;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import java.util.List;

/// One IKE SA of either version, from its first message to its end. It belongs to one [Connection].
public interface IkeSession {
    /// Our SPI (IKEv1: cookie), which names this session among all of the engine.
    long ourSpi();

    boolean initiator();

    /// What it is doing.
    Phase phase();

    /// The coarse life of a session, as its connection sees it.
    enum Phase {
        NEGOTIATING,
        ESTABLISHED,
        CLOSED
    }

    /// Whether it is only guessed that it belongs to its connection: other connections fit as well.
    default boolean isUndecided() {
        return false;
    }

    Path path();

    /// When its first message was sent or came.
    long startedAt();

    /// Of two sessions that were negotiated at the same time, whether this one stays: the one with
    /// the higher initiator SPI. Both ends come to the same answer.
    boolean outranks(IkeSession other);

    /// When it was established and shall be rekeyed and end, in the engine's time; meaningful once
    /// established.
    long establishedAt();

    /// When its ends proved who they are: the same, or before it if it came by rekeying.
    default long authenticatedAt() {
        return establishedAt();
    }

    long rekeyAt();

    long expiresAt();

    /// When an authenticated IKE message came last.
    long lastHeard();

    /// As initiator: sends the first message.
    void start(long now);

    void onDatagram(Input.Datagram datagram, long now);

    void onGenerated(Input.Generated answer, long now);

    void onAgreed(Input.Agreed answer, long now);

    void onDisagreed(Input.Disagreed answer, long now);

    /// Our answer to the peer's value: only if the session asked for one.
    default void onAnswered(Input.Answered answer, long now) {
        answer.answer().secret().close();
    }

    /// A signature of ours, or why there is none: only if the session asked for one.
    default void onSigned(Input answer, long now) {}

    /// Whether the peer is who it says: only if the session asked.
    default void onJudged(Input.Judged answer, long now) {}

    /// TLS went on: only if the session asked.
    default void onSpoken(Input.Spoken answer, long now) {
        answer.close();
    }

    void onTick(long now);

    /// When [#onTick] has something to do.
    long nextDeadline();

    /// Begins to negotiate `child` as initiator; only when established.
    void negotiate(ChildSpec child, long now);

    /// Whether an exchange for this child is under way, whoever began it.
    boolean isNegotiating(String child);

    /// Whether any exchange for a child is under way.
    boolean isBusy();

    /// Tells the peer that a child SA is gone. The caller removes it.
    void tellDeleted(ChildSa sa, long now);

    /// Whether the peer has not answered yet that it knows.
    default boolean isTelling(ChildSa sa) {
        return false;
    }

    /// Asks for a sign of life.
    void probe(long now);

    /// Asks whether the path takes an IP packet of so many octets; a session that has no way to ask
    /// does nothing.
    default void probePath(int octets, long now) {}

    /// Round trip of the last answered probe in nanoseconds, -1: none yet.
    long rtt();

    /// Whether the peer answers probes.
    boolean canProbe();

    /// The peer moved, as its authentic ESP packets show.
    void moveTo(Path path);

    /// Whether we may tell the peer that we are elsewhere (RFC 4555).
    default boolean isMovable() {
        return false;
    }

    /// The TCP connection of its path stands; perhaps again, and what was sent is lost.
    default void onConnected(long now) {}

    /// There is no TCP connection along its path; it is tried again.
    default void onDisconnected(String why, long now) {}

    /// Addresses of this machine came or went.
    default void onAddressesChanged(long now) {}

    /// There is no way to where the peer was sought.
    default void onNoWay(long now) {}

    /// We are elsewhere: this is the way from here, with ports of no meaning.
    default void relocate(Path path, long now) {}

    /// As responder: whether the peer has sent nothing but its first message, which anybody can
    /// send in its name.
    default boolean isBarelyBegun() {
        return false;
    }

    /// Makes room for others; only one that is barely begun.
    default void evict() {}

    /// Whether `spis`, both of an IKE SA as a delete names them, are this session's.
    boolean isNamed(Octets spis);

    /// The peer deleted this session through another one.
    void onDeletedByPeer(long now);

    /// Ends this session; `tellPeer` sends a delete first. Idempotent.
    void close(String why, boolean tellPeer, long now);

    /// What names and protects it.
    IkeSaView.Keys label();

    IkeSaView view(List<ChildSaView> children);

    // ---- what only IKEv2 has

    /// Whether child SAs belong to this session, and end with it (RFC 7296, 1.4.1: "closing the IKE
    /// SA implicitly closes all its Child SAs"). Those of IKEv1 outlive it.
    default boolean carriesChildren() {
        return false;
    }

    /// Whether this child SA is one of this session's.
    default boolean owns(long childSaId) {
        return false;
    }

    /// Begins to replace itself by a successor under the same authentication.
    ///
    /// @return false: this version has no such exchange, a new session does it
    default boolean rekey(long now) {
        return false;
    }

    /// Sends the peer on to another gateway, if it goes where it is sent (RFC 5685).
    default void sendOn(AddressSpec gateway, long now) {}

    /// Whether the peer goes where it is sent.
    default boolean maySendOn() {
        return false;
    }

    /// Whether it finds out by itself, from requests without an answer, that the peer is gone.
    default boolean noticesDeath() {
        return false;
    }

    /// When it wants to be authenticated anew; [io.sallyport.base.time.Deadlines#NEVER]: it does
    /// not.
    default long reauthAt() {
        return io.sallyport.base.time.Deadlines.NEVER;
    }

    /// The peer's authentic packets come along another path: is it there?
    ///
    /// @return false: this version has no way to ask
    default boolean checks(Path path, long now) {
        return false;
    }

    /// Whether it is closed, but still has to tell the peer so.
    default boolean isFading() {
        return false;
    }
}

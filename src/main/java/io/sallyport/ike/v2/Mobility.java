package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.ike.v2.task.PathCheck;
import io.sallyport.ike.v2.task.UpdateAddresses;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// MOBIKE (RFC 4555). Who began the IKE SA, or the one that it descends from, may move; the other
/// end follows.
///
/// ```text
///  who moves, from elsewhere                           who follows
///  HDR, SK {N(UPDATE_SA_ADDRESSES), N(NATD)x2} -->
///                                               <--  HDR, SK {N(NATD)x2}
///                                               <--  HDR, SK {N(COOKIE2)}       along the new path
///  HDR, SK {N(COOKIE2)}                         -->  now IKE and child SAs go there
/// ```
///
/// An update is authentic, but not where it seems to come from: whoever can pass packets on could
/// have us send to somebody else. So nothing moves before an answer has come along the new path
/// (RFC 4555, 3.7).
final class Mobility {
    private final V2Session session;
    private Role role = Role.NONE;

    /// What the request that is being answered asks for.
    private Optional<Move> due = Optional.empty();

    /// Whether that request forbade what is between us.
    private boolean forbidden;

    private enum Role {
        /// Not agreed on.
        NONE,
        /// We began: we may move.
        MOVES,
        /// The peer began: it may move.
        FOLLOWS
    }

    /// The peer's new path, of which we do not know yet whether it is there.
    private Optional<Move> checking = Optional.empty();

    /// Our own new path, of which the peer does not know yet.
    private Optional<Path> moving = Optional.empty();

    private record Move(Path path, NatCheck.Finding nat) {}

    Mobility(V2Session session) {
        this.session = session;
    }

    // ---- IKE_AUTH

    private boolean isWanted() {
        return session.connection().spec().ike().path().mobike();
    }

    private static boolean isSaid(PayloadChain chain) {
        return chain.notify(NotifyType.MOBIKE_SUPPORTED.number()).isPresent();
    }

    /// As initiator: what our request says.
    List<Payload> offer() {
        return isWanted() ? List.of(Notify.of(NotifyType.MOBIKE_SUPPORTED)) : List.of();
    }

    /// As initiator: what the answer comes to.
    void agreed(PayloadChain answer) {
        role = isWanted() && isSaid(answer) ? Role.MOVES : Role.NONE;
    }

    /// As responder: our MOBIKE_SUPPORTED, if both ends want it.
    List<Payload> agree(PayloadChain request) {
        role = isWanted() && isSaid(request) ? Role.FOLLOWS : Role.NONE;
        return role == Role.FOLLOWS ? offer() : List.of();
    }

    /// A rekeyed IKE SA: who is "initiator" does not change with it (RFC 4555, 3.1), and what is
    /// not done yet is done anew.
    void inherit(Mobility predecessor, long now) {
        role = predecessor.role;
        predecessor.checking.ifPresent(move -> check(move, now));
        predecessor.moving.ifPresent(to -> relocate(to, now));
    }

    boolean isAgreed() {
        return role != Role.NONE;
    }

    boolean moves() {
        return role == Role.MOVES;
    }

    // ---- INFORMATIONAL

    /// What the answer says of addresses.
    ///
    /// @param from the path of the request, from our side
    List<Payload> answer(PayloadChain request, Path from) {
        due = Optional.empty();
        forbidden = false;
        if (!isAgreed()) {
            return List.of();
        }
        // only who began may say so
        boolean update =
                role == Role.FOLLOWS
                        && request.notify(NotifyType.UPDATE_SA_ADDRESSES.number()).isPresent();
        Optional<Notify> noNat = request.notify(NotifyType.NO_NATS_ALLOWED.number());
        // RFC 4555, 3.9: the addresses and ports of the packet "MUST" be those that the notify
        // names
        if (noNat.isPresent() && !noNat.get().data().equals(asSeen(from))) {
            forbidden = true;
            return List.of(Notify.of(NotifyType.UNEXPECTED_NAT_DETECTED));
        }
        List<Payload> payloads = new ArrayList<>();
        NatCheck check = session.natCheck(session.spiR());
        boolean asked =
                request.notify(NotifyType.NAT_DETECTION_SOURCE_IP.number()).isPresent()
                        && request.notify(NotifyType.NAT_DETECTION_DESTINATION_IP.number())
                                .isPresent();
        boolean forced = session.connection().spec().ike().forceEncapsulation();
        if (asked) {
            payloads.addAll(check.payloads(from, forced));
        }
        if (update) {
            NatCheck.Finding found = asked ? check.find(request, from) : session.nat();
            due =
                    Optional.of(
                            new Move(
                                    from,
                                    forced ? new NatCheck.Finding(true, found.peer()) : found));
        }
        return payloads;
    }

    /// RFC 4555, 4.2.6: source address, destination address, source port, destination port.
    private static Octets asSeen(Path from) {
        return Octets.concat(
                from.remote().address().octets(),
                from.local().address().octets(),
                Octets.ofInt(from.remote().port()).slice(2, 4),
                Octets.ofInt(from.local().port()).slice(2, 4));
    }

    /// After the answer is under way.
    void follow(Path from, long now) {
        Optional<Move> move = due;
        due = Optional.empty();
        if (!isAgreed() || forbidden || session.life().isFading()) {
            return;
        }
        if (move.isEmpty()) {
            if (session.nat().peer() && !from.equals(session.path())) {
                session.checks(from, now); // a NAT changed its mind
            }
        } else if (from.equals(session.path())) {
            checking = Optional.empty();
            session.moved(from, move.get().nat(), now);
        } else {
            // What we asked along the old path is not heard there any more.
            session.courier().detour(from, now);
            check(move.get(), now);
        }
    }

    private void check(Move move, long now) {
        checking = Optional.of(move);
        session.exchanges().add(new PathCheck(session, move.path(), at -> arrived(move, at)), now);
    }

    private void arrived(Move move, long now) {
        if (checking.equals(Optional.of(move))) { // else it moved on meanwhile
            checking = Optional.empty();
            session.moved(move.path(), move.nat(), now);
        }
    }

    // ---- we move

    void relocate(Path to, long now) {
        boolean forced = session.connection().spec().ike().forceEncapsulation();
        moving = Optional.of(to);
        session.courier().detour(to, now);
        session.exchanges()
                .relocate(
                        new UpdateAddresses(
                                session,
                                to,
                                session.natCheck(session.spiR()),
                                forced,
                                (found, at) -> {
                                    if (moving.equals(Optional.of(to))) { // else we moved on
                                        moving = Optional.empty();
                                        session.moved(to, found, at);
                                    }
                                }),
                        now);
    }
}

package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.ike.v2.task.PathCheck;
import io.sallyport.ike.v2.task.Say;
import io.sallyport.ike.v2.task.UpdateAddresses;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
/// Both say which other addresses they have: ADDITIONAL_IP4_ADDRESS and ADDITIONAL_IP6_ADDRESS in
/// IKE_AUTH, and in INFORMATIONAL when that changes (3.4, 3.6). Where the peer answers nothing any
/// more, who may move asks at these before it gives up (3.5, 3.8).
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

    /// More of a peer's addresses are not kept, and of ours not said.
    private static final int MOST_ADDRESSES = 16;

    private static final int IKE_PORT = 500;
    private static final int NAT_PORT = 4500;

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

    /// Other addresses of the peer's, by its last word of them.
    private List<IpAddress> theirs = List.of();

    /// Of these, where it was sought since it answered last.
    private final Set<IpAddress> sought = new HashSet<>();

    /// What we said of our own.
    private List<IpAddress> told = List.of();

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
        if (!isWanted()) {
            return List.of();
        }
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Notify.of(NotifyType.MOBIKE_SUPPORTED));
        payloads.addAll(others(session.path()));
        return payloads;
    }

    /// As initiator: what the answer comes to.
    void agreed(PayloadChain answer) {
        role = isWanted() && isSaid(answer) ? Role.MOVES : Role.NONE;
        heed(answer);
    }

    /// As responder: our MOBIKE_SUPPORTED, if both ends want it.
    List<Payload> agree(PayloadChain request) {
        role = isWanted() && isSaid(request) ? Role.FOLLOWS : Role.NONE;
        heed(request);
        return role == Role.FOLLOWS ? offer() : List.of();
    }

    /// A rekeyed IKE SA: who is "initiator" does not change with it (RFC 4555, 3.1), and what is
    /// not done yet is done anew.
    void inherit(Mobility predecessor, long now) {
        role = predecessor.role;
        theirs = predecessor.theirs;
        told = predecessor.told;
        predecessor.checking.ifPresent(move -> check(move, now));
        predecessor.moving.ifPresent(to -> relocate(to, now));
    }

    boolean isAgreed() {
        return role != Role.NONE;
    }

    boolean moves() {
        return role == Role.MOVES;
    }

    // ---- other addresses

    /// A message that says anything of the peer's other addresses says all of them (RFC 4555, 3.6).
    /// Only what is authentic comes here.
    private void heed(PayloadChain chain) {
        if (!isAgreed()) {
            return;
        }
        List<Notify> said =
                chain.all(Notify.class).stream()
                        .filter(n ->
                                n.is(NotifyType.ADDITIONAL_IP4_ADDRESS)
                                        || n.is(NotifyType.ADDITIONAL_IP6_ADDRESS))
                        .limit(MOST_ADDRESSES)
                        .toList();
        boolean none = chain.notify(NotifyType.NO_ADDITIONAL_ADDRESSES.number()).isPresent();
        if (said.isEmpty() && !none) {
            return;
        }
        List<IpAddress> all = new ArrayList<>();
        for (Notify n : said) {
            try {
                all.add(Notices.additionalAddress(n));
            } catch (MalformedException e) {
                session.notice(e.what());
            }
        }
        theirs = List.copyOf(all);
        sought.clear();
    }

    /// What we say of our own beside that of `path`: nothing where the configuration names the one
    /// that is used.
    private List<Notify> others(Path path) {
        boolean fixed = session.connection().spec().local().address() instanceof AddressSpec.Fixed;
        told =
                fixed
                        ? List.of()
                        : session.context().addresses().stream()
                                .filter(a -> !a.equals(path.local().address()))
                                .limit(MOST_ADDRESSES)
                                .toList();
        return told.stream().map(Notices::additionalAddress).toList();
    }

    /// Addresses of this machine came or went: the peer is told, if that changes what we said.
    void announce(long now) {
        List<IpAddress> before = told;
        if (!isAgreed() || !session.life().isEstablished()) {
            return;
        }
        List<Notify> others = others(session.path());
        if (!told.equals(before)) {
            session.exchanges().add(new Say("our other addresses", orNone(others)), now);
        }
    }

    private static List<Notify> orNone(List<Notify> others) {
        return others.isEmpty() ? List.of(Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES)) : others;
    }

    /// The peer does not answer: it is sought at its other addresses, one after the other, and at
    /// last once more where it was.
    ///
    /// @return whether there is one where it was not sought yet
    boolean seek() {
        if (role != Role.MOVES || theirs.isEmpty()) {
            return false;
        }
        IpAddress here = session.path().remote().address();
        Optional<IpAddress> next =
                Stream.concat(theirs.stream().filter(a -> !a.equals(here)), Stream.of(here))
                        .filter(a -> !sought.contains(a))
                        .findFirst();
        next.ifPresent(a -> {
            sought.add(a);
            session.notice("no answer from " + here + ": the peer is sought at " + a);
            session.connection().relocation().seek(session, a);
        });
        return next.isPresent();
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
        heed(request);
        // only who began may say so
        boolean update =
                role == Role.FOLLOWS
                        && request.notify(NotifyType.UPDATE_SA_ADDRESSES.number()).isPresent();
        Optional<Notify> noNat = request.notify(NotifyType.NO_NATS_ALLOWED.number());
        // RFC 4555, 3.9: the addresses and ports of the packet "MUST" be those that the notify
        // names
        //
        // RFC 9329, 7.1: "In case of TCP, the NO_NATS_ALLOWED notification SHOULD be ignored"
        if (noNat.isPresent() && !from.tcp() && !noNat.get().data().equals(asSeen(from))) {
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
        } else if (from.equals(session.path()) || from.tcp()) {
            // RFC 9329, 7.1: "in case of TCP encapsulation, the return routability check SHOULD NOT
            // be performed"
            checking = Optional.empty();
            if (!from.equals(session.path())) {
                session.exchanges().detour(from, now);
            }
            session.moved(from, move.get().nat(), now);
        } else {
            // What we asked along the old path is not heard there any more.
            session.exchanges().detour(from, now);
            check(move.get(), now);
        }
    }

    private void check(Move move, long now) {
        checking = Optional.of(move);
        session.exchanges()
                .check(new PathCheck(session, move.path(), at -> arrived(move, at)), now);
    }

    private void arrived(Move move, long now) {
        if (checking.equals(Optional.of(move))) { // else it moved on meanwhile
            checking = Optional.empty();
            session.moved(move.path(), move.nat(), now);
            announce(now); // of our addresses the peer may have chosen another one
        }
    }

    // ---- we move

    private boolean isWorthSaying(Path to) {
        List<IpAddress> before = told;
        others(to);
        return !told.equals(before);
    }

    /// RFC 7296, 2.23: with a NAT in between the initiator goes on from port 4500 to port 4500. RFC
    /// 4555, 3.3: "implementations that support both this specification and NAT Traversal MUST
    /// change to port 4500 if the correspondent also supports both, even if no NAT was detected
    /// between them". Whether it knows MOBIKE its answer to IKE_AUTH says, which goes there
    /// already.
    Path floated(V2State.Features ofPeer) {
        Path path = session.path();
        boolean floats = session.isUdp() || isWanted() && ofPeer.natTraversal();
        return floats && path.local().port() == IKE_PORT ? atNatPort(path) : path;
    }

    private static Path atNatPort(Path path) {
        int theirs = path.remote().port();
        return path.withPorts(NAT_PORT, theirs == IKE_PORT ? NAT_PORT : theirs);
    }

    /// Along the way to `remote`, with ports of no meaning: RFC 4555, 3.5: from port 4500 to port
    /// 4500, so that there may be a NAT.
    void relocateBy(Path way, long now) {
        Path path = session.path();
        relocate(
                path.tcp()
                        ? session.context().lines().fresh(way.overTcp(0, path.remote().port()))
                        : atNatPort(way.withPorts(0, path.remote().port())),
                now);
    }

    private void relocate(Path to, long now) {
        session.context().lines().dial(session, to);
        boolean forced = session.connection().spec().ike().forceEncapsulation();
        moving = Optional.of(to);
        session.exchanges().detour(to, now);
        session.exchanges()
                .relocate(
                        new UpdateAddresses(
                                session,
                                to,
                                session.natCheck(session.spiR()),
                                forced,
                                isWorthSaying(to) ? orNone(others(to)) : List.of(),
                                (found, at) -> {
                                    if (moving.equals(Optional.of(to))) { // else we moved on
                                        moving = Optional.empty();
                                        sought.clear();
                                        session.moved(to, found, at);
                                    }
                                }),
                        now);
    }
}

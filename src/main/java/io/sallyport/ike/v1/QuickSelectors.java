package io.sallyport.ike.v1;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v1.Identification;
import java.util.List;
import java.util.Optional;

/// Which selectors a quick mode is about. IKEv1 has one pair a quick mode, and no narrowing: the
/// responder takes what is asked for, or refuses.
final class QuickSelectors {
    private final Path path;
    private final boolean nat;

    /// @param nat whether addresses change on the path
    QuickSelectors(Path path, boolean nat) {
        this.path = path;
        this.nat = nat;
    }

    /// The child that a request is for, and the pair it gets.
    record Match(ChildSpec child, SelectorPair selectors) {}

    TrafficSelector local(ChildSpec child) {
        return all(child, child.selectors().local(), path.local()).getFirst();
    }

    TrafficSelector remote(ChildSpec child) {
        return all(child, child.selectors().remote(), path.remote()).getFirst();
    }

    /// An empty list means the end point itself.
    private static List<TrafficSelector> all(
            ChildSpec child, List<TrafficSelector> configured, Endpoint end) {
        TrafficSelector host = TrafficSelector.of(IpPrefix.host(end.address()));
        if (configured.isEmpty()) {
            return List.of(host);
        }
        // RFC 4301, 4.1: in transport mode the ends of the SA are the hosts themselves
        return child.mode() == Mode.TRANSPORT
                ? configured.stream().map(s -> at(host, s)).toList()
                : configured;
    }

    private static TrafficSelector at(TrafficSelector host, TrafficSelector selector) {
        return new TrafficSelector(host.addresses(), selector.protocol(), selector.ports());
    }

    /// What an identity of the peer's means here. In transport mode it is an end of the path:
    /// behind a NAT under another address than the peer knows, else under its own or not at all.
    private Optional<TrafficSelector> meant(
            ChildSpec child, Optional<TrafficSelector> given, Endpoint end) {
        if (child.mode() != Mode.TRANSPORT) {
            return given;
        }
        TrafficSelector host = TrafficSelector.of(IpPrefix.host(end.address()));
        return given.filter(
                        g -> nat ? g.addresses().isOne() : g.addresses().equals(host.addresses()))
                .map(g -> at(host, g));
    }

    /// As initiator: the pair that the responder's identities name, if it lies in what we asked
    /// for. None given means as asked.
    Optional<SelectorPair> answered(ChildSpec child, List<Identification> ids) {
        TrafficSelector local = local(child);
        TrafficSelector remote = remote(child);
        if (ids.isEmpty()) {
            return Optional.of(new SelectorPair(List.of(local), List.of(remote)));
        }
        Optional<TrafficSelector> givenLocal =
                meant(child, SelectorIds.parse(ids.get(0)), path.local());
        Optional<TrafficSelector> givenRemote =
                meant(child, SelectorIds.parse(ids.get(1)), path.remote());
        boolean inside =
                givenLocal.isPresent()
                        && givenRemote.isPresent()
                        && local.contains(givenLocal.get())
                        && remote.contains(givenRemote.get());
        return inside
                ? Optional.of(
                        new SelectorPair(List.of(givenLocal.get()), List.of(givenRemote.get())))
                : Optional.empty();
    }

    /// As responder: IDci is the peer's side, IDcr ours. Without identities the end points
    /// themselves are meant (RFC 2409, 5.5).
    ///
    /// @param exact whether a child must have just these selectors; else it may contain them
    Optional<Match> requested(List<ChildSpec> children, List<Identification> ids, boolean exact) {
        Optional<TrafficSelector> theirs =
                ids.isEmpty()
                        ? Optional.of(TrafficSelector.of(IpPrefix.host(path.remote().address())))
                        : SelectorIds.parse(ids.get(0));
        Optional<TrafficSelector> ours =
                ids.isEmpty()
                        ? Optional.of(TrafficSelector.of(IpPrefix.host(path.local().address())))
                        : SelectorIds.parse(ids.get(1));
        if (theirs.isEmpty() || ours.isEmpty()) {
            return Optional.empty();
        }
        for (ChildSpec child : children) {
            Optional<TrafficSelector> local = meant(child, ours, path.local());
            Optional<TrafficSelector> remote = meant(child, theirs, path.remote());
            if (local.isPresent()
                    && remote.isPresent()
                    && fits(all(child, child.selectors().local(), path.local()), local.get(), exact)
                    && fits(
                            all(child, child.selectors().remote(), path.remote()),
                            remote.get(),
                            exact)) {
                SelectorPair pair = new SelectorPair(List.of(local.get()), List.of(remote.get()));
                return Optional.of(new Match(child, pair));
            }
        }
        return Optional.empty();
    }

    private static boolean fits(
            List<TrafficSelector> configured, TrafficSelector asked, boolean exact) {
        return configured.stream().anyMatch(s -> exact ? s.equals(asked) : s.contains(asked));
    }

    /// For a person: our side first. `mirrored`: the identities came in an answer to us.
    static String describe(List<Identification> ids, boolean mirrored) {
        if (ids.size() != 2) {
            return "no selectors";
        }
        String first = text(ids.get(0));
        String second = text(ids.get(1));
        return mirrored ? first + " === " + second : second + " === " + first;
    }

    private static String text(Identification id) {
        return SelectorIds.parse(id)
                .map(TrafficSelector::toString)
                .orElse("identity type " + id.idType() + " " + id.data().hex());
    }
}

package io.sallyport.ike.v1;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v1.Identification;
import java.util.List;
import java.util.Optional;

/// Which selectors a quick mode is about. IKEv1 has one pair a quick mode, and no narrowing: the
/// responder takes what is asked for, or refuses.
final class QuickSelectors {
    private final Path path;

    QuickSelectors(Path path) {
        this.path = path;
    }

    /// The child that a request is for, and the pair it gets.
    record Match(ChildSpec child, SelectorPair selectors) {}

    TrafficSelector local(ChildSpec child) {
        return all(child.selectors().local(), path.local()).getFirst();
    }

    TrafficSelector remote(ChildSpec child) {
        return all(child.selectors().remote(), path.remote()).getFirst();
    }

    /// An empty list means the end point itself.
    private static List<TrafficSelector> all(List<TrafficSelector> configured, Endpoint end) {
        return configured.isEmpty()
                ? List.of(TrafficSelector.of(IpPrefix.host(end.address())))
                : configured;
    }

    /// As initiator: the pair that the responder's identities name, if it lies in what we asked
    /// for. None given means as asked.
    Optional<SelectorPair> answered(ChildSpec child, List<Identification> ids) {
        TrafficSelector local = local(child);
        TrafficSelector remote = remote(child);
        if (ids.isEmpty()) {
            return Optional.of(new SelectorPair(List.of(local), List.of(remote)));
        }
        Optional<TrafficSelector> givenLocal = SelectorIds.parse(ids.get(0));
        Optional<TrafficSelector> givenRemote = SelectorIds.parse(ids.get(1));
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

    /// As responder: IDci is the peer's side, IDcr ours. An exact match comes before a child that
    /// merely contains it. Without identities the end points themselves are meant (RFC 2409, 5.5).
    Optional<Match> requested(List<ChildSpec> children, List<Identification> ids) {
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
        SelectorPair pair = new SelectorPair(List.of(ours.get()), List.of(theirs.get()));
        for (boolean exact : new boolean[] {true, false}) {
            for (ChildSpec child : children) {
                if (fits(all(child.selectors().local(), path.local()), ours.get(), exact)
                        && fits(
                                all(child.selectors().remote(), path.remote()),
                                theirs.get(),
                                exact)) {
                    return Optional.of(new Match(child, pair));
                }
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

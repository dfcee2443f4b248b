package io.sallyport.ike.v1;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.v1.offer.Phase1Proposals;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v1.Identification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Which of our connections a peer means that begins an ISAKMP SA, where several have its address,
/// its identity and its key. Main mode does not say it; the first quick mode does, by its
/// selectors. Until then there is a guess, and what the guess would replace stays.
final class Meant {
    /// Verdicts that one message costs at most.
    private static final int MOST_TRIED = 4;

    private final EngineContext context;

    /// Connections that the addresses allow, as configured now.
    private final Supplier<List<Connection>> candidates;

    Meant(EngineContext context, Supplier<List<Connection>> candidates) {
        this.context = context;
        this.candidates = candidates;
    }

    /// The connections besides `own` that what the peer proved there opens as well: everything that
    /// main mode is about is the same, above all the key. Who knows the key of many must not come
    /// by what is kept for one.
    List<Connection> others(Connection own, Established done, Path path) {
        return candidates.get().stream()
                .filter(c -> c.profile() != own.profile())
                .filter(c -> c.spec().remote().address().equals(own.spec().remote().address()))
                .filter(c -> Identities.matches(c.spec().remote().identity(), done.remoteId()))
                .filter(c ->
                        c.spec().ike().forceEncapsulation()
                                == own.spec().ike().forceEncapsulation())
                .filter(c ->
                        Phase1Proposals.suites(c.spec().ike().proposals(), context.crypto())
                                .contains(done.chosen().suite()))
                .filter(c ->
                        done.chosen().method().signs()
                                ? isSameDemand(c.spec(), own.spec())
                                : Proofs.isByKey(c.spec())
                                        && local(c, path).equals(done.localId())
                                        && isSameKey(c, own, path))
                .toList();
    }

    /// By signatures: what was proved for the one was demanded for the other, word for word.
    private static boolean isSameDemand(ConnectionSpec one, ConnectionSpec other) {
        return one.local().rounds().equals(other.local().rounds())
                && one.remote().rounds().equals(other.remote().rounds());
    }

    /// Whether `home` is still configured as it was when the peer's proof was looked at for it.
    boolean isStill(Connection own, Connection home) {
        return home == own || candidates.get().contains(home);
    }

    /// As responder: all connections that this offer and method suit, `own` first.
    List<Connection> suiting(Connection own, MainState.Chosen chosen) {
        List<Connection> all = new ArrayList<>(List.of(own));
        candidates.get().stream()
                .filter(c -> c.profile() != own.profile())
                .filter(c ->
                        c.spec().ike().forceEncapsulation()
                                == own.spec().ike().forceEncapsulation())
                .filter(c -> Proofs.methods(c.spec(), context).contains(chosen.method()))
                .filter(c ->
                        Phase1Proposals.suites(c.spec().ike().proposals(), context.crypto())
                                .contains(chosen.suite()))
                .forEach(all::add);
        return all;
    }

    /// As responder: those of them that are for this peer, those that name it before those that
    /// take any. It is an order of trial: each wants its own proof. Where none is for it, `own`:
    /// that it is somebody else is said to who has proved it.
    List<Connection> meant(Connection own, MainState.Chosen chosen, Identity claimed) {
        List<Connection> meant =
                suiting(own, chosen).stream()
                        .filter(c -> Identities.matches(c.spec().remote().identity(), claimed))
                        .sorted(Comparator.comparing(c -> c.spec().remote().identity().isAny()))
                        .limit(MOST_TRIED)
                        .toList();
        return meant.isEmpty() ? List.of(own) : meant;
    }

    static Identity local(Connection c, Path path) {
        Identity configured = c.spec().local().identity();
        return configured.isAny() ? Identity.of(path.local().address()) : configured;
    }

    private boolean isSameKey(Connection one, Connection other, Path path) {
        Optional<Secret> ofOne = key(one, path);
        Optional<Secret> ofOther = key(other, path);
        boolean same = ofOne.isPresent() && ofOne.equals(ofOther);
        ofOne.ifPresent(Secret::close);
        ofOther.ifPresent(Secret::close);
        return same;
    }

    private Optional<Secret> key(Connection c, Path path) {
        return context.credentials()
                .presharedKey(
                        List.of(local(c, path), Identity.of(path.local().address())),
                        List.of(
                                c.spec().remote().identity(),
                                Identity.of(path.remote().address())));
    }

    /// Where it is until we know: at one that has no IKE SA, else at the one whose IKE SA is the
    /// oldest, for that is the next to be replaced.
    static Connection guess(Connection own, List<Connection> others) {
        return with(own, others).stream()
                .min(
                        Comparator.comparingLong(c ->
                                c.current().map(IkeSession::establishedAt).orElse(Long.MIN_VALUE)))
                .orElse(own);
    }

    private static List<Connection> with(Connection own, List<Connection> others) {
        List<Connection> all = new ArrayList<>();
        all.add(own);
        all.addAll(others);
        return all;
    }

    /// What a quick mode asks for, and whose it is.
    record Choice(Connection connection, QuickSelectors.Match match) {}

    /// An exact match in any of the connections comes before a child that merely contains what is
    /// asked for; else their order counts, `own` first.
    static Optional<Choice> choose(
            Connection own,
            List<Connection> others,
            QuickSelectors selectors,
            List<Identification> ids) {
        for (boolean exact : new boolean[] {true, false}) {
            for (Connection c : with(own, others)) {
                Optional<QuickSelectors.Match> match =
                        selectors.requested(c.spec().children(), ids, exact);
                if (match.isPresent()) {
                    return Optional.of(new Choice(c, match.get()));
                }
            }
        }
        return Optional.empty();
    }

    /// Of the IKE SAs that may mean `bereft`, the latest that nothing was asked of yet.
    Optional<V1Session> heir(Connection bereft) {
        return candidates.get().stream()
                .flatMap(c -> c.profile().connections().stream())
                .flatMap(c -> c.sessions().stream())
                .filter(V1Session.class::isInstance)
                .map(V1Session.class::cast)
                .filter(s -> s.mayMean(bereft))
                .max(Comparator.comparingLong(V1Session::establishedAt));
    }
}

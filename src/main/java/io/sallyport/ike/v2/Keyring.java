package io.sallyport.ike.v2;

import io.sallyport.base.Secret;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.select.IkeOffers;
import java.util.Optional;

/// The suite and the keys of one IKE SA, once IKE_SA_INIT is done.
final class Keyring {
    private final V2Session session;
    private final EngineContext context;
    private Optional<Held> held = Optional.empty();

    /// @param mixed the same with a PPK in SK_d, SK_pi and SK_pr; messages are sealed alike by both
    private record Held(IkeSuite suite, Ikev2Keys keys, Optional<Ikev2Keys> mixed) {
        Ikev2Keys inUse() {
            return mixed.orElse(keys);
        }

        void close() {
            keys.close();
            mixed.ifPresent(Ikev2Keys::close);
        }
    }

    Keyring(V2Session session) {
        this.session = session;
        this.context = session.context();
    }

    Ikev2Keys keys() {
        return held.orElseThrow().inUse();
    }

    IkeSuite suite() {
        return held.orElseThrow().suite();
    }

    /// Empty before there is one.
    String suiteText() {
        return held.map(h -> IkeOffers.text(h.suite())).orElse("");
    }

    /// The keys of IKE_SA_INIT; closes `shared`.
    void derive(V2State.Init init, Secret shared) {
        IkeSuite suite = init.choice().suite();
        try (shared) {
            take(
                    suite,
                    Ikev2Keys.derive(
                            context.crypto().prf(suite.prf()),
                            suite,
                            shared,
                            new Ikev2Keys.Seed(
                                    init.nonceI(), init.nonceR(), session.spiI(), session.spiR())));
        }
    }

    /// The keys of IKE_SESSION_RESUME (RFC 5723, 5.1); `oldD` stays the caller's.
    void resume(V2State.Init init, Secret oldD) {
        IkeSuite suite = init.choice().suite();
        take(
                suite,
                Ikev2Keys.resumed(
                        context.crypto().prf(suite.prf()),
                        suite,
                        oldD,
                        new Ikev2Keys.Seed(
                                init.nonceI(), init.nonceR(), session.spiI(), session.spiR())));
    }

    /// These keys from now on: for what is sent next, and what comes next.
    void take(IkeSuite suite, Ikev2Keys fresh) {
        held.ifPresent(Held::close);
        held = Optional.of(new Held(suite, fresh, Optional.empty()));
        session.courier()
                .secure(
                        new SkSealer(
                                context.crypto(),
                                suite,
                                fresh,
                                session.initiator(),
                                session.spiI(),
                                session.spiR(),
                                context.entropy()),
                        session.peer().fragmentation());
    }

    /// One more key exchange is in the keys from now on (RFC 9370, 2.2.2); closes `shared`.
    void add(V2State.Init init, Secret shared) {
        Held h = held.orElseThrow();
        try (shared) {
            take(
                    h.suite(),
                    h.keys()
                            .mixed(
                                    h.suite(),
                                    shared,
                                    new Ikev2Keys.Seed(
                                            init.nonceI(),
                                            init.nonceR(),
                                            session.spiI(),
                                            session.spiR())));
        }
    }

    /// From now on with a post-quantum preshared key (RFC 8784, 3); closes it.
    void mix(Secret ppk) {
        Held h = held.orElseThrow();
        h.mixed().ifPresent(Ikev2Keys::close);
        try (ppk) {
            held = Optional.of(new Held(h.suite(), h.keys(), Optional.of(h.keys().withPpk(ppk))));
        }
    }

    /// From now on without it.
    void unmix() {
        Held h = held.orElseThrow();
        h.mixed().ifPresent(Ikev2Keys::close);
        held = Optional.of(new Held(h.suite(), h.keys(), Optional.empty()));
    }

    void close() {
        held.ifPresent(Held::close);
        held = Optional.empty();
    }
}

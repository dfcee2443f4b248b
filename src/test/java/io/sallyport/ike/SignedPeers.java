package io.sallyport.ike;

import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Moon and sun, who prove themselves by signatures.
public final class SignedPeers {
    public static final Identity MOON = Identity.fqdn("moon.example");
    public static final Identity SUN = Identity.fqdn("sun.example");
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    /// The key of this name; made once.
    public static KeyPair pair(String owner, String sort) {
        return PAIRS.computeIfAbsent(owner + " " + sort, _ -> RawKeys.pair(sort));
    }

    public static ConnectionSpec spec(boolean first, List<String> schemesOfPeer) {
        ConnectionSpec base =
                first
                        ? new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(1).build()
                        : new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build();
        return new ConnectionSpec(
                base.name(),
                end(base.local().address(), first ? MOON : SUN, List.of()),
                end(base.remote().address(), first ? SUN : MOON, schemesOfPeer),
                base.ike(),
                base.children(),
                base.origin());
    }

    /// The same in IKEv1's main mode.
    public static ConnectionSpec main(boolean first, Identity moon, Identity sun) {
        Specs lives =
                new Specs()
                        .lives(
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(20),
                                Duration.ofMinutes(3));
        ConnectionSpec base =
                first
                        ? lives.between("192.0.2.1", "192.0.2.2").build()
                        : lives.between("192.0.2.2", "192.0.2.1").passive().build();
        return new ConnectionSpec(
                base.name(),
                end(base.local().address(), first ? moon : sun, List.of()),
                end(base.remote().address(), first ? sun : moon, List.of()),
                base.ike(),
                base.children(),
                base.origin());
    }

    /// Both with keys of this sort, who know each other.
    public static TwoPeers main(long seed, String sort, Identity moon, Identity sun) {
        TwoPeers p =
                new TwoPeers(
                        seed, TestCrypto.CRYPTO, main(true, moon, sun), main(false, moon, sun));
        RawKeys a = keys("moon", sort, sun, pair("sun", sort));
        RawKeys b = keys("sun", sort, moon, pair("moon", sort));
        p.a.notary(a, (_, _) -> a.ownKeys(List.of()), List.of());
        p.b.notary(b, (_, _) -> b.ownKeys(List.of()), List.of());
        return p;
    }

    private static PeerSpec end(AddressSpec address, Identity who, List<String> schemes) {
        return new PeerSpec(
                List.of(address),
                500,
                List.of(
                        new AuthSpec.Pubkey(
                                who, List.of(), List.of(), TrustSpec.ANY.schemes(schemes))));
    }

    public static RawKeys keys(String owner, String sort, Identity other, KeyPair known) {
        return new RawKeys(TestCrypto.CRYPTO)
                .own(pair(owner, sort))
                .knows(other, known.getPublic());
    }

    private SignedPeers() {}
}

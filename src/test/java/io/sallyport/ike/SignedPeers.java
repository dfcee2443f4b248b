package io.sallyport.ike;

import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import java.security.KeyPair;
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

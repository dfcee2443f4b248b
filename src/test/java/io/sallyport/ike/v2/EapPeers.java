package io.sallyport.ike.v2;

import io.sallyport.base.Secret;
import io.sallyport.ike.SignedPeers;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;

/// A client that proves itself by EAP, and its gateway.
final class EapPeers {
    static final Identity MOON = Identity.fqdn("moon.example");
    static final Identity SUN = Identity.fqdn("sun.example");
    static final Identity CAROL = Identity.fqdn("carol");

    private EapPeers() {}

    static AuthSpec eap(Identity id, String method, Identity user) {
        return new AuthSpec.Eap(id, method, 0, user, List.of(), Identity.ANY, TrustSpec.ANY);
    }

    static AuthSpec key(Identity id, boolean signed) {
        return signed
                ? new AuthSpec.Pubkey(id, List.of(), List.of(), TrustSpec.ANY)
                : new AuthSpec.Psk(id);
    }

    static ConnectionSpec with(ConnectionSpec base, AuthSpec local, AuthSpec remote) {
        return new ConnectionSpec(
                base.name(),
                new PeerSpec(base.local().addresses(), 500, List.of(local)),
                new PeerSpec(base.remote().addresses(), 500, List.of(remote)),
                base.ike(),
                base.children(),
                base.origin());
    }

    static ConnectionSpec client(String method, boolean signed) {
        return with(
                new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(1).build(),
                eap(MOON, method, CAROL),
                key(SUN, signed));
    }

    static ConnectionSpec gateway(String method, Identity user, boolean signed) {
        return with(
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build(),
                key(SUN, signed),
                eap(Identity.ANY, method, user));
    }

    /// With a method that leaves no key the gateway has a key pair: without one it is refused where
    /// configurations are read.
    static TwoPeers peers(long seed, String method) {
        boolean signed = method.equals("md5") || method.equals("gtc");
        TwoPeers p =
                new TwoPeers(
                        seed,
                        TestCrypto.CRYPTO,
                        client(method, signed),
                        gateway(method, Identity.ANY, signed));
        if (signed) {
            keyPairs(p);
        }
        p.a.passwords.put(CAROL.data(), Secret.utf8("tux"));
        p.b.passwords.put(CAROL.data(), Secret.utf8("tux"));
        return p;
    }

    static void keyPairs(TwoPeers p) {
        var moon = SignedPeers.keys("moon", "ed25519", SUN, SignedPeers.pair("sun", "ed25519"));
        var sun = SignedPeers.keys("sun", "ed25519", MOON, SignedPeers.pair("moon", "ed25519"));
        p.a.notary(moon, (_, _) -> moon.ownKeys(List.of()), List.of());
        p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), List.of());
    }
}

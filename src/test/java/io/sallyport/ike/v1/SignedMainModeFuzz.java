package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.ike.SignedPeers;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import java.util.Arrays;

/// Who did Diffie-Hellman with one end of a main mode by signatures, and now proves itself by
/// whatever the input says: identities, certificates, signatures. It has no key that anybody
/// trusts, so nothing is ever established.
///
/// ```text
/// | flags (1) | first payload (1) | payloads |
/// flags: 1 message 6, to the initiator; else message 5, to the responder
/// ```
public final class SignedMainModeFuzz {
    private static final Crypto CRYPTO = EngineChooser.choose(new JceEngine());

    private SignedMainModeFuzz() {}

    /// @throws MalformedException our own main mode cannot be read: an escape
    public static void feed(byte[] input) throws MalformedException {
        if (input.length < 2) {
            return;
        }
        boolean six = (input[0] & 1) != 0;
        TwoPeers p = SignedPeers.main(9, "rsa", SignedPeers.MOON, SignedPeers.SUN);
        p.middle(f -> f.from() == p.a && p.a.sent.size() > 2 ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        if (!p.runUntil(() -> p.a.sent.size() > 2, 5 * TwoPeers.SECOND)) {
            throw new AssertionError("no message 5: " + p.a.events + " / " + p.b.events);
        }
        TwoPeers.Peer victim = six ? p.a : p.b;
        Path path = victim.engine().views().getFirst().path();
        Octets inside = Octets.owned(Arrays.copyOfRange(input, 2, input.length));
        p.deliver(victim, path, new Forger(p, CRYPTO, "").rawMain(!six, input[1] & 0xff, inside));
        hold(p, victim);
        p.run(2 * TwoPeers.SECOND);
        hold(p, victim);
    }

    private static void hold(TwoPeers p, TwoPeers.Peer victim) {
        if (victim.told(Event.InternalError.class::isInstance)) {
            throw new AssertionError(victim.events.toString());
        }
        if (p.a.ikeSas() + p.b.ikeSas() + p.a.backend.size() + p.b.backend.size() > 0) {
            throw new AssertionError("established: " + victim.events);
        }
    }
}

package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import java.nio.ByteBuffer;
import java.util.List;

/// An IKEv1 peer with the right keys that says whatever the input says under an established ISAKMP
/// SA: quick modes, informational exchanges, others.
///
/// ```text
/// for each message: | exchange (1) | flags (1) | first payload (1) | length (2) | payloads |
/// flags: 1 with the right HASH before the payloads
/// ```
public final class InsideMainModeFuzz {
    private static final Crypto CRYPTO = EngineChooser.choose(List.of(new JceEngine()));
    private static final int MOST_MESSAGES = 8;

    private InsideMainModeFuzz() {}

    /// @throws MalformedException our own main mode cannot be read: an escape
    public static void feed(byte[] input) throws MalformedException {
        if (input.length < 6) {
            return;
        }
        TwoPeers p =
                new TwoPeers(
                        9,
                        CRYPTO,
                        new Specs().between("192.0.2.1", "192.0.2.2").build(),
                        new Specs().between("192.0.2.2", "192.0.2.1").passive().build());
        p.establish();
        p.middle(f -> TwoPeers.LOST);
        Forger forger = new Forger(p, CRYPTO);
        Path path = p.b.engine().views().getFirst().path();
        ByteBuffer in = ByteBuffer.wrap(input);
        for (int i = 0; i < MOST_MESSAGES && in.remaining() >= 5; i++) {
            int exchange = in.get() & 0xff;
            int flags = in.get();
            int first = in.get() & 0xff;
            byte[] payloads = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(payloads);
            p.deliver(
                    p.b,
                    path,
                    forger.raw(
                            exchange, 1000 + i, (flags & 1) != 0, first, Octets.owned(payloads)));
            hold(p);
        }
        p.run(2 * TwoPeers.SECOND);
        hold(p);
    }

    private static void hold(TwoPeers p) {
        if (p.b.told(Event.InternalError.class::isInstance)) {
            throw new AssertionError(p.b.events.toString());
        }
        if (p.b.engine().views().size() > 12 || p.b.backend.size() > 12) {
            throw new AssertionError("state grows: " + p.b.engine().views().size());
        }
    }
}

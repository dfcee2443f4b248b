package io.sallyport.sim;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.testkit.FlawedEngine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Algorithms with the shapes of real ones and the strength of none: a simulated day does thousands
/// of exchanges. Keys that do not match are still told apart, by 64 bits of mixing. While it is
/// examined it is the JCE, and so gives its known answers; [#crypto()] turns it afterwards.
final class SimEngine extends FlawedEngine {
    private static final long PRIME = 0x100000001b3L;

    private boolean turned;
    private Random random = new Random(0);
    private Optional<Map<Long, Sealed>> tap = Optional.empty();

    /// What stands inside a sealed message.
    record Sealed(Secret key, Octets iv, Octets aad, Octets plain) {}

    private SimEngine() {}

    /// An engine for one thread; what may be used is examined here.
    static SimEngine fresh() {
        return new SimEngine();
    }

    /// Examined algorithms that run on this engine.
    Crypto crypto() {
        turned = false;
        Crypto crypto = EngineChooser.choose(List.of(this));
        for (Prf prf : List.of(Prf.HMAC_SHA1, Prf.HMAC_SHA2_256)) {
            require(crypto.offers(prf));
        }
        for (Group group : List.of(Group.MODP_1024, Group.CURVE_25519)) {
            require(crypto.offers(group));
        }
        Scenario.SUITES.forEach(suite -> require(crypto.offers(suite)));
        Scenario.CIPHERS.forEach(cipher -> require(crypto.offers(cipher)));
        turned = true;
        return crypto;
    }

    private static void require(boolean offered) {
        if (!offered) {
            throw new AssertionError("an algorithm of the simulation did not pass");
        }
    }

    /// All that follows is repeated by this seed.
    void reseed(long seed) {
        random = new Random(seed);
        tap = Optional.empty();
    }

    /// From now on [#inside] can tell what was sealed.
    void listen() {
        tap = Optional.of(new HashMap<>());
    }

    /// What the datagram or the ciphertext that ends so says, if it was sealed here.
    Optional<Sealed> inside(Octets sealed) {
        return sealed.length() < 8
                ? Optional.empty()
                : tap.map(t -> t.get(end(sealed))).filter(s -> s != null);
    }

    private static long end(Octets sealed) {
        return sealed.slice(sealed.length() - 8, sealed.length()).buffer().getLong();
    }

    private Octets noted(Secret key, Octets iv, Octets aad, Octets plain, Octets sealed) {
        if (tap.isPresent() && sealed.length() >= 8) {
            tap.get().put(end(sealed), new Sealed(key.copy(), iv, aad, plain));
        }
        return sealed;
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public PrfFunction prf(Prf prf) {
        return turned ? new Mixer(prf.octets()) : super.prf(prf);
    }

    @Override
    public KeyAgreement agreement(Group group) {
        return turned ? new Product(group.publicOctets()) : super.agreement(group);
    }

    @Override
    public MessageCipher messageCipher(Cipher cipher) {
        return turned ? new Stream() : super.messageCipher(cipher);
    }

    @Override
    public MessageAead messageAead(Cipher cipher) {
        return turned
                ? new Combined(cipher.encryption().icvOctets())
                : new io.sallyport.crypto.jce.JceEngine().messageAead(cipher);
    }

    // ---- mixing

    private static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static long absorb(long state, byte[] data) {
        long h = state;
        for (byte b : data) {
            h = (h ^ b & 0xff) * PRIME;
        }
        return h;
    }

    private static long absorb(long state, Octets data) {
        long h = state;
        for (int i = 0; i < data.length(); i++) {
            h = (h ^ data.at(i)) * PRIME;
        }
        return h;
    }

    private static long absorb(long state, Secret secret) {
        byte[] exposed = secret.expose();
        long h = absorb(state, exposed);
        Arrays.fill(exposed, (byte) 0);
        return h;
    }

    private static byte[] spread(long state, int octets) {
        byte[] all = new byte[octets];
        long word = 0;
        for (int i = 0; i < octets; i++) {
            if ((i & 7) == 0) {
                word = mix(state + 0x9e3779b97f4a7c15L * (i + 1));
            }
            all[i] = (byte) (word >>> 8 * (i & 7));
        }
        return all;
    }

    private record Mixer(int octets) implements PrfFunction {
        @Override
        public Octets hash(Secret key, Octets... data) {
            long h = mix(absorb(PRIME, key));
            for (Octets part : data) {
                h = absorb(h, part);
            }
            return Octets.owned(spread(mix(h), octets));
        }

        @Override
        public Secret derive(Secret key, Part... data) {
            long h = mix(absorb(PRIME, key));
            for (Part part : data) {
                h =
                        switch (part) {
                            case Part.Clear(Octets clear) -> absorb(h, clear);
                            case Part.Hidden(Secret hidden) -> absorb(h, hidden);
                        };
            }
            return Secret.owned(spread(mix(h), octets));
        }

        @Override
        public Octets digest(Octets... data) {
            long h = 1;
            for (Octets part : data) {
                h = absorb(h, part);
            }
            return Octets.owned(spread(mix(h), octets));
        }
    }

    // ---- ciphers

    private static Octets stream(long state, Octets in) {
        byte[] out = spread(state, in.length());
        for (int i = 0; i < out.length; i++) {
            out[i] ^= (byte) in.at(i);
        }
        return Octets.owned(out);
    }

    private final class Stream implements MessageCipher {
        @Override
        public Octets encrypt(Secret key, Octets iv, Octets plain) {
            return noted(key, iv, Octets.EMPTY, plain, decrypt(key, iv, plain));
        }

        @Override
        public Octets decrypt(Secret key, Octets iv, Octets sealed) {
            return stream(mix(absorb(absorb(PRIME, key), iv)), sealed);
        }
    }

    private final class Combined implements MessageAead {
        private final int tagOctets;

        Combined(int tagOctets) {
            this.tagOctets = tagOctets;
        }

        @Override
        public Octets seal(Secret key, Octets iv, Octets aad, Octets plain) {
            long state = mix(absorb(absorb(PRIME, key), iv));
            Octets sealed = stream(state, plain);
            Octets tag = tag(state, aad, sealed);
            return noted(key, iv, aad, plain, Octets.concat(sealed, tag));
        }

        private Octets tag(long state, Octets aad, Octets sealed) {
            return Octets.owned(spread(mix(absorb(absorb(~state, aad), sealed)), tagOctets));
        }

        @Override
        public Optional<Octets> open(Secret key, Octets iv, Octets aad, Octets sealed) {
            int body = sealed.length() - tagOctets;
            if (body < 0) {
                return Optional.empty();
            }
            long state = mix(absorb(absorb(PRIME, key), iv));
            Octets inner = sealed.slice(0, body);
            return sealed.slice(body, sealed.length()).equals(tag(state, aad, inner))
                    ? Optional.of(stream(state, inner))
                    : Optional.empty();
        }
    }

    // ---- key agreement

    /// Multiplication modulo 2^64: it commutes, which is all that is asked of it.
    private final class Product implements KeyAgreement {
        private static final long BASE = 0x9e3779b97f4a7c15L;
        private final int octets;

        Product(int octets) {
            this.octets = octets;
        }

        @Override
        public Ephemeral generate() {
            long x = random.nextLong() | 1;
            return new Ephemeral() {
                @Override
                public Octets publicValue() {
                    return padded(x * BASE);
                }

                @Override
                public Secret agree(Octets peer) throws BadPublicValue {
                    if (peer.length() != octets) {
                        throw new BadPublicValue("length " + peer.length());
                    }
                    return Secret.of(padded(x * peer.slice(0, 8).buffer().getLong()));
                }

                @Override
                public void close() {
                    // nothing worth zeroing
                }
            };
        }

        private Octets padded(long value) {
            return Octets.owned(ByteBuffer.allocate(octets).putLong(value).array());
        }
    }
}

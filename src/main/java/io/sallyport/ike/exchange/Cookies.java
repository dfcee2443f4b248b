package io.sallyport.ike.exchange;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.model.port.Entropy;

/// Proof, without state, that an initiator receives at the address it sends from (RFC 7296, 2.6):
///
/// ```text
///  Cookie = <VersionIDofSecret> | Hash(Ni | IPi | SPIi | <secret>)
/// ```
///
/// The secret changes every two minutes; the one before still counts.
public final class Cookies {
    private static final long LIFE = 120_000_000_000L;
    private static final int HASH = 20;

    private final Entropy entropy;
    private final PrfFunction prf;
    private Secret secret;
    private Secret before;
    private int version;
    private long changeAt = Long.MIN_VALUE;

    public Cookies(Entropy entropy, PrfFunction prf) {
        this.entropy = entropy;
        this.prf = prf;
        this.secret = Secret.of(entropy.octets(32));
        this.before = Secret.of(entropy.octets(32));
    }

    public Octets of(Octets nonce, IpAddress from, long spiI, long now) {
        if (now >= changeAt) {
            if (changeAt != Long.MIN_VALUE) {
                before.close();
                before = secret;
                secret = Secret.of(entropy.octets(32));
                version++;
            }
            changeAt = now + LIFE;
        }
        return cookie(secret, version, nonce, from, spiI);
    }

    public boolean isRight(Octets cookie, Octets nonce, IpAddress from, long spiI, long now) {
        return of(nonce, from, spiI, now).matches(cookie)
                || cookie(before, version - 1, nonce, from, spiI).matches(cookie);
    }

    private Octets cookie(Secret key, int id, Octets nonce, IpAddress from, long spiI) {
        Octets hash = prf.hash(key, nonce, from.octets(), Octets.ofLong(spiI));
        return Octets.concat(Octets.of((byte) id), hash.slice(0, Math.min(HASH, hash.length())));
    }
}

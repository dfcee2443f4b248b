package io.sallyport.crypto.kdf;

import static io.sallyport.crypto.engine.PrfFunction.part;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.engine.PrfFunction.Part;
import io.sallyport.crypto.suite.Cipher;

/// The keys of an IKEv1 SA (RFC 2409, 5):
///
/// ```text
///  SKEYID   = prf(pre-shared-key, Ni_b | Nr_b)   where a pre-shared key authenticates
///  SKEYID   = prf(Ni_b | Nr_b, g^xy)             where signatures do
///  SKEYID_d = prf(SKEYID, g^xy | CKY-I | CKY-R | 0)
///  SKEYID_a = prf(SKEYID, SKEYID_d | g^xy | CKY-I | CKY-R | 1)
///  SKEYID_e = prf(SKEYID, SKEYID_a | g^xy | CKY-I | CKY-R | 2)
/// ```
///
/// `d` makes the keys of child SAs, `a` authenticates and `e` encrypts IKE messages. One thread.
public final class Ikev1Keys implements AutoCloseable {
    private final PrfFunction prf;
    private final Secret skeyid;
    private final Secret d;
    private final Secret a;
    private final Secret e;

    private Ikev1Keys(PrfFunction prf, Secret skeyid, Secret sharedDh, Octets cookies) {
        this.prf = prf;
        this.skeyid = skeyid;
        this.d = prf.derive(skeyid, part(sharedDh), part(cookies), octet(0));
        this.a = prf.derive(skeyid, part(d), part(sharedDh), part(cookies), octet(1));
        this.e = prf.derive(skeyid, part(a), part(sharedDh), part(cookies), octet(2));
    }

    private static Part octet(int value) {
        return part(Octets.of((byte) value));
    }

    /// Takes copies of nothing: `psk` and `sharedDh` stay the caller's to close.
    ///
    /// @param prf the HMAC of the negotiated hash
    /// @param ni body of the initiator's nonce payload
    /// @param nr body of the responder's nonce payload
    /// @param sharedDh g^xy, as long as the prime
    public static Ikev1Keys derive(
            PrfFunction prf,
            Secret psk,
            Octets ni,
            Octets nr,
            Secret sharedDh,
            long cookieI,
            long cookieR) {
        Secret skeyid = prf.derive(psk, part(ni), part(nr));
        return new Ikev1Keys(
                prf,
                skeyid,
                sharedDh,
                Octets.concat(Octets.ofLong(cookieI), Octets.ofLong(cookieR)));
    }

    /// The same for signatures: whoever did the Diffie-Hellman exchange has these keys, so they
    /// prove nobody. `sharedDh` stays the caller's to close.
    public static Ikev1Keys ofSignatures(
            PrfFunction prf, Octets ni, Octets nr, Secret sharedDh, long cookieI, long cookieR) {
        try (Secret nonces = Secret.of(Octets.concat(ni, nr))) {
            return new Ikev1Keys(
                    prf,
                    prf.derive(nonces, part(sharedDh)),
                    sharedDh,
                    Octets.concat(Octets.ofLong(cookieI), Octets.ofLong(cookieR)));
        }
    }

    /// SKEYID itself: the key of HASH_I and HASH_R.
    public Secret skeyid() {
        return skeyid;
    }

    /// SKEYID_d. It stays this object's.
    public Secret d() {
        return d;
    }

    /// SKEYID_a: the key of HASH(1), HASH(2), HASH(3). It stays this object's.
    public Secret a() {
        return a;
    }

    /// SKEYID_e. It stays this object's.
    public Secret e() {
        return e;
    }

    /// The key of IKE messages, for the caller to close. RFC 2409, appendix B: the first octets of
    /// SKEYID_e, or if those are too few, of
    ///
    /// ```text
    ///  Ka = K1 | K2 | K3
    ///  K1 = prf(SKEYID_e, 0)
    ///  K2 = prf(SKEYID_e, K1)
    ///  K3 = prf(SKEYID_e, K2)
    /// ```
    ///
    /// "prf(SKEYID_e, 0)" means a single octet of zero. The step of appendix B that passes over
    /// weak DES keys is left out: one key in 2^52 is weak.
    public Secret cipherKey(Cipher cipher) {
        return cipherKey(prf, e, cipher.keyOctets());
    }

    static Secret cipherKey(PrfFunction prf, Secret e, int octets) {
        if (octets <= e.length()) {
            return e.slice(0, octets);
        }
        byte[] all = new byte[octets];
        Secret block = prf.derive(e, octet(0));
        int done = Expansion.append(block, all, 0);
        while (done < octets) {
            Secret next = prf.derive(e, part(block));
            block.close();
            block = next;
            done = Expansion.append(block, all, done);
        }
        block.close();
        return Secret.owned(all);
    }

    /// The IV of the first encrypted message of phase 1. RFC 2409, appendix B: "a hash of a
    /// concatenation of the initiator's public Diffie-Hellman value and the responder's public
    /// Diffie-Hellman value using the negotiated hash algorithm", cut to the block.
    public static Octets firstIv(PrfFunction prf, Octets publicI, Octets publicR, int blockOctets) {
        return prf.digest(publicI, publicR).slice(0, blockOctets);
    }

    /// The IV of the first message of a phase 2 exchange. RFC 2409, appendix B: "a hash of a
    /// concatenation of the last phase 1 CBC output block and the phase 2 message id".
    public static Octets phase2Iv(
            PrfFunction prf, Octets lastBlock, int messageId, int blockOctets) {
        return prf.digest(lastBlock, Octets.ofInt(messageId)).slice(0, blockOctets);
    }

    /// Key material of one direction of a child SA (RFC 2409, 5.5), for the caller to close:
    ///
    /// ```text
    ///  KEYMAT = K1 | K2 | K3 | ...
    ///  K1 = prf(SKEYID_d, [ g(qm)^xy | ] protocol | SPI | Ni_b | Nr_b)
    ///  K2 = prf(SKEYID_d, K1 | [ g(qm)^xy | ] protocol | SPI | Ni_b | Nr_b)
    /// ```
    ///
    /// The cipher's key comes first, then that of the integrity algorithm.
    ///
    /// @param pfs g(qm)^xy, [Secret#EMPTY] without PFS
    /// @param spi of the SA's receiver, so that each direction has its own keys
    /// @param ni body of the nonce of the quick mode's initiator
    public Secret keymat(Secret pfs, int protocolId, int spi, Octets ni, Octets nr, int octets) {
        Part[] seed = {
            part(Secret.EMPTY),
            part(pfs),
            octet(protocolId),
            part(Octets.ofInt(spi)),
            part(ni),
            part(nr)
        };
        byte[] all = new byte[octets];
        Secret block = Secret.EMPTY;
        int done = 0;
        while (done < octets) {
            seed[0] = part(block);
            Secret next = prf.derive(d, seed);
            block.close();
            block = next;
            done = Expansion.append(block, all, done);
        }
        block.close();
        return Secret.owned(all);
    }

    @Override
    public void close() {
        skeyid.close();
        d.close();
        a.close();
        e.close();
    }
}

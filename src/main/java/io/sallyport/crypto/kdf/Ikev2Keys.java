package io.sallyport.crypto.kdf;

import static io.sallyport.crypto.engine.PrfFunction.part;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.engine.PrfFunction.Part;
import io.sallyport.crypto.suite.IkeSuite;
import java.util.ArrayList;
import java.util.List;

/// The keys of an IKEv2 SA (RFC 7296, 2.14):
///
/// ```text
///  SKEYSEED = prf(Ni | Nr, g^ir)
///  {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr}
///                  = prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr)
/// ```
///
/// With an AEAD there is no SK_ai and no SK_ar, and SK_ei and SK_er bear the salt behind the key
/// (RFC 5282, 7). One thread.
public final class Ikev2Keys implements AutoCloseable {
    private final PrfFunction prf;
    private final Secret d;
    private final Secret ai;
    private final Secret ar;
    private final Secret ei;
    private final Secret er;
    private final Secret pi;
    private final Secret pr;

    /// What the seven keys are made with, besides the secrets.
    ///
    /// @param ni body of the initiator's nonce payload
    public record Seed(Octets ni, Octets nr, long spiI, long spiR) {
        private Part[] parts() {
            return new Part[] {
                part(ni), part(nr), part(Octets.ofLong(spiI)), part(Octets.ofLong(spiR))
            };
        }
    }

    private Ikev2Keys(PrfFunction prf, IkeSuite suite, Secret skeyseed, Seed seed) {
        this.prf = prf;
        int p = suite.prf().octets();
        int a = suite.integrity().keyOctets();
        int e = suite.cipher().keyingOctets();
        try (Secret all = PrfPlus.expand(prf, skeyseed, p + 2 * a + 2 * e + 2 * p, seed.parts())) {
            int at = 0;
            this.d = all.slice(at, at += p);
            this.ai = all.slice(at, at += a);
            this.ar = all.slice(at, at += a);
            this.ei = all.slice(at, at += e);
            this.er = all.slice(at, at += e);
            this.pi = all.slice(at, at += p);
            this.pr = all.slice(at, at + p);
        }
    }

    /// The keys of a first exchange. `shared` (g^ir) stays the caller's to close.
    public static Ikev2Keys derive(PrfFunction prf, IkeSuite suite, Secret shared, Seed seed) {
        // RFC 7296, 2.14: with a PRF made of a block cipher, which has no bare hash, "only the
        // first
        // 64 bits of Ni and the first 64 bits of Nr are used in calculating SKEYSEED"
        int most = suite.prf().hashName().isEmpty() ? 8 : Integer.MAX_VALUE;
        try (Secret nonces =
                        Secret.of(Octets.concat(first(seed.ni(), most), first(seed.nr(), most)));
                Secret skeyseed = prf.derive(nonces, part(shared))) {
            return new Ikev2Keys(prf, suite, skeyseed, seed);
        }
    }

    private static Octets first(Octets nonce, int most) {
        return nonce.slice(0, Math.min(most, nonce.length()));
    }

    /// The keys of the SA that replaces this one (RFC 7296, 2.18). The old SA's PRF makes SKEYSEED,
    /// the new SA's PRF the keys:
    ///
    /// ```text
    ///  SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr [ | SK(1) | ... ])
    /// ```
    ///
    /// @param shared that of the first key exchange, then those of IKE_FOLLOWUP_KE (RFC 9370,
    ///   2.2.4); they stay the caller's to close
    public Ikev2Keys rekeyed(PrfFunction newPrf, IkeSuite suite, List<Secret> shared, Seed seed) {
        try (Secret skeyseed = prf.derive(d, around(shared, seed.ni(), seed.nr()))) {
            return new Ikev2Keys(newPrf, suite, skeyseed, seed);
        }
    }

    /// The keys of an IKE SA that resumes another one (RFC 5723, 5.1):
    ///
    /// ```text
    ///  SKEYSEED = prf(SK_d_old, "Resumption" | Ni | Nr)
    /// ```
    ///
    /// @param oldD SK_d of the SA that is resumed; it stays the caller's to close
    public static Ikev2Keys resumed(PrfFunction prf, IkeSuite suite, Secret oldD, Seed seed) {
        Octets label = Octets.ascii("Resumption");
        try (Secret skeyseed = prf.derive(oldD, part(label), part(seed.ni()), part(seed.nr()))) {
            return new Ikev2Keys(prf, suite, skeyseed, seed);
        }
    }

    /// The nonces, the first secret before them and the others behind.
    private static Part[] around(List<Secret> shared, Octets ni, Octets nr) {
        List<Part> parts = new ArrayList<>();
        if (!shared.isEmpty()) {
            parts.add(part(shared.getFirst()));
        }
        parts.add(part(ni));
        parts.add(part(nr));
        shared.stream().skip(1).forEach(s -> parts.add(part(s)));
        return parts.toArray(Part[]::new);
    }

    /// The keys after one more key exchange in IKE_INTERMEDIATE (RFC 9370, 2.2.2):
    ///
    /// ```text
    ///  SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr)
    /// ```
    public Ikev2Keys mixed(IkeSuite suite, Secret shared, Seed seed) {
        return rekeyed(prf, suite, List.of(shared), seed);
    }

    /// The keys with a post-quantum preshared key in them (RFC 8784, 3):
    ///
    /// ```text
    ///  SK_d  = prf+ (PPK, SK_d')
    ///  SK_pi = prf+ (PPK, SK_pi')
    ///  SK_pr = prf+ (PPK, SK_pr')
    /// ```
    public Ikev2Keys withPpk(Secret ppk) {
        return new Ikev2Keys(
                prf,
                List.of(
                        PrfPlus.expand(prf, ppk, d.length(), part(d)),
                        ai.copy(),
                        ar.copy(),
                        ei.copy(),
                        er.copy(),
                        PrfPlus.expand(prf, ppk, pi.length(), part(pi)),
                        PrfPlus.expand(prf, ppk, pr.length(), part(pr))));
    }

    private Ikev2Keys(PrfFunction prf, List<Secret> seven) {
        this.prf = prf;
        this.d = seven.get(0);
        this.ai = seven.get(1);
        this.ar = seven.get(2);
        this.ei = seven.get(3);
        this.er = seven.get(4);
        this.pi = seven.get(5);
        this.pr = seven.get(6);
    }

    /// Key material of a child SA, for the caller to close (RFC 7296, 2.17; with PFS the shared
    /// secrets stand before the nonces, or around them if there are several: RFC 9370, 2.2.4):
    ///
    /// ```text
    ///  KEYMAT = prf+(SK_d, [ g^ir (new) | ] Ni | Nr [ | SK(1) | ... ])
    /// ```
    ///
    /// @param shared none without PFS
    /// @param ni body of the nonce of the exchange's initiator
    public Secret keymat(List<Secret> shared, Octets ni, Octets nr, int octets) {
        return PrfPlus.expand(prf, d, octets, around(shared, ni, nr));
    }

    public PrfFunction prf() {
        return prf;
    }

    /// SK_d. All keys stay this object's.
    public Secret d() {
        return d;
    }

    /// SK_ai or SK_ar: integrity of what the initiator, or the responder, sends.
    public Secret integrity(boolean ofInitiator) {
        return ofInitiator ? ai : ar;
    }

    /// SK_ei or SK_er, with the salt of an AEAD.
    public Secret encryption(boolean ofInitiator) {
        return ofInitiator ? ei : er;
    }

    /// SK_pi or SK_pr: proves the identity.
    public Secret proof(boolean ofInitiator) {
        return ofInitiator ? pi : pr;
    }

    @Override
    public void close() {
        for (Secret key : List.of(d, ai, ar, ei, er, pi, pr)) {
            key.close();
        }
    }
}

package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Chain;
import io.sallyport.creds.x509.Holder;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.SignatureScheme.Kind;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.HeldKey;
import io.sallyport.model.trust.OwnKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// By which of our keys an end proves itself.
final class OwnKeys {
    private final Vault vault;

    OwnKeys(Vault vault) {
        this.vault = vault;
    }

    /// See [io.sallyport.model.port.Credentials#ownKeys].
    List<OwnKey> of(AuthSpec.Pubkey local, List<Octets> wanted) {
        List<OwnKey> all = new ArrayList<>();
        if (local.certificates().isEmpty() && local.keys().isEmpty()) {
            vault.peers().stream()
                    .filter(c -> isFor(c, local.identity()))
                    .forEach(c -> candidate(c).ifPresent(all::add));
            if (all.isEmpty() && local.identity().type() == Identity.Type.KEY_ID) {
                vault.ours()
                        .filter(key -> isNamed(key, local.identity().data()) && signs(key))
                        .forEach(key -> all.add(raw(key)));
            }
        }
        local.certificates().stream()
                .flatMap(s -> vault.certificate(s).stream())
                .forEach(c -> candidate(c).ifPresent(all::add));
        local.keys().stream()
                .flatMap(s -> vault.key(s).stream())
                .filter(this::signs)
                .forEach(k -> all.add(raw(k)));
        // A stable sort: among equals the configured order
        all.sort(Comparator.comparing(c -> c.ways().stream().noneMatch(wanted::contains)));
        return all.stream().filter(k -> !k.schemes().isEmpty()).toList();
    }

    private static boolean isFor(X509Certificate certificate, Identity identity) {
        return !Certificates.isAuthority(certificate)
                && (identity.isAny() || Holder.is(certificate, identity));
    }

    private static boolean isNamed(PublicKey key, Octets id) {
        return id.equals(Certificates.keyId(key)) || id.equals(Certificates.subjectKeyId(key));
    }

    /// Empty if we have no private key to it.
    private Optional<OwnKey> candidate(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        if (!signs(key)) {
            return Optional.empty();
        }
        List<X509Certificate> others = new ArrayList<>(vault.peers());
        others.addAll(vault.between());
        List<X509Certificate> chain = Chain.of(certificate, vault.authorities(), others);
        // By key, as IKEv2 asks for authorities, and by name, as IKEv1 does; the name of the last
        // one's issuer, too, for the anchor need not be here
        List<Octets> ways = new ArrayList<>();
        for (X509Certificate one : chain) {
            ways.add(Certificates.issuer(one).data());
            if (!one.equals(certificate)) {
                ways.add(Certificates.keyId(one.getPublicKey()));
            }
        }
        List<X509Certificate> sent =
                chain.stream()
                        .filter(c -> c.equals(certificate) || !Certificates.isSelfSigned(c))
                        .toList();
        return Optional.of(ownKey(key, sent, ways, Certificates.subject(certificate)));
    }

    private OwnKey raw(PublicKey key) {
        return ownKey(key, List.of(), List.of(), Identity.ANY);
    }

    /// As charon: below the authority's `cert_uri_base`, by the hash in small hexadecimal digits.
    private Map<Octets, Evidence.Located> places(List<X509Certificate> chain) {
        Map<Octets, Evidence.Located> places = new HashMap<>();
        for (X509Certificate one : chain) {
            vault.bases()
                    .forEach((authority, base) -> {
                        if (authority.getSubjectX500Principal().equals(one.getIssuerX500Principal())
                                && Certificates.isSignedBy(one, authority)) {
                            Octets der = Certificates.der(one);
                            Octets hash = Certificates.sha1(der);
                            places.put(der, new Evidence.Located(hash, base + hash.hex(), false));
                        }
                    });
        }
        return places;
    }

    private OwnKey ownKey(
            PublicKey key, List<X509Certificate> chain, List<Octets> ways, Identity subject) {
        return new OwnKey(
                Certificates.keyId(key),
                kind(key),
                bits(key),
                Certificates.publicKey(key),
                chain.stream().map(Certificates::der).toList(),
                places(chain),
                ways,
                subject,
                offered(key));
    }

    /// Whether we have the private key to it, and a way to sign with it.
    private boolean signs(PublicKey key) {
        return vault.isOurs(Certificates.keyId(key)) && !offered(key).isEmpty();
    }

    /// By which the key's holder can sign.
    private List<SignatureScheme> offered(PublicKey key) {
        HeldKey held = vault.held().get(Certificates.keyId(key));
        return held == null ? schemes(key) : schemes(key).stream().filter(held::signsBy).toList();
    }

    private static OwnKey.Kind kind(PublicKey key) {
        return switch (key) {
            case RSAKey _ -> OwnKey.Kind.RSA;
            case ECKey _ -> OwnKey.Kind.ECDSA;
            case EdECKey ed when ed.getParams().getName().equalsIgnoreCase("Ed448") ->
                    OwnKey.Kind.ED448;
            default -> OwnKey.Kind.ED25519;
        };
    }

    private static int bits(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            default -> kind(key) == OwnKey.Kind.ED448 ? 448 : 256;
        };
    }

    /// The hash that suits the key's length first, then longer ones, then shorter. Among RSA's,
    /// PKCS#1 v1.5 before PSS: a peer cannot say that it knows no PSS, and strongSwan does the
    /// same.
    static List<SignatureScheme> schemes(PublicKey key) {
        int suits = hashOctets(key);
        return Arrays.stream(SignatureScheme.values())
                .filter(s -> s.fits(key))
                .sorted(
                        Comparator.comparingInt((SignatureScheme s) -> rank(s.kind()))
                                .thenComparing(s -> s.hash().octets() < suits)
                                .thenComparing(s ->
                                        s.hash().octets() < suits
                                                ? -s.hash().octets()
                                                : s.hash().octets()))
                .toList();
    }

    private static int rank(Kind kind) {
        return switch (kind) {
            case RSA_PKCS1, ECDSA, EDDSA -> 0;
            case RSA_PSS, ECDSA_RAW -> 1;
            case RSA_BARE -> 2;
        };
    }

    /// As strong as the key, by NIST SP 800-57, 5.6.1.
    private static int hashOctets(PublicKey key) {
        int bits = bits(key);
        return switch (kind(key)) {
            case RSA -> bits <= 3072 ? 32 : bits <= 7680 ? 48 : 64;
            case ECDSA -> bits <= 256 ? 32 : bits <= 384 ? 48 : 64;
            case ED25519, ED448 -> 0;
        };
    }
}

package io.sallyport.creds.store;

import io.sallyport.base.Secret;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.Credential;
import io.sallyport.creds.revocation.Sources.Places;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.Standing;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.trust.HeldKey;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads every file that a configuration names. What cannot be used is told of, and left out: it
/// never stops the rest.
public final class VaultLoader {
    private final Vault.Builder vault = new Vault.Builder();
    private final List<Finding> findings = new ArrayList<>();

    /// What was read, and what could not be.
    public record Loaded(Vault vault, List<Finding> findings) {
        public Loaded {
            findings = List.copyOf(findings);
        }
    }

    private final OnTokens tokens;
    private final KeySources sources;

    private VaultLoader(OnTokens tokens) {
        this.tokens = tokens;
        this.sources = new KeySources(tokens);
    }

    /// Of files alone.
    public static Loaded load(VpnSpec vpn) {
        return load(vpn, OnTokens.NONE);
    }

    public static Loaded load(VpnSpec vpn, OnTokens tokens) {
        VaultLoader loader = new VaultLoader(tokens);
        // first of all: tokens may hide certificates, too, until somebody has logged in
        vpn.keys().forEach(loader::held);
        vpn.certificates().forEach(loader::certificate);
        vpn.authorities().forEach(loader::authority);
        vpn.keys().forEach(loader::key);
        for (ConnectionSpec connection : vpn.connections()) {
            connection.local().rounds().forEach(loader::round);
            connection.remote().rounds().forEach(loader::round);
        }
        return new Loaded(loader.vault.done(), loader.findings);
    }

    private void complain(KeySource source, String what, String why) {
        findings.add(
                new Finding(source.origin(), what + " " + KeySources.name(source) + ": " + why));
    }

    // ---- certificates

    private void certificate(CertificateSpec spec) {
        KeySource source = spec.source();
        switch (spec.kind()) {
            case X509 -> x509(source, "certificate").ifPresent(vault.peers::add);
            case X509_CA -> authority(source);
            case X509_OCSP ->
                    x509(source, "certificate of an OCSP responder")
                            .ifPresent(vault.responders::add);
            case X509_CRL -> revocationList(source);
            case PUBKEY -> rawKey(source).ifPresent(vault.keys::add);
            case X509_AA, X509_AC ->
                    complain(
                            source, "attribute certificate", "attribute certificates are not read");
        }
    }

    private void authority(AuthoritySpec spec) {
        Optional<X509Certificate> authority = authority(spec.certificate());
        authority.ifPresent(x509 -> places(x509, spec));
        if (!spec.uriBase().isEmpty()) {
            authority.ifPresent(x509 -> vault.bases.putIfAbsent(x509, spec.uriBase()));
        }
    }

    /// Several sections may tell of the same CA: all that they name is asked.
    private void places(X509Certificate x509, AuthoritySpec spec) {
        vault.places.merge(
                x509,
                new Places(spec.crlUris(), spec.ocspUris()),
                (had, more) ->
                        new Places(
                                joined(had.lists(), more.lists()),
                                joined(had.responders(), more.responders())));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }

    /// Empty if it is not trusted.
    private Optional<X509Certificate> authority(KeySource source) {
        Optional<X509Certificate> x509 = x509(source, "CA certificate");
        if (x509.isPresent() && !Certificates.isAuthority(x509.get())) {
            complain(
                    source,
                    "CA certificate",
                    "it says of itself that it is no CA (basicConstraints), and is not trusted");
            return Optional.empty();
        }
        x509.ifPresent(vault.authorities::add);
        return x509;
    }

    private void round(AuthSpec round) {
        switch (round) {
            case AuthSpec.Pubkey p -> {
                for (KeySource source : p.certificates()) {
                    x509(source, "certificate").ifPresent(vault.peers::add);
                }
                p.keys().forEach(this::rawKey);
                trust(p.trust());
            }
            case AuthSpec.Eap e -> {
                for (KeySource source : e.certificates()) {
                    x509(source, "certificate").ifPresent(vault.peers::add);
                }
                trust(e.trust());
            }
            case AuthSpec.Psk _, AuthSpec.Xauth _, AuthSpec.Null _ -> {}
        }
    }

    /// As charon: a CA that a connection names is trusted by all; that connection trusts no other.
    private void trust(TrustSpec trust) {
        trust.authorities().forEach(this::authority);
    }

    private Optional<X509Certificate> x509(KeySource source, String what) {
        Object known = vault.named.get(KeySources.key(source));
        if (known instanceof X509Certificate x509) {
            return Optional.of(x509);
        }
        try {
            List<Credential> all = sources.read(source, Secret.EMPTY);
            List<X509Certificate> found = new ArrayList<>();
            for (Credential one : all) {
                if (one instanceof Credential.Certificate(X509Certificate x509)) {
                    found.add(x509);
                }
            }
            if (!found.isEmpty()) {
                X509Certificate first = found.removeFirst();
                vault.named.put(KeySources.key(source), first);
                // What follows is its chain: known, and trusted for nothing
                vault.between.addAll(found);
                return Optional.of(first);
            }
            complain(source, what, "it is " + all.getFirst() + "; a certificate is expected");
        } catch (BadCredential e) {
            complain(source, what, e.why());
        }
        return Optional.empty();
    }

    private void revocationList(KeySource source) {
        try {
            for (Credential one : sources.read(source, Secret.EMPTY)) {
                if (one instanceof Credential.RevocationList(var crl)) {
                    vault.lists.add(crl);
                } else {
                    complain(source, "revocation list", "it is " + one);
                }
            }
        } catch (BadCredential e) {
            complain(source, "revocation list", e.why());
        }
    }

    // ---- keys

    private Optional<PublicKey> rawKey(KeySource source) {
        if (vault.named.get(KeySources.key(source)) instanceof PublicKey key) {
            return Optional.of(key);
        }
        try {
            for (Credential one : sources.read(source, Secret.EMPTY)) {
                if (one instanceof Credential.PublicKey(PublicKey key)) {
                    vault.named.put(KeySources.key(source), key);
                    return Optional.of(key);
                }
                complain(source, "public key", "it is " + one + "; a public key is expected");
            }
        } catch (BadCredential e) {
            complain(source, "public key", e.why());
        }
        return Optional.empty();
    }

    private void key(PrivateKeySpec spec) {
        KeySource source = spec.source();
        if (source instanceof KeySource.Token) {
            return;
        }
        String what = spec.kind() == PrivateKeySpec.Kind.PKCS12 ? "PKCS#12 file" : "private key";
        try {
            boolean any = false;
            for (Credential one : sources.read(source, spec.passphrase())) {
                switch (one) {
                    case Credential.KeyPair(KeyPair pair) -> any |= add(pair, spec);
                    case Credential.Certificate(X509Certificate x509)
                            when spec.kind() == PrivateKeySpec.Kind.PKCS12 ->
                            contained(x509);
                    default -> complain(source, what, "it is " + one + "; a key is expected");
                }
            }
            if (!any && spec.kind() == PrivateKeySpec.Kind.PKCS12) {
                complain(source, what, "there is no private key in it");
            }
        } catch (BadCredential e) {
            complain(source, what, e.why());
        }
    }

    /// As charon: the certificates that lie beside the key on its token are known, too.
    private void held(PrivateKeySpec spec) {
        if (!(spec.source() instanceof KeySource.Token token)) {
            return;
        }
        try {
            HeldKey key = tokens.key(token, spec.passphrase());
            if (isLongEnough(key.publicKey(), token)) {
                vault.held.put(Certificates.keyId(key.publicKey()), key);
                key.certificates().stream()
                        .flatMap(der -> Certificates.parse(der).stream())
                        .filter(x509 -> !Certificates.isAuthority(x509))
                        .forEach(vault.peers::add);
            }
        } catch (BadCredential e) {
            complain(token, "private key", e.why());
        }
    }

    private boolean isLongEnough(PublicKey key, KeySource source) {
        boolean broken = SignatureScheme.standing(key) == Standing.BROKEN;
        if (broken) {
            complain(source, "private key", "it is so short that it can be broken");
        }
        return !broken;
    }

    /// As charon: what a container holds is trusted as if it lay in the directories.
    private void contained(X509Certificate x509) {
        if (Certificates.isAuthority(x509)) {
            vault.authorities.add(x509);
        } else {
            vault.peers.add(x509);
        }
    }

    private boolean add(KeyPair pair, PrivateKeySpec spec) {
        String algorithm = pair.getPrivate().getAlgorithm();
        boolean rsa = algorithm.startsWith("RSA");
        boolean ecdsa = algorithm.equals("EC");
        if (spec.kind() == PrivateKeySpec.Kind.RSA && !rsa
                || spec.kind() == PrivateKeySpec.Kind.ECDSA && !ecdsa) {
            complain(
                    spec.source(),
                    "private key",
                    "it is a key of " + algorithm + "; " + spec.kind() + " is expected");
            return false;
        }
        if (!isLongEnough(pair.getPublic(), spec.source())) {
            return false;
        }
        vault.pairs.put(Certificates.keyId(pair.getPublic()), pair);
        return true;
    }
}

package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.config.lower.Identities;
import io.sallyport.config.swanctl.SwanctlLowering;
import io.sallyport.config.syntax.Findings;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.Credential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.store.OnTokens;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Secrets and certificates that clients load. They go to where the engine looks and are shown by
/// id only. Any thread, one at a time.
final class CredentialDesk {
    private final ClientStore store;
    private final Supplier<OnTokens> tokens;
    private final Map<String, SharedSecret> named = new LinkedHashMap<>();
    private final List<SharedSecret> nameless = new ArrayList<>();

    /// By charon's id of a key: SHA-1 over the bits of the public one, hexadecimal.
    private final Map<String, PrivateKeySpec> keys = new LinkedHashMap<>();

    private final Map<Octets, CertificateSpec> certificates = new LinkedHashMap<>();

    /// @param tokens by the modules that are named now
    CredentialDesk(ClientStore store, Supplier<OnTokens> tokens) {
        this.store = store;
        this.tokens = tokens;
    }

    private void commit() {
        List<SharedSecret> all = new ArrayList<>(named.values());
        all.addAll(nameless);
        store.use(all, List.copyOf(keys.values()), List.copyOf(certificates.values()));
    }

    // ---- shared secrets

    synchronized ViciMessage loadShared(ViciMessage request) {
        Optional<String> type = request.text("type");
        if (type.isEmpty()) {
            return Replies.failed("shared key type missing");
        }
        Optional<SharedSecret.Kind> kind = kind(type.get());
        if (kind.isEmpty()) {
            return Replies.failed("invalid shared key type: " + type.get());
        }
        Optional<Octets> data = request.octets("data");
        if (data.isEmpty()) {
            return Replies.failed("shared key data missing");
        }
        List<Identity> owners = new ArrayList<>();
        for (Octets owner : request.items("owners")) {
            switch (Identities.parse(owner.text())) {
                case Identities.Good(Identity identity) -> owners.add(identity);
                case Identities.Bad(String why) -> {
                    return Replies.failed("owner '" + owner.text() + "' " + why);
                }
            }
        }
        SharedSecret secret =
                new SharedSecret(kind.get(), owners, Secret.of(data.get()), ClientStore.ORIGIN);
        Optional<String> id = request.text("id");
        if (id.isPresent()) {
            named.put(id.get(), secret);
        } else {
            nameless.add(secret);
        }
        commit();
        return Replies.done();
    }

    private static Optional<SharedSecret.Kind> kind(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "ike" -> Optional.of(SharedSecret.Kind.IKE);
            case "eap" -> Optional.of(SharedSecret.Kind.EAP);
            case "xauth" -> Optional.of(SharedSecret.Kind.XAUTH);
            case "ntlm" -> Optional.of(SharedSecret.Kind.NTLM);
            case "ppk" -> Optional.of(SharedSecret.Kind.PPK);
            default -> Optional.empty();
        };
    }

    /// As charon: what was not there is gone as well.
    synchronized ViciMessage unloadShared(ViciMessage request) {
        Optional<String> id = request.text("id");
        if (id.isEmpty()) {
            return Replies.failed("unique identifier missing");
        }
        if (named.remove(id.get()) != null) {
            commit();
        }
        return Replies.done();
    }

    /// As charon, the newest first.
    synchronized ViciMessage shared() {
        return ViciMessage.with().list("keys", new ArrayList<>(named.keySet()).reversed()).done();
    }

    synchronized ViciMessage clear() {
        named.clear();
        nameless.clear();
        keys.clear();
        certificates.clear();
        commit();
        return Replies.done();
    }

    // ---- certificates and keys

    synchronized ViciMessage loadCertificate(ViciMessage request) {
        Optional<String> type = request.text("type");
        if (type.isEmpty()) {
            return Replies.failed("certificate type missing");
        }
        Optional<Octets> data = request.octets("data");
        return switch (type.get().toUpperCase(Locale.ROOT)) {
            case "X509" ->
                    data.isEmpty()
                            ? Replies.failed("certificate data missing")
                            : x509(request, data.get());
            case "X509_CRL" -> other("X509_CRL", CertificateSpec.Kind.X509_CRL, data);
            case "PUBKEY" -> other("PUBKEY", CertificateSpec.Kind.PUBKEY, data);
            case "X509_AC" -> Replies.failed("attribute certificates are not read");
            default -> Replies.failed("invalid certificate type '" + type.get() + "'");
        };
    }

    /// A revocation list or a raw public key.
    private ViciMessage other(String type, CertificateSpec.Kind kind, Optional<Octets> data) {
        if (data.isEmpty()) {
            return Replies.failed("certificate data missing");
        }
        try {
            boolean right =
                    CredentialFile.read(data.get(), Secret.EMPTY).stream()
                            .anyMatch(c ->
                                    switch (c) {
                                        case Credential.RevocationList _ ->
                                                kind == CertificateSpec.Kind.X509_CRL;
                                        case Credential.PublicKey _ ->
                                                kind == CertificateSpec.Kind.PUBKEY;
                                        default -> false;
                                    });
            if (!right) {
                return Replies.failed("parsing " + type + " certificate failed");
            }
        } catch (BadCredential _) {
            return Replies.failed("parsing " + type + " certificate failed");
        }
        certificates.put(
                data.get(),
                new CertificateSpec(kind, new KeySource.Inline(data.get(), ClientStore.ORIGIN)));
        commit();
        return Replies.done();
    }

    private ViciMessage x509(ViciMessage request, Octets data) {
        Optional<X509Certificate> parsed = Certificates.parse(data);
        if (parsed.isEmpty()) {
            return Replies.failed("parsing X509 certificate failed");
        }
        String flag = request.text("flag").orElse("NONE").toUpperCase(Locale.ROOT);
        Optional<CertificateSpec.Kind> kind = certificateKind(flag);
        if (kind.isEmpty()) {
            return Replies.failed("invalid certificate flag '" + flag + "'");
        }
        if (kind.get() == CertificateSpec.Kind.X509_CA && !Certificates.isAuthority(parsed.get())) {
            return Replies.failed("CA certificate misses CA basic constraint");
        }
        // Sent as PEM or DER, shown as DER.
        Octets encoded = Certificates.encoded(parsed.get());
        certificates.put(
                encoded,
                new CertificateSpec(kind.get(), new KeySource.Inline(encoded, ClientStore.ORIGIN)));
        commit();
        return Replies.done();
    }

    private static Optional<CertificateSpec.Kind> certificateKind(String flag) {
        return switch (flag) {
            case "NONE" -> Optional.of(CertificateSpec.Kind.X509);
            case "CA" -> Optional.of(CertificateSpec.Kind.X509_CA);
            case "AA" -> Optional.of(CertificateSpec.Kind.X509_AA);
            case "OCSP" -> Optional.of(CertificateSpec.Kind.X509_OCSP);
            default -> Optional.empty();
        };
    }

    private static String keyId(PublicKey key) {
        return io.sallyport.creds.x509.Certificates.subjectKeyId(key).hex();
    }

    synchronized ViciMessage loadKey(ViciMessage request) {
        Optional<String> type = request.text("type");
        if (type.isEmpty()) {
            return Replies.failed("key type missing");
        }
        String word = type.get().toUpperCase(Locale.ROOT);
        if (!List.of("ANY", "RSA", "ECDSA").contains(word)) {
            return Replies.failed("invalid key type: " + type.get());
        }
        Optional<Octets> data = request.octets("data").filter(d -> !d.isEmpty());
        if (data.isEmpty()) {
            return Replies.failed("key data missing");
        }
        KeyPair pair;
        try {
            pair = CredentialFile.keyPair(data.get(), Secret.EMPTY);
        } catch (BadCredential _) {
            return Replies.failed("parsing " + word + " private key failed");
        }
        PrivateKeySpec.Kind kind = kind(pair.getPublic());
        if (!word.equals("ANY") && !word.equals(kind.name())) {
            return Replies.failed("parsing " + word + " private key failed");
        }
        String id = keyId(pair.getPublic());
        keys.put(
                id,
                new PrivateKeySpec(
                        kind, new KeySource.Inline(data.get(), ClientStore.ORIGIN), Secret.EMPTY));
        commit();
        return ViciMessage.with().put("success", "yes").put("id", id).done();
    }

    private static PrivateKeySpec.Kind kind(PublicKey key) {
        return switch (key) {
            case RSAKey _ -> PrivateKeySpec.Kind.RSA;
            case ECKey _ -> PrivateKeySpec.Kind.ECDSA;
            default -> PrivateKeySpec.Kind.ANY;
        };
    }

    /// The token is asked before the lock is taken: it may keep us waiting.
    ViciMessage loadToken(ViciMessage request) {
        Optional<String> handle = request.text("handle");
        if (handle.isEmpty()) {
            return Replies.failed("keyid missing");
        }
        Findings findings = new Findings();
        Optional<KeySource.Token> at =
                SwanctlLowering.token(
                        handle.get(),
                        request.text("slot").orElse(""),
                        request.text("module").orElse(""),
                        ClientStore.ORIGIN,
                        findings);
        if (at.isEmpty()) {
            return Replies.failed(findings.list().getFirst().message());
        }
        Secret pin = request.octets("pin").map(Secret::of).orElse(Secret.EMPTY);
        String id;
        try {
            id = keyId(tokens.get().key(at.get(), pin).publicKey());
        } catch (BadCredential e) {
            return Replies.failed("loading private key from token failed: " + e.why());
        }
        loaded(id, new PrivateKeySpec(PrivateKeySpec.Kind.TOKEN, at.get(), pin));
        return ViciMessage.with().put("success", "yes").put("id", id).done();
    }

    private synchronized void loaded(String id, PrivateKeySpec key) {
        keys.put(id, key);
        commit();
    }

    synchronized ViciMessage unloadKey(ViciMessage request) {
        Optional<String> id = request.text("id");
        if (id.isEmpty()) {
            return Replies.failed("key id missing");
        }
        if (keys.remove(id.get().toLowerCase(Locale.ROOT)) == null) {
            return Replies.failed("key not found");
        }
        commit();
        return Replies.done();
    }

    /// Of private keys, those that clients loaded.
    synchronized ViciMessage keys() {
        return ViciMessage.with().list("keys", List.copyOf(keys.keySet())).done();
    }
}

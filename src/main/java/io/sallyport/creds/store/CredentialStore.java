package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.OwnKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Pre-shared keys and key pairs of configurations. Pre-shared keys are matched as strongSwan does:
/// the peer's identity weighs most, then ours; a named owner more than `%any`, an earlier candidate
/// more than a later one; of equals the first in the file.
public final class CredentialStore implements Credentials {
    private static final int NO_MATCH = 0;
    private static final int ANYBODY = 1;
    private static final int MOST_CANDIDATES = 1000;

    private final List<SharedSecret> secrets;
    private final List<SharedSecret> postQuantum;
    private final List<SharedSecret> passwords;
    private final List<SharedSecret> hashes;
    private final Vault vault;

    public CredentialStore(List<SharedSecret> secrets) {
        this(secrets, Vault.EMPTY);
    }

    public CredentialStore(List<SharedSecret> secrets, Vault vault) {
        this.vault = vault;
        this.secrets = secrets.stream().filter(s -> s.kind() == SharedSecret.Kind.IKE).toList();
        this.postQuantum = secrets.stream().filter(s -> s.kind() == SharedSecret.Kind.PPK).toList();
        // strongSwan: sections eap and xauth are one and the same
        this.passwords =
                secrets.stream()
                        .filter(s ->
                                s.kind() == SharedSecret.Kind.EAP
                                        || s.kind() == SharedSecret.Kind.XAUTH)
                        .toList();
        this.hashes = secrets.stream().filter(s -> s.kind() == SharedSecret.Kind.NTLM).toList();
    }

    /// The caller closes what it gets: it is a copy.
    @Override
    public Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote) {
        long best = 0;
        Optional<Secret> found = Optional.empty();
        for (SharedSecret secret : secrets) {
            long score = score(secret.owners(), local, remote);
            if (score > best) {
                best = score;
                found = Optional.of(secret.secret());
            }
        }
        return found.map(Secret::copy);
    }

    /// A PPK_ID is octets without a type: what kind of identity its owner looks like does not
    /// count. One that names its owner comes before one for any.
    @Override
    public Optional<Secret> postQuantumKey(Octets id) {
        return byData(postQuantum, id);
    }

    /// A user is text, whatever kind of identity it looks like.
    @Override
    public Optional<Secret> password(Octets user) {
        return byData(passwords, user);
    }

    @Override
    public Optional<Secret> passwordHash(Octets user) {
        return byData(hashes, user);
    }

    private static Optional<Secret> byData(List<SharedSecret> all, Octets id) {
        return all.stream()
                .filter(s -> s.owners().stream().anyMatch(o -> !o.isAny() && o.data().equals(id)))
                .findFirst()
                .or(() ->
                        all.stream()
                                .filter(s -> s.owners().stream().allMatch(Identity::isAny))
                                .findFirst())
                .map(s -> s.secret().copy());
    }

    @Override
    public boolean hasPostQuantumKeys() {
        return !postQuantum.isEmpty();
    }

    @Override
    public List<OwnKey> ownKeys(AuthSpec.Pubkey local, List<Octets> wanted) {
        return new OwnKeys(vault).of(local, wanted);
    }

    /// A place to look at is what allows looking.
    @Override
    public boolean fetchesCertificates() {
        return !vault.bases().isEmpty();
    }

    @Override
    public List<Octets> authorities(TrustSpec trust) {
        return anchors(trust).map(c -> Certificates.keyId(c.getPublicKey())).distinct().toList();
    }

    @Override
    public List<Octets> authorityNames(TrustSpec trust) {
        return anchors(trust).map(c -> Certificates.subject(c).data()).distinct().toList();
    }

    private Stream<X509Certificate> anchors(TrustSpec trust) {
        return trust.authorities().isEmpty()
                ? vault.authorities().stream()
                : trust.authorities().stream().flatMap(s -> vault.certificate(s).stream());
    }

    /// 0: not for this pair.
    private static long score(List<Identity> owners, List<Identity> local, List<Identity> remote) {
        if (owners.isEmpty()) {
            return ANYBODY;
        }
        long theirs = best(owners, remote);
        long ours = best(owners, local);
        if (theirs == NO_MATCH && !owners.stream().allMatch(o -> match(o, local) != NO_MATCH)) {
            // a key that names somebody else with us is not for this peer
            return 0;
        }
        return (theirs * (MOST_CANDIDATES + 2) + ours) * 2;
    }

    private static long best(List<Identity> owners, List<Identity> candidates) {
        return owners.stream().mapToLong(o -> match(o, candidates)).max().orElse(NO_MATCH);
    }

    /// High for an early candidate, lowest for `%any`.
    private static long match(Identity owner, List<Identity> candidates) {
        if (owner.isAny()) {
            return ANYBODY;
        }
        int at = candidates.indexOf(owner);
        return at < 0 ? NO_MATCH : Math.max(ANYBODY + 1, MOST_CANDIDATES - at);
    }
}

package io.sallyport.daemon.steer;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.OwnKey;
import java.util.List;
import java.util.Optional;

/// The keys of the configuration that is loaded now. The IKE loop's thread owns it.
public final class ReloadableCredentials implements Credentials {
    private final Optional<Secret> crashSecret;
    private Credentials now = (_, _) -> Optional.empty();

    /// @param crashSecret see [Credentials#crashSecret()]
    public ReloadableCredentials(Optional<Secret> crashSecret) {
        this.crashSecret = crashSecret;
    }

    public void replace(Credentials loaded) {
        now = loaded;
    }

    @Override
    public Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote) {
        return now.presharedKey(local, remote);
    }

    @Override
    public Optional<Secret> postQuantumKey(Octets id) {
        return now.postQuantumKey(id);
    }

    @Override
    public boolean hasPostQuantumKeys() {
        return now.hasPostQuantumKeys();
    }

    @Override
    public boolean fetchesCertificates() {
        return now.fetchesCertificates();
    }

    @Override
    public Optional<Secret> crashSecret() {
        return crashSecret.map(Secret::copy);
    }

    @Override
    public Optional<Secret> password(Octets user) {
        return now.password(user);
    }

    @Override
    public Optional<Secret> passwordHash(Octets user) {
        return now.passwordHash(user);
    }

    @Override
    public List<OwnKey> ownKeys(AuthSpec.Pubkey local, List<Octets> wanted) {
        return now.ownKeys(local, wanted);
    }

    @Override
    public List<Octets> authorities(TrustSpec trust) {
        return now.authorities(trust);
    }

    @Override
    public List<Octets> authorityNames(TrustSpec trust) {
        return now.authorityNames(trust);
    }
}

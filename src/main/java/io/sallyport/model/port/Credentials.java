package io.sallyport.model.port;

import io.sallyport.base.Secret;
import io.sallyport.model.spec.Identity;
import java.util.List;
import java.util.Optional;

/// Keys by identity.
public interface Credentials {
    /// The pre-shared key whose owners match best: one of `local` and one of `remote`, else one of
    /// `remote`, else a key for any. Candidates are in order of preference, e.g. the configured
    /// identity before the address.
    Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote);
}

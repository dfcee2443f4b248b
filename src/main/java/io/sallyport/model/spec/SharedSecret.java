package io.sallyport.model.spec;

import io.sallyport.base.Secret;
import java.util.List;

/// A pre-shared key and the identities it is for; an empty list: for any.
public record SharedSecret(List<Identity> owners, Secret secret, Origin origin) {
    public SharedSecret {
        owners = List.copyOf(owners);
    }
}

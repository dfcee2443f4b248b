package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.mschap.MsChapV2;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.spec.Identity;
import java.util.Optional;

/// A name in EAP, and what proves it.
///
/// @param name as it is said, perhaps `DOMAIN\name`
public record EapUser(Octets name) {
    private static final int LONGEST = 253;

    /// What an end calls itself in EAP that has this identity in IKE.
    public static EapUser of(Identity identity) {
        return new EapUser(
                switch (identity.type()) {
                    case FQDN, USER_FQDN, KEY_ID -> identity.data();
                    default -> Octets.utf8(identity.toString());
                });
    }

    boolean isSane() {
        return !name.isEmpty() && name.length() <= LONGEST;
    }

    /// Who it is in the words of IKE, once it is proved.
    ///
    /// @param claimed its identity in IKE, which proves nothing by itself
    public Identity identity(Identity claimed) {
        // charon says a distinguished name in DER
        if (of(claimed).equals(this) || claimed.data().equals(name)) {
            return claimed;
        }
        boolean mail = name.text().indexOf('@') >= 0;
        return new Identity(mail ? Identity.Type.USER_FQDN : Identity.Type.FQDN, name);
    }

    /// RFC 2759, 4: the name that is hashed has no domain.
    Octets withoutDomain() {
        int at = name.length();
        while (at > 0 && name.at(at - 1) != '\\') {
            at--;
        }
        return name.slice(at, name.length());
    }

    /// Whose password it is: without its domain, if it was found without. Else one password would
    /// be as many users as there are domains to say.
    EapUser whose(Credentials credentials) {
        Optional<Secret> own = credentials.password(name).or(() -> credentials.passwordHash(name));
        own.ifPresent(Secret::close);
        return own.isPresent() ? this : new EapUser(withoutDomain());
    }

    /// For the caller to close.
    Optional<Secret> password(Credentials credentials) {
        return credentials.password(name).or(() -> credentials.password(withoutDomain()));
    }

    /// For the caller to close.
    Optional<Secret> passwordHash(Credentials credentials) {
        Optional<Secret> hash =
                credentials.passwordHash(name).or(() -> credentials.passwordHash(withoutDomain()));
        if (hash.isPresent()) {
            return hash;
        }
        return password(credentials)
                .map(password -> {
                    try (password) {
                        return MsChapV2.passwordHash(password);
                    }
                });
    }

    /// For people.
    @Override
    public String toString() {
        return name.text().replaceAll("\\p{Cntrl}", "?");
    }
}

package io.sallyport.ike.auth;

import io.sallyport.model.spec.Identity;

/// Whether an identity is the one that a configuration means.
public final class Identities {
    private Identities() {}

    /// Names compare without regard to case (RFC 4343 for FQDN), all else octet for octet.
    public static boolean matches(Identity wanted, Identity given) {
        if (wanted.isAny()) {
            return true;
        }
        if (wanted.type() != given.type()) {
            return false;
        }
        return switch (wanted.type()) {
            case FQDN, USER_FQDN -> wanted.data().text().equalsIgnoreCase(given.data().text());
            default -> wanted.data().equals(given.data());
        };
    }
}

package io.sallyport.config.lower;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.base.net.IpAddress;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.Identity.Type;
import java.util.Locale;
import java.util.Optional;

/// Identities as strongSwan writes them: an address, `@name`, `user@name`, `@@user@name`, `@#hex`,
/// a bare name, a distinguished name, `%any`, or one with its type before it (`keyid:…`, `fqdn:…`,
/// hexadecimal after `#`).
public sealed interface Identities {
    record Good(Identity identity) implements Identities {}

    /// @param why a message's middle: "is …"
    record Bad(String why) implements Identities {}

    static Identities parse(String text) {
        if (text.isEmpty()
                || text.equals("%any")
                || text.equals("%any6")
                || text.equals("*")
                || text.equals("0.0.0.0")
                || text.equals("::")
                || text.equals("0::0")) {
            return new Good(Identity.ANY);
        }
        if (text.startsWith("^") && text.endsWith("$")) {
            return new Bad("is a pattern; patterns are not supported in this release");
        }
        if (text.startsWith("%")) {
            return new Bad("is no identity; write an address, @name, user@name or %any");
        }
        Optional<Identities> typed = typed(text);
        if (typed.isPresent()) {
            return typed.get();
        }
        if (text.indexOf('=') >= 0) {
            return DistinguishedName.encode(text)
                    .<Identities>map(der -> new Good(new Identity(Type.DER_ASN1_DN, der)))
                    .orElse(
                            new Bad(
                                    "is no distinguished name; write e.g. C=CH, O=example,"
                                            + " CN=moon"));
        }
        if (text.startsWith("@#")) {
            return hex(Type.KEY_ID, text.substring(2));
        }
        if (text.startsWith("@@")) {
            return of(Type.USER_FQDN, text.substring(2));
        }
        if (text.startsWith("@")) {
            return of(Type.FQDN, text.substring(1));
        }
        if (text.indexOf('@') >= 0) {
            return of(Type.USER_FQDN, text);
        }
        Optional<Identity> address = IpAddress.parse(text).map(Identity::of);
        if (address.isPresent()) {
            return new Good(address.get());
        }
        if (text.matches("[0-9.]+")) {
            return new Bad("is no IPv4 address (for a name of digits write @" + text + ")");
        }
        return of(text.indexOf(':') >= 0 ? Type.KEY_ID : Type.FQDN, text);
    }

    private static Optional<Identities> typed(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String rest = text.substring(colon + 1);
        return switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "ipv4", "ipv6" -> Optional.of(address(rest));
            case "fqdn", "dns" -> Optional.of(hexOr(Type.FQDN, rest));
            case "email", "rfc822", "userfqdn" -> Optional.of(hexOr(Type.USER_FQDN, rest));
            case "keyid" -> Optional.of(hexOr(Type.KEY_ID, rest));
            case "asn1dn" -> Optional.of(der(Type.DER_ASN1_DN, rest));
            case "asn1gn" -> Optional.of(der(Type.DER_ASN1_GN, rest));
            case "xmppaddr", "ipv4net", "ipv6net", "ipv4range", "ipv6range" ->
                    Optional.of(new Bad("is of a type that is not supported in this release"));
            default -> Optional.empty();
        };
    }

    private static Identities address(String text) {
        return IpAddress.parse(text)
                .<Identities>map(a -> new Good(Identity.of(a)))
                .orElse(new Bad("is no address"));
    }

    private static Identities der(Type type, String text) {
        return text.startsWith("#")
                ? hex(type, text.substring(1))
                : new Bad("is not hexadecimal; write its DER octets behind '#'");
    }

    private static Identities hexOr(Type type, String text) {
        return text.startsWith("#") ? hex(type, text.substring(1)) : of(type, text);
    }

    private static Identities hex(Type type, String digits) {
        String pure = digits.replace(":", "");
        if (pure.length() % 2 != 0 || !pure.matches("[0-9a-fA-F]+")) {
            return new Bad("is not an even number of hexadecimal digits");
        }
        return new Good(new Identity(type, Octets.hex(pure)));
    }

    private static Identities of(Type type, String text) {
        return text.isEmpty()
                ? new Bad("is an empty name")
                : new Good(new Identity(type, Octets.utf8(text)));
    }
}

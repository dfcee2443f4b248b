package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.creds.der.DerWriter;
import java.util.Locale;
import java.util.Optional;

/// GeneralNames (RFC 5280, 4.2.1.6) as people write them: `moon.example.org`, `moon@example.org`,
/// `192.0.2.1`, `2001:db8::1`, `C=CH, CN=moon`, or with what they are in front, `dns:`, `email:`,
/// `ip:`, `uri:`, `dn:`.
public final class AltName {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int DIRECTORY = 4;
    private static final int URI = 6;
    private static final int IP = 7;

    private AltName() {}

    /// A name in DER; empty if it is none.
    public static Optional<Octets> of(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = text.substring(colon + 1).strip();
        return switch (kind) {
            case "dns", "fqdn" -> ascii(DNS, rest);
            case "email", "rfc822", "userfqdn" ->
                    rest.contains("@") ? ascii(EMAIL, rest) : Optional.empty();
            case "ip", "ipv4", "ipv6" ->
                    IpAddress.parse(rest).map(a -> DerWriter.implicit(IP, a.octets()));
            case "uri" -> ascii(URI, rest);
            case "dn", "asn1dn" -> directory(rest);
            default -> guessed(text.strip());
        };
    }

    private static Optional<Octets> guessed(String text) {
        Optional<IpAddress> address = IpAddress.parse(text);
        if (address.isPresent()) {
            return address.map(a -> DerWriter.implicit(IP, a.octets()));
        }
        if (text.contains("://")) {
            return ascii(URI, text);
        }
        if (text.contains("=")) {
            return directory(text);
        }
        return ascii(text.contains("@") ? EMAIL : DNS, text);
    }

    private static Optional<Octets> directory(String text) {
        return DistinguishedName.encode(text).map(name -> DerWriter.tagged(DIRECTORY, name));
    }

    private static Optional<Octets> ascii(int number, String text) {
        return text.matches("[!-~]+")
                ? Optional.of(DerWriter.implicit(number, Octets.ascii(text)))
                : Optional.empty();
    }

    public static Octets uri(String uri) {
        return DerWriter.implicit(URI, Octets.utf8(uri));
    }

    /// A subtree of name constraints (RFC 5280, 4.2.1.10): as a name, but a network instead of an
    /// address, and names below a domain without or with a dot in front.
    public static Optional<Octets> subtree(String text) {
        String rest = text.toLowerCase(Locale.ROOT).startsWith("ip:") ? text.substring(3) : text;
        Optional<IpPrefix> prefix = IpPrefix.parse(rest);
        if (prefix.isPresent() && rest.contains("/")) {
            int bits = prefix.get().length();
            byte[] mask = new byte[prefix.get().address().bits() / 8];
            for (int i = 0; i < bits; i++) {
                mask[i / 8] |= (byte) (0x80 >> i % 8);
            }
            return Optional.of(
                    DerWriter.implicit(
                            IP,
                            Octets.concat(prefix.get().address().octets(), Octets.owned(mask))));
        }
        return of(text);
    }
}

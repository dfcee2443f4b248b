package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.model.spec.Identity;
import java.util.Locale;

/// Whether an identity is the one that a configuration means.
public final class Identities {
    private Identities() {}

    /// Names compare without regard to case (RFC 4343 for FQDN) and may hold `*` where they are
    /// demanded; addresses may lie in a demanded range; all else is octet for octet.
    public static boolean matches(Identity wanted, Identity given) {
        return switch (wanted.type()) {
            case ANY -> true;
            case FQDN, USER_FQDN ->
                    wanted.type() == given.type()
                            && fits(
                                    wanted.data().text().toLowerCase(Locale.ROOT),
                                    given.data().text().toLowerCase(Locale.ROOT));
            case IPV4_ADDR_RANGE, IPV6_ADDR_RANGE ->
                    isAddress(given)
                            && half(wanted, 0).compareTo(given.data()) <= 0
                            && half(wanted, 1).compareTo(given.data()) >= 0
                            && half(wanted, 0).length() == given.data().length();
            case IPV4_ADDR_SUBNET, IPV6_ADDR_SUBNET -> isAddress(given) && inNet(wanted, given);
            default -> wanted.equals(given);
        };
    }

    private static boolean isAddress(Identity given) {
        return given.type() == Identity.Type.IPV4_ADDR || given.type() == Identity.Type.IPV6_ADDR;
    }

    private static Octets half(Identity pair, int which) {
        int octets = pair.data().length() / 2;
        return pair.data().slice(which * octets, (which + 1) * octets);
    }

    private static boolean inNet(Identity net, Identity given) {
        Octets mask = half(net, 1);
        if (mask.length() != given.data().length()) {
            return false;
        }
        for (int i = 0; i < mask.length(); i++) {
            if ((given.data().at(i) & mask.at(i)) != (net.data().at(i) & mask.at(i))) {
                return false;
            }
        }
        return true;
    }

    /// Parts between the stars in order, the first and the last at the ends; linear, whatever the
    /// peer sends.
    private static boolean fits(String pattern, String text) {
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return pattern.equals(text);
        }
        String last = parts[parts.length - 1];
        if (!text.startsWith(parts[0]) || text.length() < parts[0].length() + last.length()) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return text.endsWith(last) && at <= text.length() - last.length();
    }
}

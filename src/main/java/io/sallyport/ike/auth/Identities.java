package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.OwnKey;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Whether an identity is the one that a configuration means.
public final class Identities {
    private Identities() {}

    /// Names compare without regard to case (RFC 4343 for FQDN) and may hold `*` where they are
    /// demanded; so do distinguished names; addresses may lie in a demanded range; all else is
    /// octet for octet.
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
            case DER_ASN1_DN ->
                    given.type() == Identity.Type.DER_ASN1_DN
                            && DistinguishedName.matches(wanted.data(), given.data());
            case REGEX -> isLike(wanted.data().text(), given.toString());
            default -> wanted.equals(given);
        };
    }

    /// A pattern as strongSwan takes it. One that Java does not understand matches nobody, and
    /// neither does one that goes astray in what a peer calls itself.
    private static boolean isLike(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(new Finite(text)).find();
        } catch (PatternSyntaxException | Astray _) {
            return false;
        }
    }

    /// Text that can be read so often and no more: a pattern may take time that grows with 2 to the
    /// power of the text's length.
    private static final class Finite implements CharSequence {
        private static final int MOST_READS = 100_000;

        private final String text;
        private int reads;

        Finite(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++reads > MOST_READS) {
                throw new Astray();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class Astray extends RuntimeException {
        private static final long serialVersionUID = 1;

        Astray() {
            super("", null, false, false);
        }
    }

    /// Who we are where we sign by `key`. strongSwan: an end without an identity that has a
    /// certificate is its subject.
    ///
    /// @param asked who the peer takes us for, if it says so
    public static Identity own(
            AuthSpec.Pubkey round, Optional<Identity> asked, OwnKey key, Identity address) {
        if (!round.identity().isAny()) {
            return round.identity();
        }
        return key.subject().isAny() ? asked.orElse(address) : key.subject();
    }

    /// Whether this means one end and no other, so that it can be said to a peer.
    public static boolean isExact(Identity identity) {
        return switch (identity.type()) {
            case IPV4_ADDR, IPV6_ADDR, DER_ASN1_GN, KEY_ID -> true;
            case FQDN, USER_FQDN -> identity.data().text().indexOf('*') < 0;
            case DER_ASN1_DN -> !DistinguishedName.hasWildcard(identity.data());
            case ANY, NULL, REGEX -> false;
            case IPV4_ADDR_RANGE, IPV6_ADDR_RANGE, IPV4_ADDR_SUBNET, IPV6_ADDR_SUBNET -> false;
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

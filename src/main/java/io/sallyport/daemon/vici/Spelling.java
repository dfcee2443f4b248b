package io.sallyport.daemon.vici;

import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.model.spec.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// charon's words for what we call otherwise.
final class Spelling {
    private static final Set<String> IKE_STATES =
            Set.of(
                    "CREATED",
                    "CONNECTING",
                    "ESTABLISHED",
                    "PASSIVE",
                    "REKEYING",
                    "REKEYED",
                    "DELETING",
                    "DESTROYING");

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");

    private final ServiceNames services;

    Spelling(ServiceNames services) {
        this.services = services;
    }

    static String encryption(Encryption encryption) {
        return switch (encryption) {
            case TRIPLE_DES_CBC -> "3DES_CBC";
            case AES_GMAC -> "NULL_AES_GMAC";
            default -> encryption.name();
        };
    }

    static String integrity(Integrity integrity) {
        return integrity.name();
    }

    static String prf(Prf prf) {
        return "PRF_" + prf.name();
    }

    static String group(Group group) {
        return group.name();
    }

    /// Ours name each step of a negotiation; charon's is one word for them all.
    static String ikeState(String ours) {
        return IKE_STATES.contains(ours) ? ours : "CONNECTING";
    }

    static String childState(String ours) {
        return switch (ours) {
            case "ACTIVE" -> "INSTALLED";
            case "INBOUND" -> "INSTALLING";
            case "REPLACED" -> "REKEYED";
            default -> ours;
        };
    }

    /// `10.0.0.0/8[tcp/http]`: ranges with two dots, protocols and ports by the names of the host.
    String selector(TrafficSelector selector) {
        String addresses = addresses(selector.addresses());
        if (selector.protocol() == 0 && selector.ports().isAny()) {
            return addresses;
        }
        String protocol = selector.protocol() == 0 ? "0" : services.protocol(selector.protocol());
        if (selector.ports().isAny()) {
            return addresses + "[" + protocol + "]";
        }
        int first = selector.ports().first();
        int last = selector.ports().last();
        String ports =
                first == last ? services.port(selector.protocol(), first) : first + "-" + last;
        return addresses + "[" + protocol + "/" + ports + "]";
    }

    private static String addresses(IpRange range) {
        return range.prefix().map(Object::toString).orElse(range.first() + ".." + range.last());
    }

    /// An empty side is what negotiation makes of it.
    List<String> selectors(List<TrafficSelector> side) {
        return side.isEmpty() ? List.of("dynamic") : side.stream().map(this::selector).toList();
    }

    /// An identity as charon prints it; a key id as text where it is text.
    static String identity(Identity identity) {
        if (identity.type() != Identity.Type.KEY_ID) {
            return identity.toString();
        }
        String text = new String(identity.data().toArray(), StandardCharsets.ISO_8859_1);
        return PRINTABLE.matcher(text).matches()
                ? text
                : identity.data().hex().replaceAll("(..)(?!$)", "$1:");
    }
}

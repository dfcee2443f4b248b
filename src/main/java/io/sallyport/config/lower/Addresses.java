package io.sallyport.config.lower;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.model.spec.AddressSpec;
import java.util.Optional;

/// Where an end is: an address, a name, a network, a range, `%any`.
public final class Addresses {
    private static final String NAME =
            "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
                    + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\\.?";

    private Addresses() {}

    public static boolean isAny(String text) {
        return switch (text) {
            case "%any", "%any4", "%any6", "0.0.0.0", "::", "0::0" -> true;
            default -> false;
        };
    }

    /// Empty for what is none of them.
    public static Optional<AddressSpec> parse(String text) {
        if (isAny(text)) {
            return Optional.of(new AddressSpec.Any());
        }
        Optional<IpAddress> address = IpAddress.parse(text);
        if (address.isPresent()) {
            return Optional.of(new AddressSpec.Fixed(address.get()));
        }
        Optional<IpRange> range = range(text);
        if (range.isPresent()) {
            return Optional.of(new AddressSpec.Within(range.get()));
        }
        return isName(text) ? Optional.of(new AddressSpec.Named(text)) : Optional.empty();
    }

    /// A network or a range.
    public static Optional<IpRange> range(String text) {
        Optional<IpPrefix> prefix = IpPrefix.parse(text);
        if (prefix.isPresent()) {
            return prefix.map(IpRange::of);
        }
        int dash = text.indexOf('-');
        if (dash <= 0) {
            return Optional.empty();
        }
        Optional<IpAddress> first = IpAddress.parse(text.substring(0, dash).strip());
        Optional<IpAddress> last = IpAddress.parse(text.substring(dash + 1).strip());
        return first.isPresent()
                        && last.isPresent()
                        && first.get().v6() == last.get().v6()
                        && first.get().compareTo(last.get()) <= 0
                ? Optional.of(new IpRange(first.get(), last.get()))
                : Optional.empty();
    }

    /// A host name (RFC 1123, 2.1); an address that is not well written is none.
    public static boolean isName(String text) {
        return !text.matches("[0-9.]+") && text.indexOf(':') < 0 && text.matches(NAME);
    }
}

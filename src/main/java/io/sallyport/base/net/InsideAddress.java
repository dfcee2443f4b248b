package io.sallyport.base.net;

import java.util.Optional;

/// An interface's own address with the length of its network, e.g. 169.254.23.6/30: unlike a prefix
/// it has host bits.
public record InsideAddress(IpAddress address, int length) {
    public InsideAddress {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " of " + address);
        }
    }

    public static Optional<InsideAddress> parse(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0 || address.isEmpty()) {
            return address.map(a -> new InsideAddress(a, a.bits()));
        }
        String digits = text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > address.get().bits()) {
            return Optional.empty();
        }
        return Optional.of(new InsideAddress(address.get(), Integer.parseInt(digits)));
    }

    public IpPrefix network() {
        return IpPrefix.containing(address, length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}

package io.sallyport.base.net;

import java.math.BigInteger;
import java.util.Optional;

/// A network: an address whose bits after `length` are zero.
public record IpPrefix(IpAddress address, int length) {
    public static final IpPrefix ALL4 = new IpPrefix(IpAddress.ANY4, 0);
    public static final IpPrefix ALL6 = new IpPrefix(IpAddress.ANY6, 0);

    public IpPrefix {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " of " + address);
        }
        if (!mask(address, length).equals(address)) {
            throw new IllegalArgumentException(address + "/" + length + " has host bits");
        }
    }

    /// The network of `length` bits that `address` lies in.
    public static IpPrefix containing(IpAddress address, int length) {
        return new IpPrefix(mask(address, length), length);
    }

    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.bits());
    }

    /// @throws IllegalArgumentException if `text` is not a prefix; for constants and tests
    public static IpPrefix of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a prefix: " + text));
    }

    /// `ADDRESS/LENGTH` without host bits, or an address alone.
    public static Optional<IpPrefix> parse(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int length = address.get().bits();
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > length) {
                return Optional.empty();
            }
            length = Integer.parseInt(digits);
        }
        return mask(address.get(), length).equals(address.get())
                ? Optional.of(new IpPrefix(address.get(), length))
                : Optional.empty();
    }

    private static IpAddress mask(IpAddress a, int length) {
        if (!a.v6()) {
            return IpAddress.v4(length == 0 ? 0 : (int) a.low() & -1 << 32 - length);
        }
        long high = length == 0 ? 0 : length >= 64 ? a.high() : a.high() & -1L << 64 - length;
        long low = length <= 64 ? 0 : length == 128 ? a.low() : a.low() & -1L << 128 - length;
        return new IpAddress(true, high, low);
    }

    public boolean contains(IpAddress other) {
        return other.v6() == address.v6() && mask(other, length).equals(address);
    }

    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    public IpAddress first() {
        return address;
    }

    public IpAddress last() {
        int host = address.bits() - length;
        if (!address.v6()) {
            return IpAddress.v4((int) address.low() | (host == 0 ? 0 : -1 >>> 32 - host));
        }
        long low = host == 0 ? 0 : host >= 64 ? -1L : -1L >>> 64 - host;
        long high = host <= 64 ? 0 : -1L >>> 128 - host;
        return new IpAddress(true, address.high() | high, address.low() | low);
    }

    /// How many addresses lie in it: 4,294,967,296 for 0.0.0.0/0 (S0-04).
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(address.bits() - length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}

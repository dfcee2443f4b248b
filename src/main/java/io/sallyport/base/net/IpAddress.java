package io.sallyport.base.net;

import io.sallyport.base.Octets;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;

/// An IPv4 or IPv6 address as a number: 32 bits in `low`, or 128 bits in `high` and `low`.
public record IpAddress(boolean v6, long high, long low) implements Comparable<IpAddress> {
    public static final IpAddress ANY4 = v4(0);
    public static final IpAddress ANY6 = new IpAddress(true, 0, 0);

    public IpAddress {
        if (!v6 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("not an IPv4 address: " + high + ", " + low);
        }
    }

    public static IpAddress v4(int bits) {
        return new IpAddress(false, 0, bits & 0xffffffffL);
    }

    /// 4 or 16 octets in network order.
    ///
    /// @throws IllegalArgumentException for any other length
    public static IpAddress ofOctets(Octets octets) {
        ByteBuffer in = octets.buffer();
        return switch (octets.length()) {
            case 4 -> v4(in.getInt());
            case 16 -> new IpAddress(true, in.getLong(), in.getLong());
            default ->
                    throw new IllegalArgumentException(
                            "an address of " + octets.length() + " octets");
        };
    }

    /// @throws IllegalArgumentException if `text` is not an address; for constants and tests
    public static IpAddress of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
    }

    /// An address literal, never a name: nothing is looked up.
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? parse6(text) : parse4(text).map(IpAddress::v4);
    }

    private static Optional<Integer> parse4(String text) {
        int bits = 0;
        int parts = 0;
        int digits = 0;
        int part = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0 || part > 255 || ++parts > 4) {
                    return Optional.empty();
                }
                bits = bits << 8 | part;
                digits = 0;
                part = 0;
            } else if (c >= '0' && c <= '9' && digits < 3 && !(digits > 0 && part == 0)) {
                part = part * 10 + (c - '0');
                digits++;
            } else {
                return Optional.empty();
            }
        }
        return parts == 4 ? Optional.of(bits) : Optional.empty();
    }

    private static Optional<IpAddress> parse6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, 8).map(IpAddress::ofGroups);
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        Optional<int[]> head = groups(text.substring(0, gap), -1);
        Optional<int[]> tail = groups(text.substring(gap + 2), -1);
        if (head.isEmpty() || tail.isEmpty() || head.get().length + tail.get().length > 7) {
            return Optional.empty();
        }
        int[] all = new int[8];
        System.arraycopy(head.get(), 0, all, 0, head.get().length);
        System.arraycopy(tail.get(), 0, all, 8 - tail.get().length, tail.get().length);
        return Optional.of(ofGroups(all));
    }

    /// Groups of 16 bits separated by colons, a dotted quad allowed at the end; `wanted` groups, or
    /// any number if -1.
    private static Optional<int[]> groups(String text, int wanted) {
        if (text.isEmpty()) {
            return wanted <= 0 ? Optional.of(new int[0]) : Optional.empty();
        }
        String[] parts = text.split(":", -1);
        boolean quad = parts[parts.length - 1].indexOf('.') >= 0;
        int count = parts.length + (quad ? 1 : 0);
        if (count > 8 || wanted >= 0 && count != wanted) {
            return Optional.empty();
        }
        int[] groups = new int[count];
        for (int i = 0; i < parts.length; i++) {
            if (quad && i == parts.length - 1) {
                Optional<Integer> bits = parse4(parts[i]);
                if (bits.isEmpty()) {
                    return Optional.empty();
                }
                groups[i] = bits.get() >>> 16;
                groups[i + 1] = bits.get() & 0xffff;
            } else if (parts[i].isEmpty() || parts[i].length() > 4) {
                return Optional.empty();
            } else {
                for (int k = 0; k < parts[i].length(); k++) {
                    int digit = Character.digit(parts[i].charAt(k), 16);
                    if (digit < 0 || parts[i].charAt(k) > 'f') {
                        return Optional.empty();
                    }
                    groups[i] = groups[i] << 4 | digit;
                }
            }
        }
        return Optional.of(groups);
    }

    private static IpAddress ofGroups(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + 4];
        }
        return new IpAddress(true, high, low);
    }

    /// 32 or 128.
    public int bits() {
        return v6 ? 128 : 32;
    }

    /// All zeros: 0.0.0.0 or `::`.
    public boolean isAny() {
        return high == 0 && low == 0;
    }

    /// The 32 bits of an IPv4 address.
    ///
    /// @throws IllegalStateException for an IPv6 address
    public int toInt() {
        if (v6) {
            throw new IllegalStateException(this + " is not IPv4");
        }
        return (int) low;
    }

    /// Network order, 4 or 16 octets.
    public Octets octets() {
        return v6
                ? Octets.owned(ByteBuffer.allocate(16).putLong(high).putLong(low).array())
                : Octets.ofInt((int) low);
    }

    public BigInteger number() {
        return new BigInteger(1, octets().toArray());
    }

    /// The next address; the highest one wraps to zero.
    public IpAddress next() {
        if (!v6) {
            return v4((int) low + 1);
        }
        return new IpAddress(true, low == -1 ? high + 1 : high, low + 1);
    }

    /// IPv4 before IPv6, then by number.
    @Override
    public int compareTo(IpAddress other) {
        if (v6 != other.v6) {
            return v6 ? 1 : -1;
        }
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /// Dotted quad, or the canonical text of RFC 5952.
    @Override
    public String toString() {
        if (!v6) {
            return (low >>> 24)
                    + "."
                    + (low >>> 16 & 0xff)
                    + "."
                    + (low >>> 8 & 0xff)
                    + "."
                    + (low & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> 48 - 16 * (i % 4)) & 0xffff;
        }
        // RFC 5952, 4.2: "::" replaces the longest run of two or more zero groups, the first of
        // equals.
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > bestLength) {
                best = i;
                bestLength = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}

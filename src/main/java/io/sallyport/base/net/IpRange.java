package io.sallyport.base.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Addresses from `first` to `last`, both included, of one family.
public record IpRange(IpAddress first, IpAddress last) {
    public IpRange {
        if (first.v6() != last.v6() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("no range: " + first + "-" + last);
        }
    }

    public static IpRange of(IpPrefix prefix) {
        return new IpRange(prefix.first(), prefix.last());
    }

    /// Whether it is one address.
    public boolean isOne() {
        return first.equals(last);
    }

    public boolean contains(IpAddress a) {
        return a.v6() == first.v6() && first.compareTo(a) <= 0 && a.compareTo(last) <= 0;
    }

    public boolean contains(IpRange other) {
        return contains(other.first) && contains(other.last);
    }

    public Optional<IpRange> intersect(IpRange other) {
        if (first.v6() != other.first.v6()) {
            return Optional.empty();
        }
        IpAddress from = first.compareTo(other.first) >= 0 ? first : other.first;
        IpAddress to = last.compareTo(other.last) <= 0 ? last : other.last;
        return from.compareTo(to) <= 0 ? Optional.of(new IpRange(from, to)) : Optional.empty();
    }

    /// Bits that all its addresses begin with.
    public int commonBits() {
        if (!first.v6()) {
            return Long.numberOfLeadingZeros(first.low() ^ last.low()) - 32;
        }
        int high = Long.numberOfLeadingZeros(first.high() ^ last.high());
        return high < 64 ? high : 64 + Long.numberOfLeadingZeros(first.low() ^ last.low());
    }

    /// This range as one prefix, where it is one.
    public Optional<IpPrefix> prefix() {
        for (int length = 0; length <= first.bits(); length++) {
            IpPrefix candidate = IpPrefix.containing(first, length);
            if (candidate.first().equals(first) && candidate.last().equals(last)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /// The fewest prefixes that are this range: routes and the kernel's policies know prefixes
    /// only. In ascending order, without overlap; at most 2 * bits - 2 of them.
    public List<IpPrefix> prefixes() {
        List<IpPrefix> prefixes = new ArrayList<>();
        IpAddress at = first;
        while (true) {
            IpPrefix largest = largest(at);
            prefixes.add(largest);
            if (largest.last().equals(last)) {
                return prefixes;
            }
            at = largest.last().next();
        }
    }

    /// The largest prefix that begins at `from` and does not pass the end.
    private IpPrefix largest(IpAddress from) {
        for (int length = 0; length < from.bits(); length++) {
            IpPrefix candidate = IpPrefix.containing(from, length);
            if (candidate.first().equals(from) && candidate.last().compareTo(last) <= 0) {
                return candidate;
            }
        }
        return IpPrefix.host(from);
    }

    @Override
    public String toString() {
        return prefix().map(IpPrefix::toString).orElse(first + "-" + last);
    }
}

package io.sallyport.base.net;

import java.util.Optional;

/// Ports from `first` to `last`, both included, 0..65535.
public record PortRange(int first, int last) {
    public static final PortRange ANY = new PortRange(0, 65535);

    public PortRange {
        if (first < 0 || last > 65535 || first > last) {
            throw new IllegalArgumentException("no port range: " + first + "-" + last);
        }
    }

    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    /// Bits that all its ports begin with, 0..16.
    public int commonBits() {
        return Integer.numberOfLeadingZeros(first ^ last) - 16;
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    public boolean contains(PortRange other) {
        return first <= other.first && other.last <= last;
    }

    public Optional<PortRange> intersect(PortRange other) {
        int from = Math.max(first, other.first);
        int to = Math.min(last, other.last);
        return from <= to ? Optional.of(new PortRange(from, to)) : Optional.empty();
    }

    public boolean isAny() {
        return equals(ANY);
    }

    @Override
    public String toString() {
        return isAny() ? "any" : first == last ? "" + first : first + "-" + last;
    }
}

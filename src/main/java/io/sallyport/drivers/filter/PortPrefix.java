package io.sallyport.drivers.filter;

import io.sallyport.base.net.PortRange;
import java.util.ArrayList;
import java.util.List;

/// The ports whose first `length` bits, 0..16, are those of `port`.
public record PortPrefix(int port, int length) {
    public static final PortPrefix ALL = new PortPrefix(0, 0);

    private static final int BITS = 16;

    public PortPrefix {
        if (length < 0 || length > BITS || (port & ~mask(length)) != 0) {
            throw new IllegalArgumentException(port + "/" + length);
        }
    }

    int mask() {
        return mask(length);
    }

    private static int mask(int length) {
        return 0xffff << BITS - length & 0xffff;
    }

    /// The fewest prefixes that are the range, from the first port on.
    public static List<PortPrefix> of(PortRange range) {
        List<PortPrefix> all = new ArrayList<>();
        int at = range.first();
        while (at <= range.last()) {
            int bits = Math.min(BITS, at == 0 ? BITS : Integer.numberOfTrailingZeros(at));
            while (at + (1 << bits) - 1 > range.last()) {
                bits--;
            }
            all.add(new PortPrefix(at, BITS - bits));
            at += 1 << bits;
        }
        return all;
    }
}

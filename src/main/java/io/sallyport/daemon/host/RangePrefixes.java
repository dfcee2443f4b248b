package io.sallyport.daemon.host;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import java.util.ArrayList;
import java.util.List;

/// A range of addresses as the fewest prefixes: routes know prefixes only.
public final class RangePrefixes {
    private RangePrefixes() {}

    /// In ascending order, without overlap; at most 2 * bits - 2 of them.
    public static List<IpPrefix> of(IpRange range) {
        List<IpPrefix> prefixes = new ArrayList<>();
        IpAddress at = range.first();
        while (true) {
            IpPrefix largest = largest(at, range.last());
            prefixes.add(largest);
            if (largest.last().equals(range.last())) {
                return prefixes;
            }
            at = largest.last().next();
        }
    }

    /// The largest prefix that begins at `from` and does not pass `last`.
    private static IpPrefix largest(IpAddress from, IpAddress last) {
        for (int length = 0; length < from.bits(); length++) {
            IpPrefix candidate = IpPrefix.containing(from, length);
            if (candidate.first().equals(from) && candidate.last().compareTo(last) <= 0) {
                return candidate;
            }
        }
        return IpPrefix.host(from);
    }
}

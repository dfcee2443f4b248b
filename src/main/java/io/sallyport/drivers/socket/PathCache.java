package io.sallyport.drivers.socket;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import org.jspecify.annotations.Nullable;

/// Paths by their addresses and ports, so that a known peer's packet allocates nothing. Bounded:
/// sets of four entries, the oldest of a set gives way; whoever forges addresses costs us garbage,
/// never memory.
public final class PathCache {
    private static final int WAYS = 4;

    private final boolean v6;
    private final @Nullable Path[] paths;
    private final byte[] oldest;
    private final int mask;

    /// @param sets a power of two
    public PathCache(boolean v6, int sets) {
        if (Integer.bitCount(sets) != 1) {
            throw new IllegalArgumentException("sets " + sets);
        }
        this.v6 = v6;
        this.paths = new Path[sets * WAYS];
        this.oldest = new byte[sets];
        this.mask = sets - 1;
    }

    /// The path between these ends: numbers as [IpAddress] holds them, ports 0..65535.
    public Path path(
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        long mixed = (remoteHigh * 31 + remoteLow) * 31 + localHigh + localLow * 17;
        mixed = (mixed + remotePort * 65599L + localPort) * 0x9e3779b97f4a7c15L;
        int set = (int) (mixed >>> 40) & mask;
        for (int i = set * WAYS; i < set * WAYS + WAYS; i++) {
            Path known = paths[i];
            if (known != null
                    && is(known.remote(), remoteHigh, remoteLow, remotePort)
                    && is(known.local(), localHigh, localLow, localPort)) {
                return known;
            }
        }
        Path fresh =
                new Path(
                        new Endpoint(new IpAddress(v6, localHigh, localLow), localPort),
                        new Endpoint(new IpAddress(v6, remoteHigh, remoteLow), remotePort));
        paths[set * WAYS + oldest[set]] = fresh;
        oldest[set] = (byte) ((oldest[set] + 1) % WAYS);
        return fresh;
    }

    private static boolean is(Endpoint end, long high, long low, int port) {
        return end.port() == port && end.address().low() == low && end.address().high() == high;
    }
}

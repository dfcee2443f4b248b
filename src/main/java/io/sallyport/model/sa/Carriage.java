package io.sallyport.model.sa;

import io.sallyport.base.net.Path;

/// How the packets of an SA travel: `udp` inside UDP along `path` (RFC 3948), or inside TCP where
/// that is such a path (RFC 9329), else as protocol 50 between its addresses.
public record Carriage(Path path, boolean udp) {
    public Carriage {
        if (path.tcp() && !udp) {
            throw new IllegalArgumentException("protocol 50 along " + path);
        }
    }

    /// Inside a TCP connection.
    public boolean tcp() {
        return path.tcp();
    }
}

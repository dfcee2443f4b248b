package io.sallyport.model.sa;

import io.sallyport.base.net.Path;

/// How the packets of an SA travel: `udp` inside UDP along `path` (RFC 3948), else as protocol 50
/// between its addresses.
public record Carriage(Path path, boolean udp) {}

package io.sallyport.ike.sa;

import io.sallyport.base.net.Path;

/// Makes initiator sessions of the version that a connection speaks, and enters them into the
/// engine's table.
public interface SessionFactory {
    IkeSession initiate(Connection connection, Path path, long now);
}

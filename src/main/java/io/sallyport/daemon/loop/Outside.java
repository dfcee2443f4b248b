package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;

/// What the [IkeLoop] does in the world besides the data plane; called on its thread only. The
/// daemon's is made of sockets; tests put a wire in memory in its place.
public interface Outside {
    /// Sends an ISAKMP message from the path's local end; behind the non-ESP marker unless that is
    /// port 500.
    void send(Path path, Octets message);

    /// The same, as one datagram that nobody may cut.
    default void sendWhole(Path path, Octets message) {
        send(path, message);
    }

    /// Opens a TCP connection, and keeps it open: answered by `Input.TcpUp`, each time it stands.
    default void dial(Path path) {}

    /// The engine is about to be told that a connection which it asked for stands, or does not:
    /// what it has sent before and needs, it sends again then.
    default void dialled(Path path, boolean stands) {}

    /// The peer's TCP connection may stay.
    default void keepTcp(Path path) {}

    /// A TCP connection is of no use any more.
    default void hangUp(Path path) {}

    /// What became of a probe of a path.
    default void probed(Path path, int octets, boolean passed) {}

    /// The engine has handled a message that came; nobody has said yet that it is authentic.
    default void heard(Octets message) {}

    /// Sends the one octet of RFC 3948, 2.3.
    void keepalive(Path path);

    /// Finds both addresses of a connection; answers with `Input.Resolved`, now or later.
    void resolve(Output.Resolve wanted);

    /// An SA is about to be installed: its policy must stand.
    void installing(ChildSa sa);

    /// An SA was removed, whether or not it was ever told to be established.
    void removed(long id);

    void tell(Event event);

    /// A turn of the loop ends: what was put off may be done.
    ///
    /// @return nanoseconds until there is something to do; [Long#MAX_VALUE]: nothing waits
    default long catchUp() {
        return Long.MAX_VALUE;
    }
}

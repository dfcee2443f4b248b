package io.sallyport.ike.v2.task;

import io.sallyport.base.net.Path;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ChildSpec;

/// What a task stands on: the IKE SA that it runs under.
public interface Ground {
    EngineContext context();

    Connection connection();

    IkeSession session();

    Path path();

    /// Whether ESP goes in UDP: a NAT is between us, or the configuration wants it so.
    boolean isUdp();

    Ikev2Keys keys();

    IkeSuite suite();

    /// This child SA belongs to this IKE SA from now on.
    void take(long childSaId);

    /// The peer has a child SA that we asked for by `ourSpi` and do not take: it is told.
    void disown(ChildSpec child, int ourSpi, long now);

    /// Another IKE SA with these keys takes this one's place (RFC 7296, 1.3.2).
    void succeed(Succession heir, long now);

    /// Our own attempt at that came to nothing.
    void notSucceeded(long now);

    /// A failure that names the peer and the line of configuration.
    Failure failure(Cause cause, String exchange, String reason, String ours, String theirs);

    /// The same, of no kind.
    default Failure failure(String exchange, String reason, String ours, String theirs) {
        return failure(Cause.OTHER, exchange, reason, ours, theirs);
    }
}

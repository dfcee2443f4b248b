package io.sallyport.ike.v1;

import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;

/// What one quick mode is about, from its first message to its last.
///
/// @param initiator whether we began it
record QuickFacts(
        EngineContext context,
        V1Session session,
        PhaseTwo phaseTwo,
        Protection protection,
        int messageId,
        boolean initiator,
        long startedAt) {
    /// Whom the peer means may show with its first message.
    Connection connection() {
        return session.connection();
    }

    /// Whether the SAs travel in UDP, because addresses change on the path.
    boolean isUdp() {
        return phaseTwo.facts().nat().any();
    }
}

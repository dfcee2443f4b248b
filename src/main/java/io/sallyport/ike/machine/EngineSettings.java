package io.sallyport.ike.machine;

import io.sallyport.model.spec.RetransmitSpec;
import java.time.Duration;

/// Numbers that hold for the whole engine.
///
/// @param halfOpenTimeout a responder's main mode that is not done by then is forgotten
/// @param halfOpenLimit half-open responder SAs in all
/// @param halfOpenPerPeer half-open responder SAs of one address
/// @param cookieInAll IKEv2: from so many half-open SAs in all a cookie is demanded (RFC 7296, 2.6)
/// @param cookiePerPeer the same for those of one address
/// @param handover make before break: how long an SA that was replaced goes on beside its successor
/// @param keepalive how often the end behind a NAT keeps its binding open (RFC 3948, 4)
/// @param exportKeys tell [io.sallyport.model.event.Event.IkeKeysForExport]
public record EngineSettings(
        RetransmitSpec retransmit,
        Duration halfOpenTimeout,
        int halfOpenLimit,
        int halfOpenPerPeer,
        int cookieInAll,
        int cookiePerPeer,
        Duration handover,
        Duration keepalive,
        boolean exportKeys) {
    public static final EngineSettings DEFAULT =
            new EngineSettings(
                    RetransmitSpec.DEFAULT,
                    Duration.ofSeconds(30),
                    1000,
                    10,
                    30,
                    3,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20),
                    false);

    /// Longer than a peer like us asks for an answer that is lost again and again.
    public long patienceNanos() {
        return retransmit.most().toNanos() * (retransmit.tries() + 1L);
    }

    public EngineSettings withExportKeys(boolean on) {
        return new EngineSettings(
                retransmit,
                halfOpenTimeout,
                halfOpenLimit,
                halfOpenPerPeer,
                cookieInAll,
                cookiePerPeer,
                handover,
                keepalive,
                on);
    }

    public EngineSettings withRetransmit(RetransmitSpec spec) {
        return new EngineSettings(
                spec,
                halfOpenTimeout,
                halfOpenLimit,
                halfOpenPerPeer,
                cookieInAll,
                cookiePerPeer,
                handover,
                keepalive,
                exportKeys);
    }
}

package io.sallyport.model.command;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import java.util.List;

/// An IKE SA as shown to people. Times are monotonic nanoseconds of the host's clock.
///
/// @param state e.g. `ESTABLISHED`, `MAIN-1 SENT`
/// @param rttNanos of the last answered DPD; -1: unknown
/// @param lastHeardNanos when the peer last proved to be alive
public record IkeSaView(
        String connection,
        Keys keys,
        Path path,
        String state,
        Times times,
        Peer peer,
        Vips vips,
        List<ChildSaView> children) {
    public IkeSaView {
        children = List.copyOf(children);
    }

    /// Virtual addresses: those that the peer lends us, and those that we lend it.
    public record Vips(List<IpAddress> local, List<IpAddress> remote) {
        public static final Vips NONE = new Vips(List.of(), List.of());

        public Vips {
            local = List.copyOf(local);
            remote = List.copyOf(remote);
        }
    }

    /// Without virtual addresses.
    public IkeSaView(
            String connection,
            Keys keys,
            Path path,
            String state,
            Times times,
            Peer peer,
            List<ChildSaView> children) {
        this(connection, keys, path, state, times, peer, Vips.NONE, children);
    }

    public IkeSaView with(Vips other) {
        return new IkeSaView(connection, keys, path, state, times, peer, other, children);
    }

    /// What names and protects it.
    public record Keys(
            String initiatorSpi,
            String responderSpi,
            String suite,
            boolean initiator,
            String version) {}

    /// When it was born, when it is rekeyed (`Long.MAX_VALUE`: never) and when it ends.
    public record Times(long establishedNanos, long rekeyNanos, long expiryNanos) {}

    /// What is known of the peer.
    public record Peer(
            String localId,
            String remoteId,
            boolean natLocal,
            boolean natRemote,
            long lastHeardNanos,
            long rttNanos) {}
}

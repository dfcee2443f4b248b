package io.sallyport.model.spec;

import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.model.spec.ike.PathSpec;
import java.time.Duration;
import java.util.List;

/// How the IKE SA of a connection is negotiated and kept.
///
/// @param reauth after so long, less the lifetime's fuzz, an IKEv2 SA is made anew with
///   authentication; zero: never. IKEv1 authenticates with every rekeying anyway.
public record IkeSpec(
        IkeVersion version,
        List<IkeProposal> proposals,
        LifetimeSpec lifetime,
        Duration reauth,
        DpdSpec dpd,
        HandshakeSpec handshake,
        PathSpec path) {
    public IkeSpec {
        proposals = List.copyOf(proposals);
    }

    /// @param after zero: never
    public IkeSpec reauthenticated(Duration after) {
        return new IkeSpec(version, proposals, lifetime, after, dpd, handshake, path);
    }

    /// Without the themes that seldom differ.
    public IkeSpec(
            IkeVersion version,
            List<IkeProposal> proposals,
            LifetimeSpec lifetime,
            DpdSpec dpd,
            int keyingTries,
            boolean forceEncapsulation,
            boolean unique) {
        this(
                version,
                proposals,
                lifetime,
                Duration.ZERO,
                dpd,
                HandshakeSpec.DEFAULT
                        .tries(keyingTries)
                        .unique(unique ? HandshakeSpec.Unique.REPLACE : HandshakeSpec.Unique.NO),
                new PathSpec(
                        version != IkeVersion.IKEV1,
                        PathSpec.Fragmentation.YES,
                        forceEncapsulation,
                        0));
    }

    /// Attempts before giving up; 0: for ever.
    public int keyingTries() {
        return handshake.keyingTries();
    }

    /// ESP in UDP even where no NAT is seen.
    public boolean forceEncapsulation() {
        return path.forceEncapsulation();
    }

    /// Whether a new IKE SA with the same identities replaces an old one.
    public boolean unique() {
        return handshake.unique() == HandshakeSpec.Unique.REPLACE;
    }
}

package io.sallyport.model.spec;

import io.sallyport.crypto.suite.IkeProposal;
import java.util.List;

/// How the IKE SA of a connection is negotiated and kept.
///
/// @param keyingTries attempts before giving up; 0: for ever
/// @param forceEncapsulation ESP in UDP even where no NAT is seen
/// @param unique whether a new IKE SA with the same identities replaces an old one
public record IkeSpec(
        IkeVersion version,
        List<IkeProposal> proposals,
        LifetimeSpec lifetime,
        DpdSpec dpd,
        int keyingTries,
        boolean forceEncapsulation,
        boolean unique) {
    public IkeSpec {
        proposals = List.copyOf(proposals);
    }
}

package io.sallyport.ipsec.pipeline;

import io.sallyport.base.net.Path;

/// Called by the inbound worker when the newest authentic packet of an SA that travels in UDP came
/// from another address or port than the SA sends to (RFC 3948: a NAT gave a new mapping): at most
/// once a second for each SA, until [io.sallyport.model.port.IpsecBackend#move]. Must not block;
/// puts the news in a mailbox.
@FunctionalInterface
public interface PeerMoved {
    /// @param path as the packet came: our end is `local`
    void peerMoved(long childSaId, Path path);
}

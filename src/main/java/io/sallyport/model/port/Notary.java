package io.sallyport.model.port;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.TlsEnd;
import io.sallyport.model.trust.Verdict;

/// What private keys and certificates are asked that takes time: called off every loop, by any
/// thread. All of it may wait for servers, but for `sign`, which may wait for a token.
public interface Notary {
    /// Whether `key` is on a token: then its signatures are waited for rather than computed.
    default boolean waitsToSign(Octets key) {
        return false;
    }

    /// @param key an [io.sallyport.model.trust.OwnKey#id]
    /// @param scheme one of its schemes
    /// @param data what is signed
    /// @throws CannotSign if the key is gone by now, is of another kind, or its holder refuses
    Octets sign(Octets key, SignatureScheme scheme, Octets data) throws CannotSign;

    /// Begins TLS as one end of it; what is to be shown and demanded is found when it goes on.
    default TlsConversation tls(TlsEnd end) {
        return TlsConversation.NOTHING;
    }

    /// Judges by the clock of now. Never throws for what the peer sent.
    Verdict judge(PeerProof proof);
}

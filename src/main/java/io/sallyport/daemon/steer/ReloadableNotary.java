package io.sallyport.daemon.steer;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Notary;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.TlsEnd;
import io.sallyport.model.trust.Verdict;
import java.util.List;

/// Signs and judges by the configuration that is loaded now; before there is one, nothing. Any
/// thread.
public final class ReloadableNotary implements Notary {
    private static final Notary NOBODY =
            new Notary() {
                @Override
                public Octets sign(Octets key, SignatureScheme scheme, Octets data)
                        throws CannotSign {
                    throw new CannotSign("no private key is loaded");
                }

                @Override
                public Verdict judge(PeerProof proof) {
                    return new Verdict.Refused(
                            Verdict.Reason.NO_KEY, "no certificate is trusted", List.of());
                }
            };

    private volatile Notary now = NOBODY;

    public void replace(Notary loaded) {
        now = loaded;
    }

    @Override
    public boolean waitsToSign(Octets key) {
        return now.waitsToSign(key);
    }

    @Override
    public Octets sign(Octets key, SignatureScheme scheme, Octets data) throws CannotSign {
        return now.sign(key, scheme, data);
    }

    @Override
    public TlsConversation tls(TlsEnd end) {
        return now.tls(end);
    }

    @Override
    public Verdict judge(PeerProof proof) {
        return now.judge(proof);
    }
}

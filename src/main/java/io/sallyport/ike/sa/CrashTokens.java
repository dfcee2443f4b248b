package io.sallyport.ike.sa;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Prf;
import java.util.Optional;

/// What shows a peer that we forgot an IKE SA, after a crash (RFC 6290):
///
/// ```text
///  token = prf(secret, SPIi | SPIr)
/// ```
///
/// The secret outlives us. While the SA stands its token is said under it alone; in clear it is
/// said only to who asks for an SA that is not here. Whoever had it before that could end the SA.
public final class CrashTokens {
    private CrashTokens() {}

    /// Empty: we have no secret that outlives us.
    public static Optional<Octets> of(EngineContext context, long spiI, long spiR) {
        return context.credentials()
                .crashSecret()
                .map(key -> {
                    try (Secret secret = key) {
                        return context.crypto()
                                .prf(Prf.HMAC_SHA2_256)
                                .hash(secret, Octets.ofLong(spiI), Octets.ofLong(spiR));
                    }
                });
    }
}

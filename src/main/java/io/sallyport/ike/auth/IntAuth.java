package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.PayloadType;

/// What AUTH covers of IKE_INTERMEDIATE (RFC 9242, 3.3.2): the messages of both ends, whether they
/// were whole or in fragments on the wire.
///
/// ```text
///  IntAuth_i1 = prf(SK_pi1,              IntAuth_i1A | IntAuth_i1P)
///  IntAuth_i2 = prf(SK_pi2, IntAuth_i1 | IntAuth_i2A | IntAuth_i2P)     and so on; the same with r
///  IntAuth    = IntAuth_iN | IntAuth_rN | IKE_AUTH_MID
///
///  A: the IKE header and the header of SK, both lengths as if there were no IV, padding and ICV
///  P: the payloads inside SK
/// ```
public final class IntAuth {
    private static final int GENERIC = 4;
    private static final int FLAG_INITIATOR = 0x08;
    private static final int FLAG_RESPONSE = 0x20;

    private final long spiI;
    private final long spiR;
    private Octets ofInitiator = Octets.EMPTY;
    private Octets ofResponder = Octets.EMPTY;

    public IntAuth(long spiI, long spiR) {
        this.spiI = spiI;
        this.spiR = spiR;
    }

    /// One more message.
    ///
    /// @param proofKey SK_pi or SK_pr of the keys that sealed it
    /// @param firstPayload type of the first payload inside; 0: there is none
    /// @param inner the payloads inside
    public void add(
            PrfFunction prf,
            Secret proofKey,
            boolean byInitiator,
            int messageId,
            int firstPayload,
            Octets inner) {
        Octets header =
                new IkeHeader(
                                spiI,
                                spiR,
                                PayloadType.ENCRYPTED,
                                2,
                                0,
                                ExchangeType.IKE_INTERMEDIATE,
                                byInitiator ? FLAG_INITIATOR : FLAG_RESPONSE,
                                messageId,
                                IkeHeader.LENGTH + GENERIC + inner.length())
                        .emit();
        Octets sk =
                new Writer(GENERIC).u8(firstPayload).u8(0).u16(GENERIC + inner.length()).toOctets();
        Octets before = byInitiator ? ofInitiator : ofResponder;
        Octets now = prf.hash(proofKey, Octets.concat(before, header, sk, inner));
        if (byInitiator) {
            ofInitiator = now;
        } else {
            ofResponder = now;
        }
    }

    /// @param authMessageId message ID of the first IKE_AUTH
    /// @return empty if there was no IKE_INTERMEDIATE
    public Octets with(int authMessageId) {
        return ofInitiator.isEmpty()
                ? Octets.EMPTY
                : Octets.concat(ofInitiator, ofResponder, Octets.ofInt(authMessageId));
    }
}

package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.List;

/// An IKEv1 message in the clear. An encrypted one is a header, and a [PayloadChain] once opened.
public record Message(IkeHeader header, PayloadChain chain) {
    /// @throws MalformedException also if the message is encrypted, or goes on behind its payloads
    public static Message parse(Octets octets) throws MalformedException {
        IkeHeader header = IkeHeader.parse(octets);
        if (header.encrypted()) {
            throw new MalformedException("encrypted where clear was expected", 19);
        }
        PayloadChain chain = PayloadChain.parse(header.nextPayload(), octets, IkeHeader.LENGTH);
        if (IkeHeader.LENGTH + chain.length() != octets.length()) {
            throw new MalformedException(
                    "octets behind the last payload", IkeHeader.LENGTH + chain.length());
        }
        return new Message(header, chain);
    }

    /// A whole message of version 1.0 without flags.
    ///
    /// @param exchangeType [ExchangeType]
    /// @param messageId 0 in phase 1
    public static Octets emit(
            long initiatorSpi,
            long responderSpi,
            int exchangeType,
            int messageId,
            List<Payload> payloads) {
        Octets body = PayloadChain.emit(payloads);
        IkeHeader header =
                new IkeHeader(
                        initiatorSpi,
                        responderSpi,
                        PayloadChain.firstType(payloads),
                        1,
                        0,
                        exchangeType,
                        0,
                        messageId,
                        IkeHeader.LENGTH + body.length());
        return Octets.concat(header.emit(), body);
    }
}

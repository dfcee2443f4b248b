package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.List;
import java.util.Optional;

/// An IKEv2 message as it came: payloads in the clear, and at most one encrypted payload at the
/// end.
///
/// @param octets the whole message, without non-ESP marker
public record Message(IkeHeader header, PayloadChain chain, Octets octets) {
    /// The major version of IKEv2.
    public static final int MAJOR_VERSION = 2;

    /// @throws MalformedException also if the message is of another major version, or goes on
    ///   behind its payloads
    public static Message parse(Octets octets) throws MalformedException {
        IkeHeader header = IkeHeader.parse(octets);
        if (header.majorVersion() != MAJOR_VERSION) {
            throw new MalformedException("major version " + header.majorVersion(), 17);
        }
        PayloadChain chain = PayloadChain.parse(header.nextPayload(), octets, IkeHeader.LENGTH);
        if (IkeHeader.LENGTH + chain.length() != octets.length()) {
            throw new MalformedException(
                    "octets behind the last payload", IkeHeader.LENGTH + chain.length());
        }
        return new Message(header, chain, octets);
    }

    /// SK, if the message has one.
    public Optional<Encrypted> encrypted() {
        return chain.first(Encrypted.class);
    }

    /// SKF, if the message has one.
    public Optional<EncryptedFragment> fragment() {
        return chain.first(EncryptedFragment.class);
    }

    /// What an AEAD covers besides the ciphertext: from the first octet of the message to just
    /// before the IV (RFC 5282, 5.1; RFC 7383, 2.5: with the fragment numbers). Empty if nothing is
    /// encrypted.
    public Optional<Octets> associatedData() {
        if (chain.entries().isEmpty()) {
            return Optional.empty();
        }
        PayloadChain.Entry last = chain.entries().getLast();
        return switch (last.payload()) {
            case Encrypted _ -> Optional.of(octets.slice(0, last.at()));
            case EncryptedFragment _ ->
                    Optional.of(octets.slice(0, last.at() + EncryptedFragment.NUMBERS));
            default -> Optional.empty();
        };
    }

    /// A whole message of version 2.0.
    ///
    /// @param exchangeType [ExchangeType]
    /// @param fromInitiator whether we are the original initiator of the IKE SA
    /// @param response whether it answers a request
    public static Octets emit(
            long initiatorSpi,
            long responderSpi,
            int exchangeType,
            boolean fromInitiator,
            boolean response,
            int messageId,
            List<Payload> payloads) {
        Octets body = PayloadChain.emit(payloads);
        IkeHeader header =
                new IkeHeader(
                        initiatorSpi,
                        responderSpi,
                        PayloadChain.firstType(payloads),
                        MAJOR_VERSION,
                        0,
                        exchangeType,
                        (fromInitiator ? IkeHeader.FLAG_INITIATOR : 0)
                                | (response ? IkeHeader.FLAG_RESPONSE : 0),
                        messageId,
                        IkeHeader.LENGTH + body.length());
        return Octets.concat(header.emit(), body);
    }
}

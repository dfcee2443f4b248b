package io.sallyport.sim;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The window of one of IKEv2, seen from the wire (RFC 7296, 2.3): nobody sends request n + 1 of an
/// IKE SA before the answer to n has come. It holds at each datagram, however bad the network: who
/// takes an answer for another's breaks it at once.
final class Turns {
    /// The highest answer that has come to this gateway, by IKE SA.
    private final Map<Long, Integer> answered = new HashMap<>();

    /// @throws Violation it was not its turn
    void sends(String gateway, Octets datagram) {
        second(datagram)
                .filter(h -> !h.response() && h.messageId() > 0)
                .ifPresent(h -> asks(gateway, h));
    }

    private void asks(String gateway, IkeHeader header) {
        if (answered.getOrDefault(header.initiatorSpi(), -1) < header.messageId() - 1) {
            throw new Violation(
                    "%s sends request %d of IKE SA %016x before request %d is answered"
                            .formatted(
                                    gateway,
                                    header.messageId(),
                                    header.initiatorSpi(),
                                    header.messageId() - 1));
        }
    }

    void receives(Octets datagram) {
        second(datagram)
                .filter(IkeHeader::response)
                .ifPresent(h -> answered.merge(h.initiatorSpi(), h.messageId(), Math::max));
    }

    private static Optional<IkeHeader> second(Octets datagram) {
        try {
            IkeHeader header = IkeHeader.parse(datagram);
            return Optional.of(header).filter(h -> h.majorVersion() == 2);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}

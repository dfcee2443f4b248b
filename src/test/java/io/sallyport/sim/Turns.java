package io.sallyport.sim;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.IkeHeader;
import java.util.HashMap;
import java.util.Map;

/// The window of one of IKEv2, seen from the wire (RFC 7296, 2.3): nobody sends request n + 1 of an
/// IKE SA before the answer to n has come; an answer to what is answered already says nothing; what
/// is not answered is asked again (2.1). All hold at once, however bad the network: who takes an
/// answer for another's breaks one of them.
final class Turns {
    private static final int VERSION_AT = 17;
    private static final int FLAGS_AT = 19;
    private static final int ID_AT = 20;
    private static final int RESPONSE = 0x20;

    /// Of one IKE SA, at this gateway.
    private static final class Window {
        /// The highest ID of a request of ours.
        int asked = -1;

        /// When it was sent last.
        long askedAt;

        /// The highest answer that has come.
        int answered = -1;
    }

    private record Spis(long initiator, long responder) {}

    private final Map<Spis, Window> windows = new HashMap<>();

    /// @throws Violation it was not its turn
    void sends(String gateway, Octets datagram, long now) {
        if (!isSecond(datagram) || isResponse(datagram)) {
            return;
        }
        Window window = window(datagram);
        int id = id(datagram);
        if (id > 0 && window.answered < id - 1) {
            throw new Violation(
                    "%s sends request %d of IKE SA %s before request %d is answered"
                            .formatted(gateway, id, datagram.slice(0, 8).hex(), id - 1));
        }
        window.asked = Math.max(window.asked, id);
        window.askedAt = now;
    }

    /// Whether a request of this IKE SA is not answered and was sent last before `time`.
    boolean isForgotten(long initiatorSpi, long responderSpi, long time) {
        Window window = windows.get(new Spis(initiatorSpi, responderSpi));
        return window != null && window.asked > window.answered && window.askedAt < time;
    }

    /// @return whether this is an answer to a request that was answered before: it must change
    ///   nothing. Request 0 may be asked anew (RFC 7296, 2.6), and so be answered more than once.
    boolean receives(Octets datagram) {
        if (!isSecond(datagram) || !isResponse(datagram)) {
            return false;
        }
        Window window = window(datagram);
        int id = id(datagram);
        boolean late = id < window.asked || id > 0 && id <= window.answered;
        window.answered = Math.max(window.answered, id);
        return late;
    }

    private Window window(Octets datagram) {
        return windows.computeIfAbsent(
                new Spis(number(datagram, 0, 8), number(datagram, 8, 8)), _ -> new Window());
    }

    private static boolean isSecond(Octets datagram) {
        return datagram.length() >= IkeHeader.LENGTH && datagram.at(VERSION_AT) >>> 4 == 2;
    }

    private static boolean isResponse(Octets datagram) {
        return (datagram.at(FLAGS_AT) & RESPONSE) != 0;
    }

    private static int id(Octets datagram) {
        return (int) number(datagram, ID_AT, 4);
    }

    private static long number(Octets octets, int from, int length) {
        long number = 0;
        for (int i = from; i < from + length; i++) {
            number = number << 8 | octets.at(i);
        }
        return number;
    }
}

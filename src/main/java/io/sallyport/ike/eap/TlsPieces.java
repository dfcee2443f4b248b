package io.sallyport.ike.eap;

import io.sallyport.base.Octets;
import java.util.ArrayList;
import java.util.List;

/// Flights of TLS in pieces, both ways (RFC 5216, 2.1.5 and 3.1).
///
/// ```text
/// | flags: length follows 80, more 40, start 20 (1) | [ octets of the flight (4) ] | piece |
/// ```
final class TlsPieces {
    /// RFC 5216, 2.1.3: begins the conversation.
    static final Octets START = Octets.of((byte) 0x20);

    /// RFC 5216, 2.1.5: "the peer MUST respond with an EAP-Response with EAP-Type=EAP-TLS and no
    /// data. This serves as a fragment ACK."
    static final Octets ACK = Octets.of((byte) 0);

    private static final int LENGTH = 0x80;
    private static final int MORE = 0x40;
    private static final int STARTS = 0x20;

    /// So that an IKE message with one piece needs no fragments on any path.
    private static final int PIECE = 1000;

    private static final int MOST_OCTETS = 1 << 16;

    private Octets saying = Octets.EMPTY;
    private int said;
    private final List<Octets> heard = new ArrayList<>();
    private int octets;

    /// What one packet says.
    sealed interface Heard {
        record Start() implements Heard {}

        /// More is to come, once it is acknowledged.
        record Piece() implements Heard {}

        record Flight(Octets records) implements Heard {}

        /// The next piece of ours is wanted.
        record Acknowledged() implements Heard {}

        record Wrong(String why) implements Heard {}
    }

    /// @param data what follows the type of the packet
    Heard hear(Octets data) {
        if (data.isEmpty()) {
            return new Heard.Wrong("a packet of EAP-TLS without flags");
        }
        int flags = data.at(0) & 0xff;
        int at = 1;
        if ((flags & LENGTH) != 0) {
            if (data.length() < 5 || data.slice(1, 5).buffer().getInt() < 0) {
                return new Heard.Wrong("a packet of EAP-TLS without its length");
            }
            if (data.slice(1, 5).buffer().getInt() > MOST_OCTETS) {
                return new Heard.Wrong("a flight of TLS that is too long");
            }
            at = 5;
        }
        Octets piece = data.slice(at, data.length());
        if ((flags & STARTS) != 0) {
            return new Heard.Start();
        }
        boolean more = (flags & MORE) != 0;
        if (isSaying()) {
            return piece.isEmpty() && !more
                    ? new Heard.Acknowledged()
                    : new Heard.Wrong("a flight of TLS before ours is over");
        }
        if (more && piece.isEmpty() || octets + piece.length() > MOST_OCTETS) {
            return new Heard.Wrong("a flight of TLS that comes to no end");
        }
        heard.add(piece);
        octets += piece.length();
        if (more) {
            return new Heard.Piece();
        }
        Octets all = Octets.concat(heard.toArray(Octets[]::new));
        heard.clear();
        octets = 0;
        return new Heard.Flight(all);
    }

    /// @return its first piece
    Octets say(Octets flight) {
        saying = flight;
        said = 0;
        return next();
    }

    /// Part of a flight of ours is said, and part is not.
    private boolean isSaying() {
        return said > 0;
    }

    Octets next() {
        int take = Math.min(saying.length() - said, PIECE);
        boolean more = said + take < saying.length();
        boolean first = said == 0;
        Octets piece = saying.slice(said, said + take);
        said = more ? said + take : 0;
        return first && more
                ? Octets.concat(
                        Octets.of((byte) (LENGTH | MORE)), Octets.ofInt(saying.length()), piece)
                : Octets.concat(Octets.of((byte) (more ? MORE : 0)), piece);
    }
}

package io.sallyport.ike.eap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sallyport.base.Octets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Flights of TLS in pieces (RFC 5216, 2.1.5).
class TlsPiecesTest {
    private static Octets flight(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return Octets.owned(octets);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000, 1001, 2000, 5000, 65536})
    void eachLengthComesOver(int length) {
        TlsPieces says = new TlsPieces();
        TlsPieces hears = new TlsPieces();
        Octets packet = says.say(flight(length));
        int pieces = 1;
        while (hears.hear(packet) instanceof TlsPieces.Heard heard
                && !(heard instanceof TlsPieces.Heard.Flight)) {
            assertInstanceOf(TlsPieces.Heard.Piece.class, heard);
            assertInstanceOf(TlsPieces.Heard.Acknowledged.class, says.hear(TlsPieces.ACK));
            packet = says.next();
            pieces++;
            if (pieces * 1000 >= length) {
                assertEquals(new TlsPieces.Heard.Flight(flight(length)), hears.hear(packet));
                break;
            }
        }
        assertEquals(Math.max(1, (length + 999) / 1000), pieces);
        // and the other way, after it
        assertEquals(new TlsPieces.Heard.Flight(Octets.EMPTY), says.hear(hears.say(Octets.EMPTY)));
    }

    @Test
    void thereAreLimits() {
        assertInstanceOf(TlsPieces.Heard.Wrong.class, new TlsPieces().hear(Octets.EMPTY));
        assertInstanceOf(TlsPieces.Heard.Wrong.class, new TlsPieces().hear(Octets.hex("c0010000")));
        assertInstanceOf(
                TlsPieces.Heard.Wrong.class, new TlsPieces().hear(Octets.hex("c000010001aa")));
        assertInstanceOf(
                TlsPieces.Heard.Wrong.class, new TlsPieces().hear(Octets.hex("c0ffffffffaa")));
        assertInstanceOf(
                TlsPieces.Heard.Wrong.class,
                new TlsPieces().hear(Octets.hex("40")),
                "more of nothing");
        TlsPieces endless = new TlsPieces();
        Octets piece = Octets.concat(Octets.hex("40"), flight(1000));
        TlsPieces.Heard heard = endless.hear(piece);
        int taken = 0;
        while (heard instanceof TlsPieces.Heard.Piece) {
            taken++;
            heard = endless.hear(piece);
        }
        assertInstanceOf(TlsPieces.Heard.Wrong.class, heard);
        assertEquals(65, taken);
    }

    /// Nothing but acknowledgements while ours is not over.
    @Test
    void inTurns() {
        TlsPieces says = new TlsPieces();
        says.say(flight(2500));
        assertInstanceOf(TlsPieces.Heard.Wrong.class, says.hear(Octets.hex("00aa")));
        assertInstanceOf(TlsPieces.Heard.Start.class, new TlsPieces().hear(TlsPieces.START));
    }
}

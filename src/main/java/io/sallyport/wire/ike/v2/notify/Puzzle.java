package io.sallyport.wire.ike.v2.notify;

import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;

/// Work that a responder under load demands: PUZZLE (RFC 8019, 8.1).
///
/// @param prf transform ID of type 2, 0..65535
/// @param difficulty zero bits wanted at the end of a result; 0: as many as the initiator likes
public record Puzzle(int prf, int difficulty) {
    public Puzzle {
        if (prf >>> 16 != 0 || difficulty >>> 8 != 0) {
            throw new IllegalArgumentException("puzzle of difficulty " + difficulty);
        }
    }

    /// @param notify a PUZZLE
    public static Puzzle of(Notify notify) throws MalformedException {
        if (!notify.is(NotifyType.PUZZLE)) {
            throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
        }
        Reader in = new Reader(notify.data());
        Puzzle puzzle = new Puzzle(in.u16("PRF"), in.u8("difficulty"));
        if (!in.atEnd()) {
            throw in.malformed(in.remaining() + " octets behind a puzzle");
        }
        return puzzle;
    }

    public Notify emit() {
        return Notify.of(NotifyType.PUZZLE, new Writer(3).u16(prf).u8(difficulty).toOctets());
    }
}

package io.sallyport.control.protocol;

import java.util.Locale;
import java.util.Optional;

/// What may be asked on the control socket. The word on the wire is the name in small letters.
public enum Verb {
    VERSION,
    STATUS,
    /// Arguments: `hosts`, a list of addresses.
    VERIFY,
    /// Arguments: `files`, `vpcs` (lists), `local` (text, may be empty), `behindNat` (boolean).
    LOAD,
    /// Arguments: `connections`, a list; empty: all.
    UP,
    /// Arguments: `connections`, a list.
    DOWN,
    /// Arguments: `connection`, `child` (text, may be empty).
    REKEY,
    /// The SAD.
    SAD,
    /// The SPD.
    SPD,
    /// Arguments: `peer` (text, may be empty).
    WHY,
    /// Arguments: `link`, `from`, `to` (text), `protocol`, `fromPort`, `toPort`, `length`
    /// (numbers), `dontFragment` (boolean).
    TRACE,
    STOP,
    /// Arguments: `lines`, a number.
    LOG,
    /// Arguments: `lines`, a number. Answered by a stream that ends with the connection.
    FOLLOW,
    /// Arguments: `inner`, `outer`, `keys` (booleans), `count`, `seconds` (numbers; 0: no limit).
    /// Answered by lines, each a piece of the capture, and an answer at its end.
    CAPTURE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Verb> of(String word) {
        for (Verb verb : values()) {
            if (verb.word().equals(word)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }
}

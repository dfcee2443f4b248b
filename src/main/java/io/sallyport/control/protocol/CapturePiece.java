package io.sallyport.control.protocol;

import io.sallyport.base.Octets;
import java.util.Base64;

/// A part of a capture, as one line of its stream.
public sealed interface CapturePiece {
    /// `pcapng ...`: blocks of the file, in Base64.
    record Blocks(Octets octets) implements CapturePiece {
        @Override
        public String emit() {
            return PCAPNG + Base64.getEncoder().encodeToString(octets.toArray());
        }
    }

    /// `key ...`: a line of the file of keys; sent only to who asked for keys.
    record Key(String line) implements CapturePiece {
        @Override
        public String emit() {
            return KEY + line;
        }

        @Override
        public String toString() {
            return "a key";
        }
    }

    String PCAPNG = "pcapng ";
    String KEY = "key ";

    /// One line without its end.
    String emit();

    static CapturePiece parse(String line) throws BadMessageException {
        if (line.startsWith(KEY)) {
            return new Key(line.substring(KEY.length()));
        }
        if (line.startsWith(PCAPNG)) {
            try {
                return new Blocks(
                        Octets.owned(Base64.getDecoder().decode(line.substring(PCAPNG.length()))));
            } catch (IllegalArgumentException _) {
                throw new BadMessageException("blocks of a capture that are no Base64");
            }
        }
        throw new BadMessageException("a piece of a capture that is neither blocks nor key");
    }
}

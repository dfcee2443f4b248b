package io.sallyport.creds.der;

import io.sallyport.base.Octets;
import java.util.Optional;

/// Values one behind the other. Lengths are checked before anything is read: they are definite, as
/// short as can be (X.690, 10.1) and end within.
public final class DerReader {
    private final Octets all;
    private int at;

    public DerReader(Octets all) {
        this.all = all;
    }

    public boolean hasMore() {
        return at < all.length();
    }

    public Der next() throws BadDer {
        int start = at;
        if (all.length() - at < 2) {
            throw new BadDer("cut off at octet " + at);
        }
        int tag = all.at(at);
        if ((tag & 0x1f) == 0x1f) {
            throw new BadDer("a tag of several octets at octet " + at);
        }
        int length = all.at(at + 1);
        int content = at + 2;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets == 0 || octets > 4 || all.length() - content < octets) {
                throw new BadDer("no definite length at octet " + at);
            }
            long value = 0;
            for (int i = 0; i < octets; i++) {
                value = value << 8 | all.at(content + i);
            }
            content += octets;
            if (value < 0x80 || value >> 8 * (octets - 1) == 0) {
                throw new BadDer("a length longer than it need be at octet " + at);
            }
            if (value > all.length() - content) {
                throw new BadDer("cut off: " + value + " octets promised at octet " + at);
            }
            length = (int) value;
        }
        if (length > all.length() - content) {
            throw new BadDer("cut off: " + length + " octets promised at octet " + at);
        }
        at = content + length;
        return new Der(tag, all.slice(start, at), all.slice(content, at));
    }

    public Der next(int tag) throws BadDer {
        return next().as(tag);
    }

    /// The next one if it has this tag.
    public Optional<Der> optional(int tag) throws BadDer {
        return hasMore() && all.at(at) == tag ? Optional.of(next()) : Optional.empty();
    }

    /// @throws BadDer if anything is left
    public void end() throws BadDer {
        if (hasMore()) {
            throw new BadDer((all.length() - at) + " octets too many");
        }
    }
}

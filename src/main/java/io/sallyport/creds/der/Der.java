package io.sallyport.creds.der;

import io.sallyport.base.Octets;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// One value: tag, length and content (X.690, 8.1).
///
/// @param tag its first octet; tags of several octets are refused
/// @param whole with tag and length
public record Der(int tag, Octets whole, Octets content) {
    private static final int MOST_OID_OCTETS = 64;

    /// The one value that `octets` are.
    ///
    /// @throws BadDer if they are none, or something follows it
    public static Der parse(Octets octets) throws BadDer {
        DerReader reader = new DerReader(octets);
        Der only = reader.next();
        reader.end();
        return only;
    }

    /// The one value that `octets` are, with this tag.
    public static Der parse(Octets octets, int tag) throws BadDer {
        return parse(octets).as(tag);
    }

    public Der as(int wanted) throws BadDer {
        if (tag != wanted) {
            throw new BadDer("tag %02x where %02x belongs".formatted(tag, wanted));
        }
        return this;
    }

    /// Over the values inside.
    public DerReader inside() {
        return new DerReader(content);
    }

    /// Of an INTEGER or ENUMERATED.
    public BigInteger integer() throws BadDer {
        if (content.isEmpty()) {
            throw new BadDer("a number without octets");
        }
        return new BigInteger(content.toArray());
    }

    /// Of an INTEGER or ENUMERATED that is small.
    public int small() throws BadDer {
        if (content.isEmpty() || content.length() > 4) {
            throw new BadDer("a number of " + content.length() + " octets");
        }
        return integer().intValue();
    }

    public boolean bool() throws BadDer {
        if (content.length() != 1) {
            throw new BadDer("a truth of " + content.length() + " octets");
        }
        return content.at(0) != 0;
    }

    /// Of a BIT STRING of whole octets.
    public Octets bits() throws BadDer {
        if (content.isEmpty() || content.at(0) != 0) {
            throw new BadDer("a bit string of no whole octets");
        }
        return content.slice(1, content.length());
    }

    /// Of an OID, with dots.
    public String oid() throws BadDer {
        if (content.isEmpty()
                || content.length() > MOST_OID_OCTETS
                || (content.at(content.length() - 1) & 0x80) != 0) {
            throw new BadDer("an object identifier of " + content.length() + " octets");
        }
        StringBuilder dotted = new StringBuilder();
        BigInteger arc = BigInteger.ZERO;
        for (int i = 0; i < content.length(); i++) {
            arc = arc.shiftLeft(7).or(BigInteger.valueOf(content.at(i) & 0x7f));
            if ((content.at(i) & 0x80) == 0) {
                if (dotted.isEmpty()) {
                    int first = arc.min(BigInteger.valueOf(80)).intValue() / 40;
                    dotted.append(first).append('.');
                    arc = arc.subtract(BigInteger.valueOf(first * 40L));
                } else {
                    dotted.append('.');
                }
                dotted.append(arc);
                arc = BigInteger.ZERO;
            }
        }
        return dotted.toString();
    }

    /// Of a UTCTime or GeneralizedTime, as RFC 5280, 4.1.2.5 has them: to the second, `Z`.
    public Instant time() throws BadDer {
        String text = content.text();
        boolean good =
                switch (tag) {
                    case Tag.UTC_TIME -> text.matches("[0-9]{12}Z");
                    case Tag.GENERALIZED_TIME -> text.matches("[0-9]{14}Z");
                    default -> false;
                };
        if (!good) {
            throw new BadDer("no time in UTC to the second");
        }
        if (tag == Tag.UTC_TIME) {
            text = (text.compareTo("50") < 0 ? "20" : "19") + text;
        }
        try {
            return LocalDateTime.of(
                            two(text, 0) * 100 + two(text, 2),
                            two(text, 4),
                            two(text, 6),
                            two(text, 8),
                            two(text, 10),
                            two(text, 12))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException _) {
            throw new BadDer("no time that there ever is");
        }
    }

    private static int two(String digits, int at) {
        return Integer.parseInt(digits, at, at + 2, 10);
    }

    /// Of a character string of one octet a character or UTF-8.
    public String text() {
        return new String(content.toArray(), StandardCharsets.UTF_8);
    }

    /// If it has this tag.
    Optional<Der> filter(int wanted) {
        return tag == wanted ? Optional.of(this) : Optional.empty();
    }
}

package io.sallyport.creds.der;

import io.sallyport.base.Octets;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// Values in DER, from the inside out.
public final class DerWriter {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private DerWriter() {}

    public static Octets value(int tag, Octets... parts) {
        Octets content = Octets.concat(parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length() + 6);
        out.write(tag);
        int length = content.length();
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(length >> 8 * i);
            }
        }
        out.writeBytes(content.toArray());
        return Octets.owned(out.toByteArray());
    }

    public static Octets sequence(Octets... parts) {
        return value(Tag.SEQUENCE, parts);
    }

    public static Octets sequence(List<Octets> parts) {
        return value(Tag.SEQUENCE, parts.toArray(Octets[]::new));
    }

    public static Octets integer(BigInteger value) {
        return value(Tag.INTEGER, Octets.owned(value.toByteArray()));
    }

    public static Octets integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    public static Octets enumerated(int value) {
        return value(Tag.ENUMERATED, Octets.of((byte) value));
    }

    public static Octets bool(boolean value) {
        return value(Tag.BOOLEAN, Octets.of((byte) (value ? 0xff : 0)));
    }

    public static Octets octetString(Octets content) {
        return value(Tag.OCTET_STRING, content);
    }

    /// Of whole octets.
    public static Octets bitString(Octets content) {
        return value(Tag.BIT_STRING, Octets.of((byte) 0), content);
    }

    /// Named bits (X.690, 11.2.2: without the zeros at the end).
    ///
    /// @param bits bit 0 is the highest of the first octet
    public static Octets namedBits(int... bits) {
        byte[] octets = new byte[2];
        int last = -1;
        for (int bit : bits) {
            octets[bit / 8] |= (byte) (0x80 >> bit % 8);
            last = Math.max(last, bit);
        }
        Octets used = Octets.of(octets).slice(0, (last + 8) / 8);
        int unused = last < 0 ? 0 : 7 - last % 8;
        return value(Tag.BIT_STRING, Octets.of((byte) unused), used);
    }

    public static Octets none() {
        return value(Tag.NULL);
    }

    /// @param dotted e.g. `1.2.840.113549.1.1.1`
    /// @throws IllegalArgumentException if it is no object identifier
    public static Octets oid(String dotted) {
        if (!dotted.matches("[012](\\.(0|[1-9][0-9]{0,38})){1,30}")) {
            throw new IllegalArgumentException("no object identifier: " + dotted);
        }
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BigInteger first = new BigInteger(arcs[0]).multiply(BigInteger.valueOf(40));
        arc(first.add(new BigInteger(arcs[1])), out);
        for (int i = 2; i < arcs.length; i++) {
            arc(new BigInteger(arcs[i]), out);
        }
        return value(Tag.OID, Octets.owned(out.toByteArray()));
    }

    private static void arc(BigInteger value, ByteArrayOutputStream out) {
        for (int i = Math.max(0, (value.bitLength() - 1) / 7); i >= 0; i--) {
            out.write(value.shiftRight(7 * i).intValue() & 0x7f | (i > 0 ? 0x80 : 0));
        }
    }

    /// RFC 5280, 4.1.2.5: "CAs conforming to this profile MUST always encode certificate validity
    /// dates through the year 2049 as UTCTime; certificate validity dates in 2050 or later MUST be
    /// encoded as GeneralizedTime."
    public static Octets time(Instant when) {
        ZonedDateTime utc = when.atZone(ZoneOffset.UTC);
        return utc.getYear() >= 1950 && utc.getYear() < 2050
                ? value(Tag.UTC_TIME, Octets.ascii(UTC.format(utc)))
                : generalizedTime(when);
    }

    public static Octets generalizedTime(Instant when) {
        return value(Tag.GENERALIZED_TIME, Octets.ascii(LONG.format(when.atZone(ZoneOffset.UTC))));
    }

    /// `[number] EXPLICIT`, and `[number] IMPLICIT` of something constructed.
    public static Octets tagged(int number, Octets... inside) {
        return value(Tag.constructed(number), inside);
    }

    /// `[number] IMPLICIT` of something primitive.
    public static Octets implicit(int number, Octets content) {
        return value(Tag.primitive(number), content);
    }
}

package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// A data attribute (RFC 2408, 3.3).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-----------------------------+-------------------------------+
/// |A|       attribute type        | A=1: value    A=0: length     |
/// |F|                             |                               |
/// +-+-----------------------------+-------------------------------+
/// |                 A=0: value, of `length` octets                |
/// +---------------------------------------------------------------+
/// ```
///
/// @param type 0..32767
/// @param basic whether the value is two octets within the header
/// @param value two octets if basic, else 0..65535
public record Attribute(int type, boolean basic, Octets value) {
    private static final int BASIC = 0x8000;

    public Attribute {
        if (type < 0 || type >= BASIC) {
            throw new IllegalArgumentException("attribute type " + type);
        }
        if (basic ? value.length() != 2 : value.length() > 0xffff) {
            throw new IllegalArgumentException("attribute of " + value.length() + " octets");
        }
    }

    /// @param value 0..65535
    public static Attribute basic(int type, int value) {
        return new Attribute(type, true, new Writer(2).u16(value).toOctets());
    }

    public static Attribute variable(int type, Octets value) {
        return new Attribute(type, false, value);
    }

    /// Basic if `value` is less than 65536, else variable with four octets.
    ///
    /// @param value 0..2^32-1
    public static Attribute number(int type, long value) {
        if (value < 0 || value >>> 32 != 0) {
            throw new IllegalArgumentException("attribute value " + value);
        }
        return value <= 0xffff
                ? basic(type, (int) value)
                : variable(type, Octets.ofInt((int) value));
    }

    /// The value as an unsigned number, whichever way it is written; empty if it has no octet or
    /// does not fit a positive `long`.
    public OptionalLong number() {
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            if (number >>> 55 != 0) {
                return OptionalLong.empty();
            }
            number = number << 8 | value.at(i);
        }
        return OptionalLong.of(number);
    }

    /// All of a field that holds nothing else, such as the data of a notification.
    public static List<Attribute> parse(Octets field) throws MalformedException {
        return parseAll(new Reader(field));
    }

    public static Octets emit(List<Attribute> attributes) {
        Writer out = new Writer();
        emitAll(attributes, out);
        return out.toOctets();
    }

    /// Reads attributes until `in` ends.
    static List<Attribute> parseAll(Reader in) throws MalformedException {
        List<Attribute> attributes = new ArrayList<>();
        while (!in.atEnd()) {
            int type = in.u16("attribute type");
            if ((type & BASIC) != 0) {
                attributes.add(new Attribute(type & ~BASIC, true, in.octets(2, "attribute value")));
            } else {
                int length = in.u16("attribute length");
                attributes.add(new Attribute(type, false, in.octets(length, "attribute value")));
            }
        }
        return attributes;
    }

    static void emitAll(List<Attribute> attributes, Writer out) {
        for (Attribute attribute : attributes) {
            if (attribute.basic) {
                out.u16(attribute.type | BASIC);
            } else {
                out.u16(attribute.type).u16(attribute.value.length());
            }
            out.octets(attribute.value);
        }
    }
}

package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// What completes the number of a transform (RFC 7296, 3.3.5).
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
public record TransformAttribute(int type, boolean basic, Octets value) {
    /// The one type there is: bits of the key.
    public static final int KEY_LENGTH = 14;

    private static final int BASIC = 0x8000;

    public TransformAttribute {
        if (type < 0 || type >= BASIC) {
            throw new IllegalArgumentException("attribute type " + type);
        }
        if (basic ? value.length() != 2 : value.length() > 0xffff) {
            throw new IllegalArgumentException("attribute of " + value.length() + " octets");
        }
    }

    /// @param value 0..65535
    public static TransformAttribute basic(int type, int value) {
        return new TransformAttribute(type, true, new Writer(2).u16(value).toOctets());
    }

    static TransformAttribute parse(Reader in) throws MalformedException {
        int type = in.u16("attribute type");
        boolean basic = (type & BASIC) != 0;
        int length = basic ? 2 : in.u16("attribute length");
        return new TransformAttribute(type & ~BASIC, basic, in.octets(length, "attribute value"));
    }

    void emit(Writer out) {
        out.u16(basic ? type | BASIC : type);
        if (!basic) {
            out.u16(value.length());
        }
        out.octets(value);
    }
}

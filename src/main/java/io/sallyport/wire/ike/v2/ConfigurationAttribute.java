package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.AttributeType;

/// One setting (RFC 7296, 3.15.1).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-----------------------------+-------------------------------+
/// |R|       attribute type        |            length             |
/// +-+-----------------------------+-------------------------------+
/// |                             value                             |
/// +---------------------------------------------------------------+
/// ```
///
/// @param type [AttributeType] or another 0..32767
/// @param value of a length that a known type allows; empty asks for it, or says there is none
public record ConfigurationAttribute(int type, Octets value) {
    private static final int TYPE = 0x7fff;

    public ConfigurationAttribute {
        if (type < 0
                || type > TYPE
                || value.length() > 0xffff
                || !AttributeType.fits(type, value.length())) {
            throw new IllegalArgumentException(
                    AttributeType.name(type) + " of " + value.length() + " octets");
        }
    }

    /// A value to be given, or asked for if none is.
    public static ConfigurationAttribute of(AttributeType type, Octets value) {
        return new ConfigurationAttribute(type.number(), value);
    }

    static ConfigurationAttribute parse(Reader in) throws MalformedException {
        // RFC 7296, 3.15.1: the first bit is reserved and ignored on receipt.
        int type = in.u16("attribute type") & TYPE;
        int length = in.u16("attribute length");
        if (!AttributeType.fits(type, length)) {
            throw in.malformed(AttributeType.name(type) + " of " + length + " octets");
        }
        return new ConfigurationAttribute(type, in.octets(length, "attribute value"));
    }

    void emit(Writer out) {
        out.u16(type).u16(value.length()).octets(value);
    }
}

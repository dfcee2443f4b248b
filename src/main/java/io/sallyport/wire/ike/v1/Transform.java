package io.sallyport.wire.ike.v1;

import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.List;

/// One way to satisfy a [Proposal] (RFC 2408, 3.6).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// | next (0 or 3) |   reserved    |            length             |
/// +---------------+---------------+-------------------------------+
/// |    number     | transform ID  |           reserved            |
/// +---------------+---------------+-------------------------------+
/// |                        SA attributes                          |
/// +---------------------------------------------------------------+
/// ```
///
/// @param number 0..255; a responder returns the number it chose
/// @param transformId 0..255, meaning depends on the protocol (RFC 2407, 4.4)
public record Transform(int number, int transformId, List<Attribute> attributes) {
    public Transform {
        attributes = List.copyOf(attributes);
        if (number >>> 8 != 0 || transformId >>> 8 != 0) {
            throw new IllegalArgumentException("transform " + number + ", ID " + transformId);
        }
    }

    /// @param in just behind the generic header, all of the transform
    static Transform parse(Reader in) throws MalformedException {
        int number = in.u8("transform number");
        int transformId = in.u8("transform ID");
        in.u16("reserved");
        return new Transform(number, transformId, Attribute.parseAll(in));
    }

    void emit(boolean last, Writer out) {
        Writer rest = new Writer();
        Attribute.emitAll(attributes, rest);
        out.u8(last ? PayloadType.NONE : PayloadType.TRANSFORM)
                .u8(0)
                .u16(8 + rest.length())
                .u8(number)
                .u8(transformId)
                .u16(0)
                .octets(rest.toOctets());
    }
}

package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.List;

/// Attributes asked for or given in a transaction exchange: mode configuration and XAuth
/// (draft-dukes-ike-mode-cfg-02, 3.2).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |     type      |   reserved    |          identifier           |
/// +---------------+---------------+-------------------------------+
/// |                          attributes                           |
/// +---------------------------------------------------------------+
/// ```
///
/// @param attributesType request, reply, set or acknowledge; 0..255
/// @param identifier joins an answer to its question, 0..65535
public record Attributes(int attributesType, int identifier, List<Attribute> attributes)
        implements Payload {
    public static final int REQUEST = 1;
    public static final int REPLY = 2;
    public static final int SET = 3;
    public static final int ACKNOWLEDGE = 4;

    public Attributes {
        attributes = List.copyOf(attributes);
        if (attributesType >>> 8 != 0 || identifier >>> 16 != 0) {
            throw new IllegalArgumentException("attributes do not fit their fields");
        }
    }

    static Attributes parse(Reader in) throws MalformedException {
        int type = in.u8("attributes type");
        in.u8("reserved");
        int identifier = in.u16("identifier");
        return new Attributes(type, identifier, Attribute.parseAll(in));
    }

    @Override
    public int type() {
        return PayloadType.ATTRIBUTES;
    }

    @Override
    public Octets body() {
        Writer out = new Writer().u8(attributesType).u8(0).u16(identifier);
        Attribute.emitAll(attributes, out);
        return out.toOctets();
    }
}

package io.sallyport.wire.ike.v2;

import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// An algorithm (RFC 7296, 3.3.2).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// | last (0 or 3) |   reserved    |            length             |
/// +---------------+---------------+-------------------------------+
/// |     type      |   reserved    |         transform ID          |
/// +---------------+---------------+-------------------------------+
/// |                     transform attributes                      |
/// +---------------------------------------------------------------+
/// ```
///
/// @param transformType `TransformType`, 0..255
/// @param transformId 0..65535, meaning depends on the type
/// @param attributes at most [#MAX_ATTRIBUTES]
public record Transform(int transformType, int transformId, List<TransformAttribute> attributes) {
    /// One is defined.
    public static final int MAX_ATTRIBUTES = 16;

    public Transform {
        attributes = List.copyOf(attributes);
        if (transformType >>> 8 != 0
                || transformId >>> 16 != 0
                || attributes.size() > MAX_ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "transform of type " + transformType + ", ID " + transformId);
        }
    }

    /// Without attributes.
    public static Transform of(int transformType, int transformId) {
        return new Transform(transformType, transformId, List.of());
    }

    /// With a key length.
    public static Transform of(int transformType, int transformId, int keyBits) {
        return new Transform(
                transformType,
                transformId,
                List.of(TransformAttribute.basic(TransformAttribute.KEY_LENGTH, keyBits)));
    }

    /// @param in just behind the length, all of the transform
    static Transform parse(Reader in) throws MalformedException {
        int transformType = in.u8("transform type");
        in.u8("reserved");
        int transformId = in.u16("transform ID");
        List<TransformAttribute> attributes = new ArrayList<>();
        while (!in.atEnd()) {
            if (attributes.size() == MAX_ATTRIBUTES) {
                throw in.malformed("more than " + MAX_ATTRIBUTES + " attributes");
            }
            attributes.add(TransformAttribute.parse(in));
        }
        return new Transform(transformType, transformId, attributes);
    }

    /// The key length in bits, if it is given.
    public OptionalInt keyBits() {
        return attributes.stream()
                .filter(a -> a.type() == TransformAttribute.KEY_LENGTH && a.basic())
                .mapToInt(a -> a.value().at(0) << 8 | a.value().at(1))
                .findFirst();
    }

    /// Whether there is an attribute that we do not know, or a key length that says two things. RFC
    /// 7296, 3.3.6: such a transform is not to be chosen.
    public boolean strange() {
        return attributes.size() > 1
                || attributes.stream()
                        .anyMatch(a -> a.type() != TransformAttribute.KEY_LENGTH || !a.basic());
    }

    void emit(Writer out) {
        Writer rest = new Writer(8);
        attributes.forEach(attribute -> attribute.emit(rest));
        out.u8(0)
                .u16(8 + rest.length())
                .u8(transformType)
                .u8(0)
                .u16(transformId)
                .octets(rest.toOctets());
    }
}

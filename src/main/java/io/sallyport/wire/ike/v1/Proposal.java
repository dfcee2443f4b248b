package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import java.util.ArrayList;
import java.util.List;

/// A protocol and its transforms in order of preference (RFC 2408, 3.5). Proposals with the same
/// number are meant together, AND; different numbers are alternatives, OR.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// | next (0 or 2) |   reserved    |            length             |
/// +---------------+---------------+---------------+---------------+
/// |    number     |  protocol ID  |   SPI size    | # transforms  |
/// +---------------+---------------+---------------+---------------+
/// |                        SPI (variable)                         |
/// +---------------------------------------------------------------+
/// ```
///
/// @param number 0..255
/// @param protocolId [ProtocolId], 0..255
/// @param spi 0..255 octets; what the sender wants to receive with
/// @param transforms 0..255 of them
public record Proposal(int number, int protocolId, Octets spi, List<Transform> transforms) {
    public Proposal {
        transforms = List.copyOf(transforms);
        if (number >>> 8 != 0
                || protocolId >>> 8 != 0
                || spi.length() > 255
                || transforms.size() > 255) {
            throw new IllegalArgumentException("proposal " + number + " does not fit its fields");
        }
    }

    /// @param in just behind the generic header, all of the proposal
    static Proposal parse(Reader in) throws MalformedException {
        int number = in.u8("proposal number");
        int protocolId = in.u8("protocol ID");
        int spiSize = in.u8("SPI size");
        int count = in.u8("number of transforms");
        Octets spi = in.octets(spiSize, "SPI");
        List<Transform> transforms = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            // RFC 2408, 3.6: "This field MUST only contain the value 3 or 0."
            int expected = i < count ? PayloadType.TRANSFORM : PayloadType.NONE;
            transforms.add(Transform.parse(SaPayload.nested(in, expected, "transform")));
        }
        if (!in.atEnd()) {
            throw in.malformed("octets behind the last of " + count + " transforms");
        }
        return new Proposal(number, protocolId, spi, transforms);
    }

    void emit(boolean last, Writer out) {
        Writer rest = new Writer();
        for (int i = 0; i < transforms.size(); i++) {
            transforms.get(i).emit(i == transforms.size() - 1, rest);
        }
        out.u8(last ? PayloadType.NONE : PayloadType.PROPOSAL)
                .u8(0)
                .u16(8 + spi.length() + rest.length())
                .u8(number)
                .u8(protocolId)
                .u8(spi.length())
                .u8(transforms.size())
                .octets(spi)
                .octets(rest.toOctets());
    }
}

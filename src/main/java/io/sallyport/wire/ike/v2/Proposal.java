package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayList;
import java.util.List;

/// A protocol and the transforms it may be run with (RFC 7296, 3.3.1). Transforms of the same type
/// are alternatives; of different types they are meant together.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// | last (0 or 2) |   reserved    |            length             |
/// +---------------+---------------+---------------+---------------+
/// |    number     |  protocol ID  |   SPI size    | # transforms  |
/// +---------------+---------------+---------------+---------------+
/// |                        SPI (variable)                         |
/// +---------------------------------------------------------------+
/// |                          transforms                           |
/// +---------------------------------------------------------------+
/// ```
///
/// @param number 0..255
/// @param protocolId [ProtocolId], 0..255
/// @param spi what the sender wants to receive with: none or 8 octets for IKE, 4 for AH and ESP
/// @param transforms 0..255 of them
public record Proposal(int number, int protocolId, Octets spi, List<Transform> transforms) {
    private static final int MORE = 3;

    public Proposal {
        transforms = List.copyOf(transforms);
        if (number >>> 8 != 0
                || protocolId >>> 8 != 0
                || !fits(protocolId, spi.length())
                || transforms.size() > 255) {
            throw new IllegalArgumentException("proposal " + number + " does not fit its fields");
        }
    }

    /// RFC 7296, 3.3.1: 0 in the first negotiation of an IKE SA, then 8 for IKE, 4 for ESP and AH.
    private static boolean fits(int protocolId, int spiOctets) {
        return switch (protocolId) {
            case ProtocolId.IKE -> spiOctets == 0 || spiOctets == 8;
            case ProtocolId.AH, ProtocolId.ESP -> spiOctets == 4;
            default -> spiOctets <= 255;
        };
    }

    /// @param in just behind the length, all of the proposal
    static Proposal parse(Reader in) throws MalformedException {
        int number = in.u8("proposal number");
        int protocolId = in.u8("protocol ID");
        int spiSize = in.u8("SPI size");
        if (!fits(protocolId, spiSize)) {
            throw in.malformed("SPI of " + spiSize + " octets for protocol " + protocolId);
        }
        int count = in.u8("number of transforms");
        Octets spi = in.octets(spiSize, "SPI");
        List<Transform> transforms = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            // RFC 7296, 3.3.2: "Last Substruc" is 0 if this was the last transform, 3 if not.
            int last = in.u8("last substructure of a transform");
            if (last != (i < count ? MORE : 0)) {
                throw in.malformed(
                        "last substructure " + last + " in transform " + i + " of " + count);
            }
            transforms.add(Transform.parse(SaPayload.substructure(in, "transform")));
        }
        if (!in.atEnd()) {
            throw in.malformed("octets behind the last of " + count + " transforms");
        }
        return new Proposal(number, protocolId, spi, transforms);
    }

    /// The transforms of one type, in order.
    public List<Transform> ofType(int transformType) {
        return transforms.stream().filter(t -> t.transformType() == transformType).toList();
    }

    void emit(Writer out) {
        Writer rest = new Writer();
        for (int i = 0; i < transforms.size(); i++) {
            rest.u8(i == transforms.size() - 1 ? 0 : MORE);
            transforms.get(i).emit(rest);
        }
        out.u8(0)
                .u16(8 + spi.length() + rest.length())
                .u8(number)
                .u8(protocolId)
                .u8(spi.length())
                .u8(transforms.size())
                .octets(spi)
                .octets(rest.toOctets());
    }
}

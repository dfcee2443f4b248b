package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayList;
import java.util.List;

/// SAs that the sender will no longer receive with (RFC 7296, 3.11).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |  protocol ID  |   SPI size    |           # of SPIs           |
/// +---------------+---------------+-------------------------------+
/// |                             SPIs                              |
/// +---------------------------------------------------------------+
/// ```
///
/// @param protocolId [ProtocolId], 0..255
/// @param spiSize octets of each SPI: 0 for IKE, 4 for AH and ESP
/// @param spis none if `spiSize` is 0
public record Delete(int protocolId, int spiSize, List<Octets> spis) implements Payload {
    public Delete {
        spis = List.copyOf(spis);
        if (protocolId >>> 8 != 0
                || spis.size() > 0xffff
                || !fits(protocolId, spiSize, spis.size())
                || spiSize * spis.size() > MAX_BODY - 4) {
            throw new IllegalArgumentException("delete does not fit its fields");
        }
        for (Octets spi : spis) {
            if (spi.length() != spiSize) {
                throw new IllegalArgumentException(
                        "SPI of " + spi.length() + " octets among those of " + spiSize);
            }
        }
    }

    /// Of the IKE SA that the message is protected with.
    public static Delete ofIkeSa() {
        return new Delete(ProtocolId.IKE, 0, List.of());
    }

    /// @param protocolId [ProtocolId#ESP] or [ProtocolId#AH]
    public static Delete ofChildSas(int protocolId, List<Octets> spis) {
        return new Delete(protocolId, 4, spis);
    }

    /// RFC 7296, 3.11: the SPI size "MUST be zero for IKE (SPI is in message header) or four for AH
    /// and ESP".
    private static boolean fits(int protocolId, int spiSize, int count) {
        return switch (protocolId) {
            case ProtocolId.IKE -> spiSize == 0 && count == 0;
            case ProtocolId.AH, ProtocolId.ESP -> spiSize == 4;
            default -> spiSize >>> 8 == 0 && (spiSize != 0 || count == 0);
        };
    }

    static Delete parse(Reader in) throws MalformedException {
        int protocolId = in.u8("protocol ID");
        int spiSize = in.u8("SPI size");
        int count = in.u16("number of SPIs");
        if (spiSize * count != in.remaining() || !fits(protocolId, spiSize, count)) {
            throw in.malformed(
                    count
                            + " SPIs of "
                            + spiSize
                            + " octets for protocol "
                            + protocolId
                            + " in "
                            + in.remaining()
                            + " octets");
        }
        List<Octets> spis = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            spis.add(in.octets(spiSize, "SPI"));
        }
        return new Delete(protocolId, spiSize, spis);
    }

    @Override
    public int type() {
        return PayloadType.DELETE;
    }

    @Override
    public Octets body() {
        Writer out = new Writer(4 + spis.size() * spiSize);
        out.u8(protocolId).u8(spiSize).u16(spis.size());
        spis.forEach(out::octets);
        return out.toOctets();
    }
}

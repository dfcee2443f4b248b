package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// An error or a status (RFC 2408, 3.14).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                 domain of interpretation (1)                  |
/// +---------------+---------------+-------------------------------+
/// |  protocol ID  |   SPI size    |          notify type          |
/// +---------------+---------------+-------------------------------+
/// |                        SPI (variable)                         |
/// +---------------------------------------------------------------+
/// |                      notification data                        |
/// +---------------------------------------------------------------+
/// ```
///
/// @param doi all 32 bits
/// @param protocolId [ProtocolId], 0..255
/// @param spi 0..255 octets; both cookies for ISAKMP
/// @param notifyType [NotifyType], 0..65535
public record Notification(int doi, int protocolId, Octets spi, int notifyType, Octets data)
        implements Payload {
    public Notification {
        if (protocolId >>> 8 != 0 || spi.length() > 255 || notifyType >>> 16 != 0) {
            throw new IllegalArgumentException("notify " + notifyType + " does not fit its fields");
        }
    }

    static Notification parse(Reader in) throws MalformedException {
        int doi = (int) in.u32("DOI");
        int protocolId = in.u8("protocol ID");
        int spiSize = in.u8("SPI size");
        int notifyType = in.u16("notify type");
        Octets spi = in.octets(spiSize, "SPI");
        return new Notification(doi, protocolId, spi, notifyType, in.rest());
    }

    @Override
    public int type() {
        return PayloadType.NOTIFICATION;
    }

    @Override
    public Octets body() {
        return new Writer(8 + spi.length() + data.length())
                .u32(doi)
                .u8(protocolId)
                .u8(spi.length())
                .u16(notifyType)
                .octets(spi)
                .octets(data)
                .toOctets();
    }
}

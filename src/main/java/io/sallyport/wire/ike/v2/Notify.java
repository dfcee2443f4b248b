package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.Optional;

/// An error or a status (RFC 7296, 3.10). What the data of a known one means is in the package
/// `notify`.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |  protocol ID  |   SPI size    |          notify type          |
/// +---------------+---------------+-------------------------------+
/// |                        SPI (variable)                         |
/// +---------------------------------------------------------------+
/// |                       notification data                       |
/// +---------------------------------------------------------------+
/// ```
///
/// @param protocolId [ProtocolId] of the SA it is about, 0 if about none
/// @param spi of the SA it is about, 0..255 octets; none if about none, or about this IKE SA
/// @param notifyType [NotifyType] or another 0..65535
public record Notify(int protocolId, Octets spi, int notifyType, Octets data) implements Payload {
    public Notify {
        if (protocolId >>> 8 != 0
                || spi.length() > 255
                || notifyType >>> 16 != 0
                || spi.length() + data.length() > MAX_BODY - 4) {
            throw new IllegalArgumentException("notify " + notifyType + " does not fit its fields");
        }
    }

    /// About no SA in particular, without data.
    public static Notify of(NotifyType type) {
        return of(type, Octets.EMPTY);
    }

    /// About no SA in particular.
    public static Notify of(NotifyType type, Octets data) {
        return new Notify(ProtocolId.NONE, Octets.EMPTY, type.number(), data);
    }

    static Notify parse(Reader in) throws MalformedException {
        int protocolId = in.u8("protocol ID");
        int spiSize = in.u8("SPI size");
        int notifyType = in.u16("notify type");
        Octets spi = in.octets(spiSize, "SPI");
        return new Notify(protocolId, spi, notifyType, in.rest());
    }

    public boolean is(NotifyType type) {
        return notifyType == type.number();
    }

    /// What we know under its number.
    public Optional<NotifyType> known() {
        return NotifyType.byNumber(notifyType);
    }

    /// RFC 7296, 3.10.1: an unknown error in a response means that the request failed; an unknown
    /// status is ignored.
    public boolean isError() {
        return NotifyType.isError(notifyType);
    }

    @Override
    public int type() {
        return PayloadType.NOTIFY;
    }

    @Override
    public Octets body() {
        return new Writer(4 + spi.length() + data.length())
                .u8(protocolId)
                .u8(spi.length())
                .u16(notifyType)
                .octets(spi)
                .octets(data)
                .toOctets();
    }
}

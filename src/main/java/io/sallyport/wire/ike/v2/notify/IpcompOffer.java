package io.sallyport.wire.ike.v2.notify;

import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;

/// The sender can take compressed packets: IPCOMP_SUPPORTED (RFC 7296, 2.22).
///
/// @param cpi 0..65535, what the sender wants to receive with
/// @param transformId 2 DEFLATE, or another 0..255
public record IpcompOffer(int cpi, int transformId) {
    public static final int DEFLATE = 2;

    public IpcompOffer {
        if (cpi >>> 16 != 0 || transformId >>> 8 != 0) {
            throw new IllegalArgumentException("CPI " + cpi + ", transform " + transformId);
        }
    }

    /// @param notify an IPCOMP_SUPPORTED; attributes behind the transform are none of any defined
    public static IpcompOffer of(Notify notify) throws MalformedException {
        if (!notify.is(NotifyType.IPCOMP_SUPPORTED)) {
            throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
        }
        Reader in = new Reader(notify.data());
        return new IpcompOffer(in.u16("CPI"), in.u8("IPComp transform"));
    }

    public Notify emit() {
        return Notify.of(
                NotifyType.IPCOMP_SUPPORTED, new Writer(3).u16(cpi).u8(transformId).toOctets());
    }
}

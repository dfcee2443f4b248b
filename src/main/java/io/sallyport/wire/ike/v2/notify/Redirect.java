package io.sallyport.wire.ike.v2.notify;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;

/// Another gateway: the data of REDIRECT and REDIRECTED_FROM (RFC 5685, 9.2 and 9.3).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |  gateway type |    length     |           identity            |
/// +---------------+---------------+-------------------------------+
/// |              nonce data, only during IKE_SA_INIT              |
/// +---------------------------------------------------------------+
/// ```
///
/// @param gatewayType [#IPV4], [#IPV6], [#FQDN] or another 0..255
/// @param identity 1..255 octets, of the length that an address asks for
/// @param nonce Ni as the responder received it; empty outside of IKE_SA_INIT
public record Redirect(int gatewayType, Octets identity, Octets nonce) {
    public static final int IPV4 = 1;
    public static final int IPV6 = 2;
    public static final int FQDN = 3;

    public Redirect {
        if (gatewayType >>> 8 != 0 || !fits(gatewayType, identity.length())) {
            throw new IllegalArgumentException(
                    "gateway type " + gatewayType + " of " + identity.length() + " octets");
        }
    }

    private static boolean fits(int gatewayType, int length) {
        return switch (gatewayType) {
            case IPV4 -> length == 4;
            case IPV6 -> length == 16;
            default -> length >= 1 && length <= 255;
        };
    }

    /// @param notify a REDIRECT or REDIRECTED_FROM
    public static Redirect of(Notify notify) throws MalformedException {
        if (!notify.is(NotifyType.REDIRECT) && !notify.is(NotifyType.REDIRECTED_FROM)) {
            throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
        }
        Reader in = new Reader(notify.data());
        int gatewayType = in.u8("gateway type");
        int length = in.u8("gateway length");
        if (!fits(gatewayType, length)) {
            throw in.malformed("gateway type " + gatewayType + " of " + length + " octets");
        }
        return new Redirect(gatewayType, in.octets(length, "gateway"), in.rest());
    }

    /// REDIRECT.
    public Notify redirect() {
        return notify(NotifyType.REDIRECT);
    }

    /// REDIRECTED_FROM: this is the gateway that sent us here.
    public Notify redirectedFrom() {
        return notify(NotifyType.REDIRECTED_FROM);
    }

    private Notify notify(NotifyType type) {
        return Notify.of(
                type,
                new Writer(2 + identity.length() + nonce.length())
                        .u8(gatewayType)
                        .u8(identity.length())
                        .octets(identity)
                        .octets(nonce)
                        .toOctets());
    }
}

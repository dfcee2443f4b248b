package io.sallyport.wire.ike.v2.notify;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;

/// One method that the sender can verify: a part of SUPPORTED_AUTH_METHODS (RFC 9593, 3.2).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+---------------+---------------+
/// |    length     |  auth method  |   cert link   |  algorithm    |
/// +---------------+---------------+---------------+---------------+
///
///  length 2    methods without a public key: 2 and 13
///  length 3    methods that are one signature scheme: 1, 3, 9, 10 and 11
///  longer      method 14
/// ```
///
/// @param method `AuthMethod`, 0..255
/// @param certificateLink which CA of the CERTREQ payloads it goes with, counted from 1; 0 for any
/// @param algorithm AlgorithmIdentifier in DER; may be empty
public record AuthAnnouncement(int method, int certificateLink, Octets algorithm) {
    private static final int SHORTEST = 2;
    private static final int LINKED = 3;

    public AuthAnnouncement {
        if (method >>> 8 != 0 || certificateLink >>> 8 != 0 || algorithm.length() > 252) {
            throw new IllegalArgumentException("announcement of auth method " + method);
        }
    }

    /// Whether the method has to do with key pairs, so that there is a link.
    private boolean isOfKeyPair() {
        return switch (method) {
            case 2, 12, 13 -> certificateLink != 0 || !algorithm.isEmpty();
            default -> true;
        };
    }

    /// Whether a method has announcements of this length. Of one that is not known nobody can say.
    private static boolean fits(int method, int length) {
        return switch (method) {
            case 2, 12, 13 -> length == SHORTEST;
            case 1, 3, 9, 10, 11 -> length == LINKED;
            case 14 -> length > LINKED;
            default -> true;
        };
    }

    /// Those whose length goes with their method.
    ///
    /// @param notify a SUPPORTED_AUTH_METHODS
    public static List<AuthAnnouncement> of(Notify notify) throws MalformedException {
        if (!notify.is(NotifyType.SUPPORTED_AUTH_METHODS)) {
            throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
        }
        Reader in = new Reader(notify.data());
        List<AuthAnnouncement> all = new ArrayList<>();
        while (!in.atEnd()) {
            int length = in.u8("announcement length");
            if (length < SHORTEST) {
                throw in.malformed("announcement of " + length + " octets");
            }
            Reader one = in.window(length - 1, "announcement");
            int method = one.u8("auth method");
            int link = one.atEnd() ? 0 : one.u8("cert link");
            if (fits(method, length)) {
                all.add(new AuthAnnouncement(method, link, one.rest()));
            }
        }
        return all;
    }

    /// SUPPORTED_AUTH_METHODS.
    public static Notify emit(List<AuthAnnouncement> all) {
        Writer out = new Writer();
        for (AuthAnnouncement one : all) {
            if (!one.isOfKeyPair()) {
                out.u8(SHORTEST).u8(one.method);
            } else {
                out.u8(LINKED + one.algorithm.length())
                        .u8(one.method)
                        .u8(one.certificateLink)
                        .octets(one.algorithm);
            }
        }
        return Notify.of(NotifyType.SUPPORTED_AUTH_METHODS, out.toOctets());
    }
}

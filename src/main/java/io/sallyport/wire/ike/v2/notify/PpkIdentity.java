package io.sallyport.wire.ike.v2.notify;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;

/// Which post-quantum preshared key is used: PPK_IDENTITY (RFC 8784, 5.1).
///
/// @param idType [#OPAQUE], [#FIXED] or another 0..255
/// @param id at least one octet
public record PpkIdentity(int idType, Octets id) {
    public static final int OPAQUE = 1;
    public static final int FIXED = 2;

    public PpkIdentity {
        if (idType >>> 8 != 0 || id.isEmpty()) {
            throw new IllegalArgumentException("PPK ID of " + id.length() + " octets");
        }
    }

    /// @param notify a PPK_IDENTITY that is not empty: a responder's acknowledgement is
    public static PpkIdentity of(Notify notify) throws MalformedException {
        if (!notify.is(NotifyType.PPK_IDENTITY)) {
            throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
        }
        Reader in = new Reader(notify.data());
        int idType = in.u8("PPK ID type");
        if (in.atEnd()) {
            throw in.malformed("no PPK ID behind its type");
        }
        return new PpkIdentity(idType, in.rest());
    }

    public Notify emit() {
        return Notify.of(
                NotifyType.PPK_IDENTITY,
                new Writer(1 + id.length()).u8(idType).octets(id).toOctets());
    }
}

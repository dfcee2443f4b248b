package io.sallyport.wire.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// A piece of a whole IKE message, header included, as peers with the vendor ID
/// [VendorIds#FRAGMENTATION] send it; the only payload of its message.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+---------------+---------------+
/// |          fragment ID          |    number     |  flags (last) |
/// +-------------------------------+---------------+---------------+
/// |                             data                              |
/// +---------------------------------------------------------------+
/// ```
///
/// @param id the same for all pieces of a message, 0..65535
/// @param number counts from 1, up to 255
/// @param data at least one octet
public record Fragment(int id, int number, boolean last, Octets data) implements Payload {
    private static final int LAST = 1;

    public Fragment {
        if (id >>> 16 != 0 || number < 1 || number > 255 || data.isEmpty()) {
            throw new IllegalArgumentException("fragment " + number + " does not fit its fields");
        }
    }

    static Fragment parse(Reader in) throws MalformedException {
        int id = in.u16("fragment ID");
        int number = in.u8("fragment number");
        int flags = in.u8("fragment flags");
        if (number == 0 || in.atEnd()) {
            throw in.malformed("fragment " + number + " of " + in.remaining() + " octets");
        }
        return new Fragment(id, number, (flags & LAST) != 0, in.rest());
    }

    @Override
    public int type() {
        return PayloadType.FRAGMENT;
    }

    @Override
    public Octets body() {
        return new Writer(4 + data.length())
                .u16(id)
                .u8(number)
                .u8(last ? LAST : 0)
                .octets(data)
                .toOctets();
    }
}

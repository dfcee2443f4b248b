package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// One message of the kernel: its type, and all behind the header.
public record NetlinkReply(int type, Octets body) {
    /// The messages of a datagram, each padded to 4; what does not fit ends the reading.
    static List<NetlinkReply> all(Octets datagram) {
        List<NetlinkReply> all = new ArrayList<>();
        ByteBuffer in = datagram.buffer().order(ByteOrder.nativeOrder());
        int at = 0;
        while (datagram.length() - at >= NetlinkMessage.HEADER) {
            int length = in.getInt(at);
            if (length < NetlinkMessage.HEADER || length > datagram.length() - at) {
                break;
            }
            all.add(
                    new NetlinkReply(
                            in.getShort(at + 4) & 0xffff,
                            datagram.slice(at + NetlinkMessage.HEADER, at + length)));
            at += length + 3 & ~3;
        }
        return all;
    }

    /// The attributes behind a fixed part of `fixed` octets.
    public Attributes attributes(int fixed) {
        return Attributes.parse(body.slice(Math.min(fixed, body.length()), body.length()));
    }

    /// An octet of the fixed part; 0 behind the end.
    public int octet(int at) {
        return at < body.length() ? body.at(at) : 0;
    }

    /// A 32-bit number of the fixed part, of the host's order; 0 behind the end.
    public int number(int at) {
        return at + 4 > body.length() ? 0 : body.buffer().order(ByteOrder.nativeOrder()).getInt(at);
    }
}

package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;
import java.nio.ByteOrder;

/// One message of the kernel: its type, and all behind the header.
public record NetlinkReply(int type, Octets body) {
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

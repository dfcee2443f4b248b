package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A request being written: header, the family's fixed part, attributes. Numbers are of the host's
/// order.
///
/// ```text
///  0 length(4)  4 type(2)  6 flags(2)  8 sequence(4)  12 port(4) | fixed part | attributes
///  attribute:  0 length(2), header included  2 type(2) | value, padded to 4
/// ```
public final class NetlinkMessage {
    public static final int NLM_F_REQUEST = 0x01;
    public static final int NLM_F_ACK = 0x04;
    public static final int NLM_F_DUMP = 0x300;
    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    public static final int NLM_F_APPEND = 0x800;

    static final int HEADER = 16;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int MOST = 8192;

    private final ByteBuffer out = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());

    /// @param flags besides NLM_F_REQUEST
    public NetlinkMessage(int type, int flags) {
        out.putInt(0).putShort((short) type).putShort((short) (flags | NLM_F_REQUEST));
        out.putInt(0).putInt(0);
    }

    boolean isDump() {
        return (out.getShort(6) & NLM_F_DUMP) == NLM_F_DUMP;
    }

    /// Octets of the fixed part.
    public NetlinkMessage octets(int... octets) {
        for (int octet : octets) {
            out.put((byte) octet);
        }
        return this;
    }

    /// A part of the fixed part that is ready.
    public NetlinkMessage octets(Octets octets) {
        octets.emit(out);
        return this;
    }

    /// 32-bit numbers of the fixed part.
    public NetlinkMessage ints(int... numbers) {
        for (int number : numbers) {
            out.putInt(number);
        }
        return this;
    }

    public NetlinkMessage attribute(int type, Octets value) {
        out.putShort((short) (ATTRIBUTE_HEADER + value.length())).putShort((short) type);
        value.emit(out);
        pad();
        return this;
    }

    public NetlinkMessage attribute(int type, int number) {
        out.putShort((short) (ATTRIBUTE_HEADER + 4)).putShort((short) type).putInt(number);
        return this;
    }

    public NetlinkMessage octetAttribute(int type, int octet) {
        return attribute(type, Octets.of((byte) octet));
    }

    public NetlinkMessage attribute(int type, IpAddress address) {
        return attribute(type, address.octets());
    }

    /// Text with a final NUL.
    public NetlinkMessage attribute(int type, String text) {
        return attribute(type, Octets.owned((text + "\0").getBytes(StandardCharsets.UTF_8)));
    }

    /// Begins an attribute that holds others.
    ///
    /// @return what [#end] wants
    public int begin(int type) {
        int at = out.position();
        out.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
        return at;
    }

    public NetlinkMessage end(int begin) {
        out.putShort(begin, (short) (out.position() - begin));
        return this;
    }

    private void pad() {
        while (out.position() % 4 != 0) {
            out.put((byte) 0);
        }
    }

    /// The finished message, part of a batch: no acknowledgement is asked for.
    Octets finishQuiet(int sequence) {
        out.putInt(0, out.position()).putInt(8, sequence);
        return Octets.take(out.duplicate().flip());
    }

    /// The finished message. An acknowledgement is asked for, unless it is a dump.
    Octets finish(int sequence) {
        int flags = out.getShort(6) & 0xffff;
        out.putShort(6, (short) (isDump() ? flags : flags | NLM_F_ACK));
        out.putInt(0, out.position()).putInt(8, sequence);
        return Octets.take(out.duplicate().flip());
    }
}

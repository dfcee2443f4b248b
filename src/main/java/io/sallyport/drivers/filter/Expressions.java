package io.sallyport.drivers.filter;

import io.sallyport.base.Octets;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.wire.ip.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A rule being written: expressions that each must hold, and at last what is done.
final class Expressions {
    private final NetlinkMessage message;
    private final int list;

    Expressions(NetlinkMessage message) {
        this.message = message;
        this.list = message.begin(Nft.RULE_EXPRESSIONS);
    }

    /// The rule is complete.
    NetlinkMessage done() {
        return message.end(list);
    }

    private interface Inside {
        void write(NetlinkMessage m);
    }

    private Expressions add(String name, Inside inside) {
        int element = message.begin(Nft.LIST_ELEMENT);
        message.attribute(Nft.EXPRESSION_NAME, name);
        int data = message.begin(Nft.EXPRESSION_DATA);
        inside.write(message);
        message.end(data).end(element);
        return this;
    }

    Expressions family(boolean v6) {
        return meta(Nft.META_NFPROTO, Nft.REGISTER)
                .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) (v6 ? Nft.IPV6 : Nft.IPV4)));
    }

    Expressions protocol(int protocol) {
        return meta(Nft.META_L4PROTO, Nft.REGISTER)
                .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) protocol));
    }

    Expressions meta(int key, int register) {
        return add(
                "meta",
                m ->
                        m.attribute(Nft.META_KEY, Nft.number(key))
                                .attribute(Nft.META_DREG, Nft.number(register)));
    }

    Expressions compare(int register, int operator, Octets value) {
        return add(
                "cmp",
                m -> {
                    m.attribute(Nft.CMP_SREG, Nft.number(register))
                            .attribute(Nft.CMP_OP, Nft.number(operator));
                    data(m, Nft.CMP_DATA, value);
                });
    }

    /// @param base `NETWORK_HEADER` or `TRANSPORT_HEADER`; fails to hold where the packet is too
    ///   short, and for the transport header of a fragment that is not the first
    Expressions load(int base, int offset, int length, int register) {
        return add(
                "payload",
                m ->
                        m.attribute(Nft.PAYLOAD_DREG, Nft.number(register))
                                .attribute(Nft.PAYLOAD_BASE, Nft.number(base))
                                .attribute(Nft.PAYLOAD_OFFSET, Nft.number(offset))
                                .attribute(Nft.PAYLOAD_LEN, Nft.number(length)));
    }

    /// Part of an extension header of IPv6.
    private Expressions extension(int type, int offset, int length, int register) {
        return add(
                "exthdr",
                m ->
                        m.attribute(Nft.EXTHDR_DREG, Nft.number(register))
                                .octetAttribute(Nft.EXTHDR_TYPE, type)
                                .attribute(Nft.EXTHDR_OFFSET, Nft.number(offset))
                                .attribute(Nft.EXTHDR_LEN, Nft.number(length)));
    }

    /// The packet is a fragment that is not the first. Changes the first register.
    Expressions laterFragment(boolean v6) {
        return v6
                ? fragment6((byte) 0xf8)
                : load(Nft.NETWORK_HEADER, 6, 2, Nft.REGISTER)
                        .anyOf(new byte[] {0x1f, (byte) 0xff});
    }

    /// The packet is a fragment of IPv6, be it the first; one that is all there is does not count
    /// (RFC 6946). Changes the first register.
    Expressions fragment6() {
        return fragment6((byte) 0xf9);
    }

    /// @param low which of the lower eight bits of offset and flags count
    private Expressions fragment6(byte low) {
        return extension(Protocol.FRAGMENT, 2, 2, Nft.REGISTER)
                .anyOf(new byte[] {(byte) 0xff, low});
    }

    /// One of these bits is set in the first register.
    private Expressions anyOf(byte[] mask) {
        return mask(Nft.REGISTER, mask)
                .compare(Nft.REGISTER, Nft.CMP_NEQ, Octets.owned(new byte[mask.length]));
    }

    /// Loads what the fragment header of IPv6 says that follows it.
    Expressions behindFragmentHeader(int register) {
        return extension(Protocol.FRAGMENT, 0, 1, register);
    }

    Expressions mask(int register, byte[] mask) {
        return add(
                "bitwise",
                m -> {
                    m.attribute(Nft.BITWISE_SREG, Nft.number(register))
                            .attribute(Nft.BITWISE_DREG, Nft.number(register))
                            .attribute(Nft.BITWISE_LEN, Nft.number(mask.length));
                    data(m, Nft.BITWISE_MASK, Octets.owned(mask.clone()));
                    data(m, Nft.BITWISE_XOR, Octets.owned(new byte[mask.length]));
                });
    }

    Expressions in(String set, int register) {
        return add(
                "lookup",
                m ->
                        m.attribute(Nft.LOOKUP_SET, set)
                                .attribute(Nft.LOOKUP_SREG, Nft.number(register)));
    }

    /// The packet is for this host.
    Expressions forUs() {
        int local = Nft.RTN_LOCAL; // a number of the host's order
        return fib(Nft.FIB_ADDRTYPE, Nft.FIB_DADDR, Nft.REGISTER)
                .compare(
                        Nft.REGISTER,
                        Nft.CMP_EQ,
                        Octets.owned(
                                ByteBuffer.allocate(4)
                                        .order(ByteOrder.nativeOrder())
                                        .putInt(local)
                                        .array()));
    }

    /// Loads the name of the link that packets to the source would leave by; all zero: none.
    Expressions wayBack(int register) {
        return fib(Nft.FIB_OIFNAME, Nft.FIB_SADDR, register);
    }

    private Expressions fib(int result, int flags, int register) {
        return add(
                "fib",
                m ->
                        m.attribute(Nft.FIB_DREG, Nft.number(register))
                                .attribute(Nft.FIB_RESULT, Nft.number(result))
                                .attribute(Nft.FIB_FLAGS, Nft.number(flags)));
    }

    Expressions counted() {
        return add("counter", _ -> {});
    }

    Expressions verdict(int code) {
        return add(
                "immediate",
                m -> {
                    m.attribute(Nft.IMMEDIATE_DREG, Nft.number(Nft.VERDICT));
                    int data = m.begin(Nft.IMMEDIATE_DATA);
                    int verdict = m.begin(Nft.DATA_VERDICT);
                    m.attribute(Nft.VERDICT_CODE, Nft.number(code)).end(verdict).end(data);
                });
    }

    private static void data(NetlinkMessage m, int type, Octets value) {
        int data = m.begin(type);
        m.attribute(Nft.DATA_VALUE, value).end(data);
    }

    /// A mask of `bits` ones in `octets` octets.
    static byte[] ones(int octets, int bits) {
        byte[] mask = new byte[octets];
        Arrays.fill(mask, 0, bits / 8, (byte) 0xff);
        if (bits % 8 != 0) {
            mask[bits / 8] = (byte) (0xff << 8 - bits % 8);
        }
        return mask;
    }
}

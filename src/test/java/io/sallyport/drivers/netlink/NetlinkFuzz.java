package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;

/// Answers and news of the kernel: datagrams with messages, messages with attributes, nested.
public final class NetlinkFuzz {
    private static final int SEQUENCE = 7;

    private NetlinkFuzz() {}

    public static void feed(byte[] input) {
        Octets datagram = Octets.of(input);
        new ReplyReader(SEQUENCE).read(datagram);
        for (NetlinkReply reply : NetlinkReply.all(datagram)) {
            for (int fixed : new int[] {0, 4, 8, 12, 16, 24}) {
                look(reply.attributes(fixed), 3);
            }
            reply.octet(0);
            reply.number(reply.body().length());
        }
    }

    private static void look(Attributes attributes, int depth) {
        for (int type = 0; type < 40; type++) {
            attributes.octets(type);
            attributes.number(type);
            attributes.octet(type);
            attributes.address(type);
            attributes.text(type);
            if (depth > 0 && attributes.octets(type).isPresent()) {
                look(attributes.nested(type), depth - 1);
            }
        }
    }
}

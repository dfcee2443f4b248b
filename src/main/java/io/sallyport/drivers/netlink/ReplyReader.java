package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Collects the answer to one request out of the datagrams that arrive: what belongs to it, until
/// the acknowledgement, the end of the dump, or the error.
final class ReplyReader {
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    private final int sequence;
    private final List<NetlinkReply> replies = new ArrayList<>();
    private boolean complete;
    private boolean interrupted;
    private int errno;
    private String text = "";

    ReplyReader(int sequence) {
        this.sequence = sequence;
    }

    /// Takes one datagram: any number of messages, each padded to 4.
    void read(Octets datagram) {
        ByteBuffer in = datagram.buffer().order(ByteOrder.nativeOrder());
        while (in.remaining() >= NetlinkMessage.HEADER && !complete) {
            int at = in.position();
            int length = in.getInt(at);
            int type = in.getShort(at + 4) & 0xffff;
            int flags = in.getShort(at + 6) & 0xffff;
            if (length < NetlinkMessage.HEADER || length > in.remaining()) {
                return;
            }
            Octets body = datagram.slice(at + NetlinkMessage.HEADER, at + length);
            if (in.getInt(at + 8) == sequence) {
                take(type, flags, body);
            }
            in.position(Math.min(in.limit(), at + (length + 3 & ~3)));
        }
    }

    private void take(int type, int flags, Octets body) {
        interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
        NetlinkReply reply = new NetlinkReply(type, body);
        switch (type) {
            case NLMSG_ERROR -> {
                complete = true;
                errno = -reply.number(0);
                // The request comes back behind the number: its header only if capped, else all of
                // it.
                int echoed =
                        (flags & NLM_F_CAPPED) != 0
                                ? NetlinkMessage.HEADER
                                : reply.number(4) + 3 & ~3;
                text = text(flags, reply, 4 + echoed);
            }
            case NLMSG_DONE -> {
                complete = true;
                errno = Math.max(0, -reply.number(0));
                text = text(flags, reply, 4);
            }
            default -> replies.add(reply);
        }
    }

    private static String text(int flags, NetlinkReply reply, int at) {
        return (flags & NLM_F_ACK_TLVS) != 0 && at >= 0
                ? reply.attributes(at).text(NLMSGERR_ATTR_MSG)
                : "";
    }

    boolean isComplete() {
        return complete;
    }

    /// The table changed while it was dumped: ask again.
    boolean isInterrupted() {
        return interrupted;
    }

    /// @throws NetlinkException if the kernel refused
    List<NetlinkReply> replies(String request) throws NetlinkException {
        if (errno != 0) {
            throw new NetlinkException(request, errno, text);
        }
        return replies;
    }
}

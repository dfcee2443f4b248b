package io.sallyport.drivers.xfrm;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// One policy of the kernel: the key it is found by, and what it does. Without templates and not
/// blocking it lets packets pass in clear.
///
/// @param priority the smaller one comes first
/// @param templates what a packet must have had or gets, the innermost first
record KernelPolicy(Key key, boolean block, int priority, List<Template> templates) {
    /// Which way, as the kernel numbers them.
    enum Direction {
        IN,
        OUT,
        /// Between two interfaces, after decryption.
        FORWARD
    }

    /// What makes a policy another one than all others.
    ///
    /// @param interfaceId of an XFRM interface; 0: of none
    /// @param mark of a VTI; 0: none
    record Key(Direction direction, KernelSelector selector, int interfaceId, int mark) {}

    /// One transform.
    ///
    /// @param protocol 50 or 51
    record Template(IpAddress source, IpAddress destination, int protocol, int mode, int reqid) {
        /// Where its number is in `struct xfrm_user_tmpl`.
        static final int REQID = 44;

        void write(ByteBuffer out, int at) {
            KernelSelector.write(out, at, destination);
            out.put(at + 20, (byte) protocol);
            out.putShort(at + 24, (short) StateMessages.family(source));
            KernelSelector.write(out, at + 28, source);
            out.putInt(at + REQID, reqid);
            out.put(at + 48, (byte) mode);
            out.putInt(at + 52, -1).putInt(at + 56, -1).putInt(at + 60, -1); // any algorithm
        }
    }

    KernelPolicy {
        templates = List.copyOf(templates);
    }

    /// The request that adds it, or replaces the one with its key.
    NetlinkMessage put() {
        ByteBuffer info = ByteBuffer.allocate(Xfrm.USERPOLICY_INFO).order(ByteOrder.nativeOrder());
        key.selector().write(info, 0);
        StateMessages.noLimits(info, Xfrm.SELECTOR);
        info.putInt(152, priority);
        info.put(160, (byte) key.direction().ordinal());
        info.put(161, (byte) (block ? Xfrm.XFRM_POLICY_BLOCK : Xfrm.XFRM_POLICY_ALLOW));
        NetlinkMessage message =
                new NetlinkMessage(Xfrm.XFRM_MSG_UPDPOLICY, 0).octets(Octets.take(info));
        if (!templates.isEmpty()) {
            ByteBuffer all =
                    ByteBuffer.allocate(Xfrm.TEMPLATE * templates.size())
                            .order(ByteOrder.nativeOrder());
            for (int i = 0; i < templates.size(); i++) {
                templates.get(i).write(all, i * Xfrm.TEMPLATE);
            }
            message.attribute(Xfrm.XFRMA_TMPL, Octets.take(all));
        }
        return bound(message, key);
    }

    /// The request that removes the policy with this key.
    static NetlinkMessage delete(Key key) {
        ByteBuffer id = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        key.selector().write(id, 0);
        id.put(60, (byte) key.direction().ordinal());
        return bound(new NetlinkMessage(Xfrm.XFRM_MSG_DELPOLICY, 0).octets(Octets.take(id)), key);
    }

    /// The value of `IP_XFRM_POLICY`: a socket with it passes all policies, both ways.
    static Octets passing(Direction direction, boolean v6) {
        ByteBuffer info = ByteBuffer.allocate(Xfrm.USERPOLICY_INFO).order(ByteOrder.nativeOrder());
        info.putShort(40, (short) StateMessages.family(v6 ? IpAddress.ANY6 : IpAddress.ANY4));
        StateMessages.noLimits(info, Xfrm.SELECTOR);
        info.put(160, (byte) direction.ordinal());
        info.put(161, (byte) Xfrm.XFRM_POLICY_ALLOW);
        return Octets.take(info);
    }

    private static NetlinkMessage bound(NetlinkMessage message, Key key) {
        if (key.interfaceId() != 0) {
            message.attribute(Xfrm.XFRMA_IF_ID, key.interfaceId());
        }
        if (key.mark() != 0) {
            message.attribute(Xfrm.XFRMA_MARK, StateMessages.mark(key.mark()));
        }
        return message;
    }
}

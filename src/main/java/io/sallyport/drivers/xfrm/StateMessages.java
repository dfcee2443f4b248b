package io.sallyport.drivers.xfrm;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.model.sa.VolumeLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// The requests that add, read and delete a state: one direction of one protocol of an SA, as the
/// kernel has it (`struct xfrm_usersa_info`).
///
/// ```text
///   0 selector(56)  56 destination(16), SPI(4), protocol(1)  80 source(16)  96 limits(64)
///  160 counted(32)  192 statistics(12)  204 sequence(4)  208 reqid(4)  212 family(2)
///  214 mode  215 replay window  216 flags
/// ```
final class StateMessages {
    private static final int MOST_PLAIN_WINDOW = 32;

    private StateMessages() {}

    /// How the kernel finds a state.
    record Id(IpAddress destination, int spi, int protocol) {}

    /// A state to be added.
    ///
    /// @param selector of transport mode and BEET
    /// @param limits of this direction
    /// @param replay the window and numbers of a state that this one goes on from
    record Wish(
            Id id,
            IpAddress source,
            int mode,
            int reqid,
            int flags,
            int extraFlags,
            int replayWindow,
            Optional<KernelSelector> selector,
            VolumeLimits limits,
            Optional<Replay> replay) {
        boolean hasFlag(int flag) {
            return (flags & flag) != 0;
        }
    }

    /// An attribute with numbers and window, as the kernel gave it.
    record Replay(int attribute, Octets value) {}

    /// Without algorithms and what binds it to an interface.
    static NetlinkMessage add(Wish wish) {
        ByteBuffer info = ByteBuffer.allocate(Xfrm.USERSA_INFO).order(ByteOrder.nativeOrder());
        wish.selector().ifPresent(s -> s.write(info, 0));
        KernelSelector.write(info, Xfrm.SA_DESTINATION, wish.id().destination());
        info.put(Xfrm.SA_SPI, Octets.ofInt(wish.id().spi()).toArray());
        info.put(Xfrm.SA_SPI + 4, (byte) wish.id().protocol());
        KernelSelector.write(info, 80, wish.source());
        limits(info, 96, wish.limits());
        info.putInt(Xfrm.SA_REQID, wish.reqid());
        info.putShort(Xfrm.SA_FAMILY, (short) family(wish.source()));
        info.put(214, (byte) wish.mode());
        boolean large =
                wish.hasFlag(Xfrm.XFRM_STATE_ESN) || wish.replayWindow() > MOST_PLAIN_WINDOW;
        info.put(215, (byte) (large ? 0 : wish.replayWindow()));
        info.put(216, (byte) wish.flags());
        NetlinkMessage message =
                new NetlinkMessage(
                                Xfrm.XFRM_MSG_NEWSA,
                                NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL)
                        .octets(Octets.take(info));
        if (wish.extraFlags() != 0) {
            message.attribute(Xfrm.XFRMA_SA_EXTRA_FLAGS, wish.extraFlags());
        }
        if (wish.replay().isPresent()) {
            message.attribute(wish.replay().get().attribute(), wish.replay().get().value());
        } else if (large) {
            message.attribute(Xfrm.XFRMA_REPLAY_ESN_VAL, window(wish.replayWindow()));
        }
        return message;
    }

    /// `struct xfrm_replay_state_esn`: words of the bitmap, numbers, window, bitmap. The kernel
    /// refuses extended numbers without a window.
    private static Octets window(int packets) {
        int size = Math.max(MOST_PLAIN_WINDOW, packets);
        int words = (size + 31) / 32;
        return Octets.take(
                ByteBuffer.allocate(24 + 4 * words)
                        .order(ByteOrder.nativeOrder())
                        .putInt(0, words)
                        .putInt(20, size));
    }

    static NetlinkMessage get(Id id) {
        return new NetlinkMessage(Xfrm.XFRM_MSG_GETSA, 0).octets(octets(id));
    }

    static NetlinkMessage delete(Id id) {
        return new NetlinkMessage(Xfrm.XFRM_MSG_DELSA, 0).octets(octets(id));
    }

    /// `struct xfrm_usersa_id`.
    private static Octets octets(Id id) {
        ByteBuffer out = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        KernelSelector.write(out, 0, id.destination());
        out.put(16, Octets.ofInt(id.spi()).toArray());
        out.putShort(20, (short) family(id.destination()));
        out.put(22, (byte) id.protocol());
        return Octets.take(out);
    }

    /// `struct xfrm_encap_tmpl`, RFC 3948: kind, ports in network order, no original address.
    static Octets encapsulation(int sourcePort, int destinationPort) {
        ByteBuffer out = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        out.putShort(0, (short) Xfrm.UDP_ENCAP_ESPINUDP);
        out.put(2, (byte) (sourcePort >> 8)).put(3, (byte) sourcePort);
        out.put(4, (byte) (destinationPort >> 8)).put(5, (byte) destinationPort);
        return Octets.take(out);
    }

    /// `struct xfrm_mark`: a value and the bits that count.
    static Octets mark(int value) {
        return Octets.take(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putInt(0, value)
                        .putInt(4, -1));
    }

    /// `struct xfrm_lifetime_cfg`: octets, then packets, soft and hard, then four times.
    private static void limits(ByteBuffer out, int at, VolumeLimits limits) {
        out.putLong(at, limit(limits.softOctets())).putLong(at + 8, limit(limits.hardOctets()));
        out.putLong(at + 16, limit(limits.softPackets()));
        out.putLong(at + 24, limit(limits.hardPackets()));
    }

    private static long limit(long ours) {
        return ours == VolumeLimits.NO_LIMIT ? Xfrm.INFINITE : ours;
    }

    static void noLimits(ByteBuffer out, int at) {
        limits(out, at, VolumeLimits.NONE);
    }

    static int family(IpAddress address) {
        return address.v6() ? Sockets.AF_INET6 : Sockets.AF_INET;
    }
}

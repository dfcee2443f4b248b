package io.sallyport.drivers.xfrm;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.ffi.linux.Sockets;
import java.nio.ByteOrder;
import java.util.Optional;

/// What the kernel tells of its states and policies without being asked.
public sealed interface KernelNews {
    /// A packet met a policy without an SA (`XFRM_MSG_ACQUIRE`).
    ///
    /// @param reqid of the policy's template
    record Acquired(int reqid) implements KernelNews {}

    /// A state reached a limit of octets or packets (`XFRM_MSG_EXPIRE`); at the hard one it is
    /// gone.
    record Expired(int spi, boolean hard) implements KernelNews {}

    /// Authentic packets of a state come from another address or port (`XFRM_MSG_MAPPING`).
    record Moved(int spi, Endpoint peer) implements KernelNews {}

    /// `struct xfrm_user_acquire` without what follows it.
    int ACQUIRE = 280;

    /// `struct xfrm_user_expire`: the state, then whether the limit is the hard one.
    int EXPIRE = 232;

    /// `struct xfrm_user_mapping`.
    int MAPPING = 64;

    /// Empty for messages of other kinds, and for those that are too short.
    static Optional<KernelNews> of(NetlinkReply reply) {
        Octets body = reply.body();
        return switch (reply.type()) {
            case Xfrm.XFRM_MSG_ACQUIRE ->
                    reply.attributes(ACQUIRE)
                            .octets(Xfrm.XFRMA_TMPL)
                            .filter(t -> t.length() >= Xfrm.TEMPLATE)
                            .map(t ->
                                    new Acquired(
                                            t.buffer()
                                                    .order(ByteOrder.nativeOrder())
                                                    .getInt(KernelPolicy.Template.REQID)));
            case Xfrm.XFRM_MSG_EXPIRE ->
                    body.length() < EXPIRE
                            ? Optional.empty()
                            : Optional.of(
                                    new Expired(
                                            body.buffer().getInt(Xfrm.SA_SPI),
                                            body.at(Xfrm.USERSA_INFO) != 0));
            case Xfrm.XFRM_MSG_MAPPING ->
                    body.length() < MAPPING ? Optional.empty() : Optional.of(moved(body));
            default -> Optional.empty();
        };
    }

    /// ```text
    ///  0 destination(16), SPI(4), family(2)  24 reqid(4)  28 old source(16)  44 new source(16)
    ///  60 old port(2)  62 new port(2)
    /// ```
    private static Moved moved(Octets body) {
        boolean v6 = body.buffer().order(ByteOrder.nativeOrder()).getShort(20) == Sockets.AF_INET6;
        IpAddress source = IpAddress.ofOctets(body.slice(44, v6 ? 60 : 48));
        return new Moved(
                body.buffer().getInt(16),
                new Endpoint(source, body.buffer().getShort(62) & 0xffff));
    }
}

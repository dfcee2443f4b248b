package io.sallyport.drivers.route;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netlink.Attributes;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.ffi.linux.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The interfaces of a namespace. Names that are not there give a [NetlinkException] with ENODEV.
public final class Links {
    private static final int CREATE = NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;

    private final NetlinkSocket socket;

    Links(NetlinkSocket socket) {
        this.socket = socket;
    }

    public Optional<Link> find(String name) throws IOException {
        NetlinkMessage get = header(Rtnetlink.RTM_GETLINK, 0, 0, 0, 0);
        get.attribute(Rtnetlink.IFLA_IFNAME, name);
        try {
            return socket.ask(get, "find link " + name).stream().map(Links::parse).findFirst();
        } catch (NetlinkException e) {
            if (e.is(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// @throws NetlinkException with ENODEV
    public int index(String name) throws IOException {
        return find(name)
                .orElseThrow(
                        () -> new NetlinkException("find link " + name, Errno.ENODEV.number(), ""))
                .index();
    }

    /// The name of the link with this index; empty if there is none.
    public String name(int index) throws IOException {
        try {
            return socket
                    .ask(header(Rtnetlink.RTM_GETLINK, 0, index, 0, 0), "find link " + index)
                    .stream()
                    .map(r -> parse(r).name())
                    .findFirst()
                    .orElse("");
        } catch (NetlinkException e) {
            if (e.is(Errno.ENODEV) || e.is(Errno.EINVAL)) {
                return "";
            }
            throw e;
        }
    }

    public List<Link> list() throws IOException {
        NetlinkMessage dump = header(Rtnetlink.RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, 0, 0, 0);
        List<Link> links = new ArrayList<>();
        for (NetlinkReply reply : socket.ask(dump, "list links")) {
            links.add(parse(reply));
        }
        return links;
    }

    static Link parse(NetlinkReply reply) {
        Attributes a = reply.attributes(Rtnetlink.IFINFOMSG);
        return new Link(
                reply.number(4),
                a.text(Rtnetlink.IFLA_IFNAME),
                (reply.number(8) & Rtnetlink.IFF_UP) != 0,
                a.number(Rtnetlink.IFLA_MTU).orElse(0),
                a.nested(Rtnetlink.IFLA_LINKINFO).text(Rtnetlink.IFLA_INFO_KIND),
                a.number(Rtnetlink.IFLA_MASTER).orElse(0));
    }

    public void up(String name) throws IOException {
        flags(name, Rtnetlink.IFF_UP, "set link " + name + " up");
    }

    public void down(String name) throws IOException {
        flags(name, 0, "set link " + name + " down");
    }

    private void flags(String name, int flags, String what) throws IOException {
        socket.ask(header(Rtnetlink.RTM_NEWLINK, 0, index(name), flags, Rtnetlink.IFF_UP), what);
    }

    public void mtu(String name, int octets) throws IOException {
        NetlinkMessage set = header(Rtnetlink.RTM_NEWLINK, 0, index(name), 0, 0);
        set.attribute(Rtnetlink.IFLA_MTU, octets);
        socket.ask(set, "set mtu of " + name + " to " + octets);
    }

    public void delete(String name) throws IOException {
        socket.ask(header(Rtnetlink.RTM_DELLINK, 0, index(name), 0, 0), "delete link " + name);
    }

    /// Moves a link into another namespace; it arrives there down and without addresses.
    ///
    /// @param namespaceFd a descriptor of that namespace
    public void move(String name, int namespaceFd) throws IOException {
        NetlinkMessage set = header(Rtnetlink.RTM_NEWLINK, 0, index(name), 0, 0);
        set.attribute(Rtnetlink.IFLA_NET_NS_FD, namespaceFd);
        socket.ask(set, "move link " + name);
    }

    /// Two links that are the ends of one cable, both in this namespace.
    public void addVeth(String name, String peer) throws IOException {
        addVeth(name, peer, -1);
    }

    /// Two links that are the ends of one cable.
    ///
    /// @param peerNamespaceFd the namespace of `peer`; -1: this one
    public void addVeth(String name, String peer, int peerNamespaceFd) throws IOException {
        NetlinkMessage add = header(Rtnetlink.RTM_NEWLINK, CREATE, 0, 0, 0);
        add.attribute(Rtnetlink.IFLA_IFNAME, name);
        int info = add.begin(Rtnetlink.IFLA_LINKINFO);
        add.attribute(Rtnetlink.IFLA_INFO_KIND, "veth");
        int data = add.begin(Rtnetlink.IFLA_INFO_DATA);
        int other = add.begin(Rtnetlink.VETH_INFO_PEER);
        add.octets(0, 0, 0, 0).ints(0, 0, 0);
        add.attribute(Rtnetlink.IFLA_IFNAME, peer);
        if (peerNamespaceFd >= 0) {
            add.attribute(Rtnetlink.IFLA_NET_NS_FD, peerNamespaceFd);
        }
        add.end(other).end(data).end(info);
        socket.ask(add, "add veth " + name + " and " + peer);
    }

    /// An interface whose packets belong to the states and policies with this number (Linux 4.19).
    ///
    /// @throws NetlinkException with EOPNOTSUPP if the kernel has none such
    public void addXfrm(String name, int number) throws IOException {
        NetlinkMessage add = header(Rtnetlink.RTM_NEWLINK, CREATE, 0, 0, 0);
        add.attribute(Rtnetlink.IFLA_IFNAME, name);
        int info = add.begin(Rtnetlink.IFLA_LINKINFO);
        add.attribute(Rtnetlink.IFLA_INFO_KIND, "xfrm");
        int data = add.begin(Rtnetlink.IFLA_INFO_DATA);
        add.attribute(Rtnetlink.IFLA_XFRM_IF_ID, number);
        add.end(data).end(info);
        socket.ask(add, "add XFRM interface " + name);
    }

    /// An interface whose packets belong to the policies with this mark; where to, see [#leadVti].
    /// Until then it leads to an address that is nobody's (RFC 1112, 4: class E), and to another
    /// one than all its like, for the kernel tells VTIs from each other by their ends.
    ///
    /// @throws NetlinkException with EOPNOTSUPP if the kernel has none such
    public void addVti(String name, int mark) throws IOException {
        IpAddress nobody = IpAddress.v4(0xf0000000 | mark & 0xffffff);
        vti(name, mark, IpAddress.ANY4, nobody, CREATE, "add VTI " + name);
    }

    /// Gives a VTI the ends of its tunnel.
    public void leadVti(String name, int mark, IpAddress local, IpAddress remote)
            throws IOException {
        vti(name, mark, local, remote, 0, "lead VTI " + name + " to " + remote);
    }

    private void vti(
            String name, int mark, IpAddress local, IpAddress remote, int flags, String what)
            throws IOException {
        if (remote.v6()) {
            throw new IOException(what + ": only IPv4 outside; the kernel has no XFRM interfaces");
        }
        NetlinkMessage message =
                header(Rtnetlink.RTM_NEWLINK, flags, flags == 0 ? index(name) : 0, 0, 0);
        if (flags != 0) {
            message.attribute(Rtnetlink.IFLA_IFNAME, name); // else it would be a new name
        }
        int info = message.begin(Rtnetlink.IFLA_LINKINFO);
        message.attribute(Rtnetlink.IFLA_INFO_KIND, "vti");
        int data = message.begin(Rtnetlink.IFLA_INFO_DATA);
        message.attribute(Rtnetlink.IFLA_VTI_IKEY, Octets.ofInt(mark));
        message.attribute(Rtnetlink.IFLA_VTI_OKEY, Octets.ofInt(mark));
        message.attribute(Rtnetlink.IFLA_VTI_LOCAL, local);
        message.attribute(Rtnetlink.IFLA_VTI_REMOTE, remote);
        message.end(data).end(info);
        socket.ask(message, what);
    }

    /// An interface that swallows what it is given.
    ///
    /// @throws NetlinkException with EOPNOTSUPP if the kernel has none such
    public void addDummy(String name) throws IOException {
        add(name, "dummy");
    }

    public void addBridge(String name) throws IOException {
        add(name, "bridge");
    }

    private void add(String name, String kind) throws IOException {
        NetlinkMessage add = header(Rtnetlink.RTM_NEWLINK, CREATE, 0, 0, 0);
        add.attribute(Rtnetlink.IFLA_IFNAME, name);
        int info = add.begin(Rtnetlink.IFLA_LINKINFO);
        add.attribute(Rtnetlink.IFLA_INFO_KIND, kind).end(info);
        socket.ask(add, "add " + kind + " " + name);
    }

    /// Makes `name` a port of the bridge `bridge`.
    public void enslave(String name, String bridge) throws IOException {
        NetlinkMessage set = header(Rtnetlink.RTM_NEWLINK, 0, index(name), 0, 0);
        set.attribute(Rtnetlink.IFLA_MASTER, index(bridge));
        socket.ask(set, "add " + name + " to bridge " + bridge);
    }

    /// `struct ifinfomsg`: family, padding, type(2), index, flags, which flags to change.
    private static NetlinkMessage header(int type, int flags, int index, int up, int change) {
        return new NetlinkMessage(type, flags).octets(0, 0, 0, 0).ints(index, up, change);
    }
}

package io.sallyport.drivers.route;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netlink.Attributes;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The addresses of a namespace's links.
public final class Addresses {
    private final NetlinkSocket socket;
    private final Links links;

    Addresses(NetlinkSocket socket, Links links) {
        this.socket = socket;
        this.links = links;
    }

    public void add(String link, InsideAddress address) throws IOException {
        add(link, address, address.address());
    }

    /// As `ip addr add ADDRESS remote PEER/LENGTH`: the network of the peer becomes reachable by
    /// the link.
    public void add(String link, InsideAddress address, IpAddress peer) throws IOException {
        NetlinkMessage add =
                message(
                        Rtnetlink.RTM_NEWADDR,
                        NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL,
                        link,
                        address,
                        peer);
        if (address.address().v6()) {
            // Usable at once: it was given to us, nobody else on the link may have it.
            add.attribute(Rtnetlink.IFA_FLAGS, Rtnetlink.IFA_F_NODAD);
        }
        socket.ask(add, "add address " + address + " to " + link);
    }

    public void delete(String link, InsideAddress address) throws IOException {
        delete(link, address, address.address());
    }

    public void delete(String link, InsideAddress address, IpAddress peer) throws IOException {
        socket.ask(
                message(Rtnetlink.RTM_DELADDR, 0, link, address, peer),
                "delete address " + address + " of " + link);
    }

    private NetlinkMessage message(
            int type, int flags, String link, InsideAddress address, IpAddress peer)
            throws IOException {
        boolean v6 = address.address().v6();
        return new NetlinkMessage(type, flags)
                .octets(Rtnetlink.family(v6), address.length(), 0, scope(address.address()))
                .ints(links.index(link))
                .attribute(Rtnetlink.IFA_LOCAL, address.address())
                .attribute(Rtnetlink.IFA_ADDRESS, peer);
    }

    private static int scope(IpAddress address) {
        boolean loopback =
                address.v6()
                        ? address.high() == 0 && address.low() == 1
                        : address.low() >>> 24 == 127;
        return loopback ? Rtnetlink.SCOPE_HOST : Rtnetlink.SCOPE_UNIVERSE;
    }

    /// All addresses of all links, both families.
    public List<LinkAddress> list() throws IOException {
        Map<Integer, String> names = new HashMap<>();
        for (Link link : links.list()) {
            names.put(link.index(), link.name());
        }
        NetlinkMessage dump =
                new NetlinkMessage(Rtnetlink.RTM_GETADDR, NetlinkMessage.NLM_F_DUMP)
                        .octets(0, 0, 0, 0)
                        .ints(0);
        List<LinkAddress> addresses = new ArrayList<>();
        for (NetlinkReply reply : socket.ask(dump, "list addresses")) {
            parse(reply, names.getOrDefault(reply.number(4), "")).ifPresent(addresses::add);
        }
        return addresses;
    }

    public List<LinkAddress> list(String link) throws IOException {
        return list().stream().filter(a -> a.link().equals(link)).toList();
    }

    static Optional<LinkAddress> parse(NetlinkReply reply, String link) {
        Attributes a = reply.attributes(Rtnetlink.IFADDRMSG);
        Optional<IpAddress> peer = a.address(Rtnetlink.IFA_ADDRESS);
        Optional<IpAddress> local = a.address(Rtnetlink.IFA_LOCAL).or(() -> peer);
        return local.map(
                l -> new LinkAddress(link, new InsideAddress(l, reply.octet(1)), peer.orElse(l)));
    }
}

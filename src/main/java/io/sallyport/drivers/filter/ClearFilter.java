package io.sallyport.drivers.filter;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.wire.ip.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Our table of nf_tables, `inet sallyport`, in the namespace of the thread that opened it. It
/// outlives this process, as guards must. One thread at a time.
///
/// RFC 4301, 5.2 has inbound packets in clear looked up in the SPD as well. With the data plane in
/// user space the kernel would deliver and forward them: it does not know our SPD.
public final class ClearFilter implements AutoCloseable {
    /// The name of the table.
    public static final String TABLE = "sallyport";

    /// Who listens here hears of tables that went.
    public static final int GROUPS = 1 << 6;

    private final NetlinkSocket socket;
    private final int mark;

    private ClearFilter(int mark) throws IOException {
        this.socket = NetlinkSocket.open(Sockets.NETLINK_NETFILTER);
        this.mark = mark;
    }

    /// @param mark of our own datagrams
    /// @throws NoFilterException if this kernel cannot do all that a wall needs, or the name of our
    ///   table is taken
    public static ClearFilter open(int mark) throws IOException {
        ClearFilter filter = null;
        try {
            filter = new ClearFilter(mark);
            filter.tryAll();
            filter.refuseForeign();
            return filter;
        } catch (IOException e) {
            if (filter != null) {
                filter.close();
            }
            throw e instanceof NoFilterException
                    ? e
                    : new NoFilterException("nf_tables of this kernel: " + e.getMessage());
        }
    }

    /// Empty on a kernel without nf_tables, where there is nothing to remove.
    public static Optional<ClearFilter> ifPossible() {
        try {
            return Optional.of(new ClearFilter(0));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Has the kernel take a wall with every kind of rule, and remove it again, as one: no packet
    /// ever sees it.
    private void tryAll() throws IOException {
        List<Term> terms = new ArrayList<>();
        for (Term.Answer answer : Term.Answer.values()) {
            for (IpPrefix any : List.of(IpPrefix.ALL4, IpPrefix.ALL6)) {
                PortPrefix port = new PortPrefix(0x8000, 1);
                terms.add(new Term(answer, any, any, Protocol.TCP, port, port));
            }
        }
        String table = TABLE + "-trial";
        socket.askBatch(
                Ruleset.trial(table, new Wall(Set.of("lo"), terms)), "try table inet " + table);
    }

    /// Whether the kernel tells that our table went. It tells so of a replacement too.
    public static boolean removes(NetlinkReply news) {
        return news.type() == Nft.DELTABLE
                && news.attributes(Nft.FAMILY_HEADER).text(Nft.TABLE_NAME).equals(TABLE);
    }

    /// Whether our table is there, ours or a killed daemon's.
    public boolean isThere() throws IOException {
        return has(
                Ruleset.message(Nft.GETCHAIN, 0)
                        .attribute(Nft.CHAIN_TABLE, TABLE)
                        .attribute(Nft.CHAIN_NAME, Ruleset.IN));
    }

    private boolean has(NetlinkMessage question) throws IOException {
        try {
            socket.ask(question, "look for table inet " + TABLE);
            return true;
        } catch (NetlinkException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP)) {
                return false; // EINVAL, EOPNOTSUPP: the kernel has no nf_tables
            }
            throw e;
        }
    }

    private void refuseForeign() throws IOException {
        if (!isThere() && has(Ruleset.message(Nft.GETTABLE, 0).attribute(Nft.TABLE_NAME, TABLE))) {
            throw new NoFilterException(
                    "table inet "
                            + TABLE
                            + " of nf_tables is somebody else's, and is left alone: we need that"
                            + " name");
        }
    }

    /// Puts `wall` in the place of what was there, in one step: no packet sees half of it.
    ///
    /// @throws IOException if the kernel refuses; then the old one stands
    public void replace(Wall wall) throws IOException {
        if (wall.isNone()) {
            if (isThere()) {
                socket.askBatch(Ruleset.removal(TABLE), "remove table inet " + TABLE);
            }
            return;
        }
        refuseForeign();
        socket.askBatch(Ruleset.replacement(TABLE, mark, wall), "replace table inet " + TABLE);
    }

    @Override
    public void close() {
        socket.close();
    }
}

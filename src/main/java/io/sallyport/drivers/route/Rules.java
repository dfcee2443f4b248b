package io.sallyport.drivers.route;

import io.sallyport.base.Octets;
import io.sallyport.drivers.netlink.Attributes;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.ffi.linux.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The routing rules of a namespace.
public final class Rules {
    private final NetlinkSocket socket;

    Rules(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// @throws NetlinkException with EEXIST if it is there
    public void add(Rule rule) throws IOException {
        write(
                Rtnetlink.RTM_NEWRULE,
                NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL,
                rule,
                "add");
    }

    /// @return false if it was not there
    public boolean delete(Rule rule) throws IOException {
        try {
            write(Rtnetlink.RTM_DELRULE, 0, rule, "delete");
            return true;
        } catch (NetlinkException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    private void write(int type, int flags, Rule rule, String verb) throws IOException {
        NetlinkMessage m =
                new NetlinkMessage(type, flags)
                        .octets(Rtnetlink.family(rule.v6()), 0, 0, 0)
                        .octets(0, 0, 0, Rtnetlink.FR_ACT_TO_TBL)
                        .ints(rule.inverted() ? Rtnetlink.FIB_RULE_INVERT : 0)
                        .attribute(Rtnetlink.FRA_PRIORITY, rule.priority())
                        .attribute(Rtnetlink.FRA_TABLE, rule.table())
                        .attribute(Rtnetlink.FRA_PROTOCOL, Octets.of((byte) rule.protocol()));
        if (rule.mark() != 0) {
            m.attribute(Rtnetlink.FRA_FWMARK, rule.mark()).attribute(Rtnetlink.FRA_FWMASK, -1);
        }
        socket.ask(m, verb + " rule " + rule);
    }

    /// The rules of both families.
    public List<Rule> list() throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (boolean v6 : new boolean[] {false, true}) {
            NetlinkMessage dump =
                    new NetlinkMessage(Rtnetlink.RTM_GETRULE, NetlinkMessage.NLM_F_DUMP)
                            .octets(Rtnetlink.family(v6), 0, 0, 0, 0, 0, 0, 0)
                            .ints(0);
            for (NetlinkReply reply : socket.ask(dump, "list rules")) {
                rules.add(parse(reply, v6));
            }
        }
        return rules;
    }

    /// The rules that `protocol` made, e.g. [Route#OURS].
    public List<Rule> listBy(int protocol) throws IOException {
        return list().stream().filter(r -> r.protocol() == protocol).toList();
    }

    static Rule parse(NetlinkReply reply, boolean v6) {
        Attributes a = reply.attributes(Rtnetlink.FIB_RULE_HDR);
        return new Rule(
                v6,
                a.number(Rtnetlink.FRA_PRIORITY).orElse(0),
                a.number(Rtnetlink.FRA_FWMARK).orElse(0),
                (reply.number(8) & Rtnetlink.FIB_RULE_INVERT) != 0,
                a.number(Rtnetlink.FRA_TABLE).orElse(reply.octet(4)),
                a.octet(Rtnetlink.FRA_PROTOCOL).orElse(0));
    }
}

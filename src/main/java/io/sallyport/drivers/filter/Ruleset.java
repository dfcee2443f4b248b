package io.sallyport.drivers.filter;

import io.sallyport.base.Octets;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.wire.ip.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A [Wall] being written as messages to nf_tables: a table of the family `inet` with two chains.
///
/// ```text
///  refuse-clear-in    before routing   by a link of ours | IKE, ESP, AH to us | neighbours | terms
///  refuse-clear-out   after routing    by a link of ours | with our mark      | neighbours | terms, mirrored
/// ```
final class Ruleset {
    /// By the name of this chain we know our table from one that somebody else named so.
    static final String IN = "refuse-clear-in";

    private static final String OUT = "refuse-clear-out";
    private static final String COMMENT =
            "by Sallyport: refuses what policy protects; 'sallyport down' removes it";
    private static final String LINKS = "links";
    private static final String AWAY = "away";

    /// Before connection tracking and every NAT, after the kernel put fragments together where it
    /// does.
    private static final int PRIORITY = -290;

    /// Elements that surely fit one message.
    private static final int ELEMENTS_A_MESSAGE = 100;

    private static final int IKE = 500;
    private static final int IKE_IN_NAT = 4500;
    private static final int UDP = Protocol.UDP;
    private static final int NDP_FIRST = 133;
    private static final int NDP_LAST = 137;

    private final String table;
    private final int mark;
    private final List<NetlinkMessage> batch = new ArrayList<>();
    private int sets;

    private Ruleset(String table, int mark) {
        this.table = table;
        this.mark = mark;
        bracket(Nft.BATCH_BEGIN);
    }

    private void bracket(int type) {
        batch.add(new NetlinkMessage(type, 0).octets(0, 0, 0, Nft.SUBSYSTEM));
    }

    private List<NetlinkMessage> ended() {
        bracket(Nft.BATCH_END);
        return batch;
    }

    /// The removal of a table, no error if there is none.
    static List<NetlinkMessage> removal(String table) {
        Ruleset ruleset = new Ruleset(table, 0);
        ruleset.remove();
        return ruleset.ended();
    }

    /// A table in the place of what was there.
    ///
    /// @param mark of our own datagrams
    static List<NetlinkMessage> replacement(String table, int mark, Wall wall) {
        Ruleset ruleset = new Ruleset(table, mark);
        ruleset.remove();
        ruleset.build(wall);
        return ruleset.ended();
    }

    /// A table that is made and removed again before anybody sees it; refused if it is there.
    static List<NetlinkMessage> trial(String table, Wall wall) {
        Ruleset ruleset = new Ruleset(table, 1);
        ruleset.build(wall);
        ruleset.remove();
        return ruleset.ended();
    }

    /// A table that is not there cannot be deleted, so it is made first.
    private void remove() {
        batch.add(table(Nft.NEWTABLE, NetlinkMessage.NLM_F_CREATE));
        batch.add(table(Nft.DELTABLE, 0));
    }

    private NetlinkMessage table(int type, int flags) {
        return message(type, flags).attribute(Nft.TABLE_NAME, table);
    }

    private void build(Wall wall) {
        batch.add(
                table(Nft.NEWTABLE, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL)
                        .attribute(Nft.TABLE_USERDATA, comment()));
        List<Octets> links = new ArrayList<>();
        wall.links().stream().sorted().forEach(l -> links.add(link(l)));
        List<Octets> away = new ArrayList<>(links);
        links.add(link("lo"));
        away.add(link("")); // no way back at all
        set(LINKS, SetKey.LINK, Nft.NAME_OCTETS, links);
        set(AWAY, SetKey.LINK, Nft.NAME_OCTETS, away);
        chain(IN, Nft.PREROUTING);
        ours(IN, Nft.META_IIFNAME);
        exempt();
        neighbours(IN);
        terms(IN, wall.terms());
        chain(OUT, Nft.POSTROUTING);
        ours(OUT, Nft.META_OIFNAME);
        batch.add(
                rule(OUT)
                        .meta(Nft.META_MARK, Nft.REGISTER)
                        .compare(Nft.REGISTER, Nft.CMP_EQ, ofHost(mark))
                        .verdict(Nft.NF_ACCEPT)
                        .done());
        neighbours(OUT);
        // What is routed into a TUN, whatever its policy says, is a matter of routes
        terms(
                OUT,
                wall.terms().stream()
                        .filter(t -> t.answer() != Term.Answer.DROP_UNLESS_ROUTED)
                        .map(Term::mirrored)
                        .toList());
    }

    private void chain(String name, int hookNumber) {
        NetlinkMessage chain =
                message(Nft.NEWCHAIN, NetlinkMessage.NLM_F_CREATE)
                        .attribute(Nft.CHAIN_TABLE, table)
                        .attribute(Nft.CHAIN_NAME, name);
        int hook = chain.begin(Nft.CHAIN_HOOK);
        chain.attribute(Nft.HOOK_NUMBER, Nft.number(hookNumber))
                .attribute(Nft.HOOK_PRIORITY, Nft.number(PRIORITY))
                .end(hook)
                .attribute(Nft.CHAIN_POLICY, Nft.number(Nft.NF_ACCEPT))
                .attribute(Nft.CHAIN_TYPE, "filter");
        batch.add(chain);
    }

    private void ours(String chain, int meta) {
        batch.add(
                rule(chain)
                        .meta(meta, Nft.REGISTER)
                        .in(LINKS, Nft.REGISTER)
                        .verdict(Nft.NF_ACCEPT)
                        .done());
    }

    private void terms(String chain, List<Term> terms) {
        for (Layer layer : Layer.of(terms)) {
            terms(chain, layer);
            if (layer.asksForMoreThanFragmentsTell()) {
                layer.ofFragments().forEach(part -> terms(chain, part));
            }
        }
    }

    private void terms(String chain, Layer layer) {
        String set = layer.answer().name().toLowerCase(Locale.ROOT) + (sets + 1);
        set(set, layer.keyType(), layer.keyOctets(), layer.keys());
        Expressions rule = layer.load(rule(chain)).in(set, Nft.REGISTER);
        batch.add(
                switch (layer.answer()) {
                    case PASS -> rule.verdict(Nft.NF_ACCEPT).done();
                    case DROP -> rule.counted().verdict(Nft.NF_DROP).done();
                    case DROP_UNLESS_ROUTED ->
                            rule.wayBack(Nft.REGISTER)
                                    .in(AWAY, Nft.REGISTER)
                                    .counted()
                                    .verdict(Nft.NF_DROP)
                                    .done();
                });
    }

    /// What must come in clear, because it is how anything else comes protected.
    private void exempt() {
        for (int protocol : new int[] {Protocol.ESP, Protocol.AH}) {
            batch.add(rule(IN).protocol(protocol).forUs().verdict(Nft.NF_ACCEPT).done());
        }
        for (int port : new int[] {IKE, IKE_IN_NAT}) {
            batch.add(
                    rule(IN).protocol(UDP)
                            .load(Nft.TRANSPORT_HEADER, 2, 2, Nft.REGISTER)
                            .compare(Nft.REGISTER, Nft.CMP_EQ, port(port))
                            .forUs()
                            .verdict(Nft.NF_ACCEPT)
                            .done());
        }
        // Large IKE messages come in fragments, of which only the first tells its ports. Those of
        // other datagrams find no first one to be put together with.
        batch.add(
                rule(IN).family(false)
                        .protocol(UDP)
                        .laterFragment(false)
                        .forUs()
                        .verdict(Nft.NF_ACCEPT)
                        .done());
        // AH counts as an extension header: the kernel knows no protocol of its later fragments
        for (int protocol : new int[] {UDP, Protocol.AH}) {
            batch.add(
                    rule(IN).family(true)
                            .laterFragment(true)
                            .behindFragmentHeader(Nft.REGISTER)
                            .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) protocol))
                            .forUs()
                            .verdict(Nft.NF_ACCEPT)
                            .done());
        }
        for (boolean v6 : new boolean[] {false, true}) {
            for (int quoted : new int[] {Protocol.ESP, Protocol.AH}) {
                batch.add(unreachable(v6, quoted).forUs().verdict(Nft.NF_ACCEPT).done());
            }
            for (int port : new int[] {IKE, IKE_IN_NAT}) {
                batch.add(
                        unreachable(v6, UDP)
                                .load(Nft.TRANSPORT_HEADER, v6 ? 48 : 28, 2, Nft.REGISTER)
                                .compare(Nft.REGISTER, Nft.CMP_EQ, port(port))
                                .forUs()
                                .verdict(Nft.NF_ACCEPT)
                                .done());
            }
        }
    }

    /// A router says that a packet of protocol `quoted` did not come through: `unreachable`, which
    /// is "fragmentation needed" too, or `packet too big`. It knows no key of ours, and RFC 4301,
    /// 8.2.1 has the path MTU learnt from it.
    private Expressions unreachable(boolean v6, int quoted) {
        return rule(IN).family(v6)
                .protocol(v6 ? Protocol.ICMPV6 : Protocol.ICMP)
                .load(Nft.TRANSPORT_HEADER, 0, 1, Nft.REGISTER)
                .compare(Nft.REGISTER, Nft.CMP_GTE, Octets.of((byte) (v6 ? 1 : 3)))
                .compare(Nft.REGISTER, Nft.CMP_LTE, Octets.of((byte) (v6 ? 2 : 3)))
                .load(Nft.TRANSPORT_HEADER, v6 ? 14 : 17, 1, Nft.REGISTER)
                .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) quoted));
    }

    /// RFC 4861: hop limit 255 says that no router forwarded it.
    private void neighbours(String chain) {
        batch.add(
                rule(chain)
                        .family(true)
                        .protocol(Protocol.ICMPV6)
                        .load(Nft.NETWORK_HEADER, 7, 1, Nft.REGISTER)
                        .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) 255))
                        .load(Nft.TRANSPORT_HEADER, 0, 1, Nft.REGISTER)
                        .compare(Nft.REGISTER, Nft.CMP_GTE, Octets.of((byte) NDP_FIRST))
                        .compare(Nft.REGISTER, Nft.CMP_LTE, Octets.of((byte) NDP_LAST))
                        .verdict(Nft.NF_ACCEPT)
                        .done());
    }

    private void set(String set, int type, int octets, List<Octets> keys) {
        batch.add(
                message(Nft.NEWSET, NetlinkMessage.NLM_F_CREATE)
                        .attribute(Nft.SET_TABLE, table)
                        .attribute(Nft.SET_NAME, set)
                        .attribute(Nft.SET_FLAGS, Nft.number(0))
                        .attribute(Nft.SET_KEY_TYPE, Nft.number(type))
                        .attribute(Nft.SET_KEY_LENGTH, Nft.number(octets))
                        .attribute(Nft.SET_ID, Nft.number(++sets))
                        .attribute(Nft.SET_USERDATA, byteOrder(type == SetKey.LINK)));
        for (int from = 0; from < keys.size(); from += ELEMENTS_A_MESSAGE) {
            NetlinkMessage m =
                    message(Nft.NEWSETELEM, NetlinkMessage.NLM_F_CREATE)
                            .attribute(Nft.ELEMENTS_TABLE, table)
                            .attribute(Nft.ELEMENTS_SET, set);
            int list = m.begin(Nft.ELEMENTS);
            for (Octets key :
                    keys.subList(from, Math.min(keys.size(), from + ELEMENTS_A_MESSAGE))) {
                int element = m.begin(Nft.LIST_ELEMENT);
                int value = m.begin(Nft.ELEMENT_KEY);
                m.attribute(Nft.DATA_VALUE, key).end(value).end(element);
            }
            batch.add(m.end(list));
        }
    }

    private Expressions rule(String chain) {
        return new Expressions(
                message(Nft.NEWRULE, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_APPEND)
                        .attribute(Nft.RULE_TABLE, table)
                        .attribute(Nft.RULE_CHAIN, chain));
    }

    /// Of the family `inet`.
    static NetlinkMessage message(int type, int flags) {
        return new NetlinkMessage(type, flags).octets(Nft.INET, 0, 0, 0);
    }

    /// What `nft list ruleset` shows people: a type and a length before the text.
    private static Octets comment() {
        byte[] text = COMMENT.getBytes(StandardCharsets.US_ASCII);
        return Octets.owned(
                ByteBuffer.allocate(text.length + 3)
                        .put((byte) 0)
                        .put((byte) (text.length + 1))
                        .put(text)
                        .array());
    }

    /// For `nft list ruleset` alone: names of interfaces are of the host's order, the rest of the
    /// network's.
    private static Octets byteOrder(boolean ofHost) {
        return Octets.owned(
                ByteBuffer.allocate(6)
                        .order(ByteOrder.nativeOrder())
                        .put((byte) 0)
                        .put((byte) 4)
                        .putInt(ofHost ? 1 : 2)
                        .array());
    }

    private static Octets link(String name) {
        return Octets.owned(
                Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), Nft.NAME_OCTETS));
    }

    private static Octets ofHost(int number) {
        return Octets.owned(
                ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(number).array());
    }

    private static Octets port(int port) {
        return Octets.owned(ByteBuffer.allocate(2).putShort((short) port).array());
    }
}

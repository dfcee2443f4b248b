package io.sallyport.drivers.filter;

import io.sallyport.base.Octets;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.wire.ip.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A [Wall] as messages to nf_tables: a table with one chain, which stands before routing.
///
/// @param name of the table, in the family `inet`
record Ruleset(String name) {
    /// The only chain. By its name we know our table from one that somebody else named so.
    static final String CHAIN = "refuse-clear";

    private static final String COMMENT =
            "by Sallyport: refuses what policy protects; 'sallyport down' removes it";
    private static final String LINKS = "links";
    private static final String AWAY = "away";

    /// Before connection tracking, after the kernel put fragments together where it does.
    private static final int PRIORITY = -290;

    /// Elements that surely fit one message.
    private static final int ELEMENTS_A_MESSAGE = 100;

    private static final int IKE = 500;
    private static final int IKE_IN_NAT = 4500;
    private static final int UDP = Protocol.UDP;
    private static final int NDP_FIRST = 133;
    private static final int NDP_LAST = 137;
    private static final int FRAGMENT_HEADER = 44;

    /// A table that is not there cannot be deleted, so it is made first.
    List<NetlinkMessage> removal() {
        List<NetlinkMessage> batch = new ArrayList<>();
        batch.add(new NetlinkMessage(Nft.BATCH_BEGIN, 0).octets(0, 0, 0, Nft.SUBSYSTEM));
        batch.add(table(Nft.NEWTABLE, NetlinkMessage.NLM_F_CREATE));
        batch.add(table(Nft.DELTABLE, 0));
        return batch;
    }

    private NetlinkMessage table(int type, int flags) {
        return message(type, flags).attribute(Nft.TABLE_NAME, name);
    }

    /// Adds to `batch` what makes the table.
    void build(List<NetlinkMessage> batch, Wall wall) {
        batch.add(
                table(Nft.NEWTABLE, NetlinkMessage.NLM_F_CREATE)
                        .attribute(Nft.TABLE_USERDATA, comment()));
        NetlinkMessage chain =
                message(Nft.NEWCHAIN, NetlinkMessage.NLM_F_CREATE)
                        .attribute(Nft.CHAIN_TABLE, name)
                        .attribute(Nft.CHAIN_NAME, CHAIN);
        int hook = chain.begin(Nft.CHAIN_HOOK);
        chain.attribute(Nft.HOOK_NUMBER, Nft.number(Nft.PREROUTING))
                .attribute(Nft.HOOK_PRIORITY, Nft.number(PRIORITY))
                .end(hook)
                .attribute(Nft.CHAIN_POLICY, Nft.number(Nft.NF_ACCEPT))
                .attribute(Nft.CHAIN_TYPE, "filter");
        batch.add(chain);
        int id = 0;
        List<Octets> links = new ArrayList<>();
        wall.links().stream().sorted().forEach(l -> links.add(link(l)));
        List<Octets> away = new ArrayList<>(links);
        links.add(link("lo"));
        away.add(link("")); // no way back at all
        set(batch, LINKS, ++id, SetKey.LINK, Nft.NAME_OCTETS, links);
        set(batch, AWAY, ++id, SetKey.LINK, Nft.NAME_OCTETS, away);
        batch.add(
                rule().meta(Nft.META_IIFNAME, Nft.REGISTER)
                        .in(LINKS, Nft.REGISTER)
                        .verdict(Nft.NF_ACCEPT)
                        .done());
        exempt(batch);
        for (Layer layer : Layer.of(wall.terms())) {
            String set = layer.answer().name().toLowerCase(java.util.Locale.ROOT) + ++id;
            set(batch, set, id, layer.keyType(), layer.keyOctets(), layer.keys());
            Expressions rule = layer.load(rule()).in(set, Nft.REGISTER);
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
    }

    /// What must come in clear, because it is how anything else comes protected.
    private void exempt(List<NetlinkMessage> batch) {
        for (int protocol : new int[] {Protocol.ESP, Protocol.AH}) {
            batch.add(rule().protocol(protocol).forUs().verdict(Nft.NF_ACCEPT).done());
        }
        for (int port : new int[] {IKE, IKE_IN_NAT}) {
            batch.add(
                    rule().protocol(UDP)
                            .load(Nft.TRANSPORT_HEADER, 2, 2, Nft.REGISTER)
                            .compare(Nft.REGISTER, Nft.CMP_EQ, port(port))
                            .forUs()
                            .verdict(Nft.NF_ACCEPT)
                            .done());
        }
        // Large IKE messages come in fragments, of which only the first tells its ports. Those of
        // other datagrams find no first one to be put together with.
        batch.add(
                rule().family(false)
                        .protocol(UDP)
                        .load(Nft.NETWORK_HEADER, 6, 2, Nft.REGISTER)
                        .mask(Nft.REGISTER, new byte[] {0x1f, (byte) 0xff})
                        .compare(Nft.REGISTER, Nft.CMP_NEQ, port(0))
                        .forUs()
                        .verdict(Nft.NF_ACCEPT)
                        .done());
        // AH counts as an extension header: the kernel knows no protocol of its later fragments
        for (int protocol : new int[] {UDP, Protocol.AH}) {
            batch.add(
                    rule().family(true)
                            .extension(FRAGMENT_HEADER, 2, 2, Nft.REGISTER)
                            .mask(Nft.REGISTER, new byte[] {(byte) 0xff, (byte) 0xf8})
                            .compare(Nft.REGISTER, Nft.CMP_NEQ, port(0))
                            .extension(FRAGMENT_HEADER, 0, 1, Nft.REGISTER)
                            .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) protocol))
                            .forUs()
                            .verdict(Nft.NF_ACCEPT)
                            .done());
        }
        // RFC 4861: hop limit 255 says that no router forwarded it.
        batch.add(
                rule().family(true)
                        .protocol(Protocol.ICMPV6)
                        .load(Nft.NETWORK_HEADER, 7, 1, Nft.REGISTER)
                        .compare(Nft.REGISTER, Nft.CMP_EQ, Octets.of((byte) 255))
                        .load(Nft.TRANSPORT_HEADER, 0, 1, Nft.REGISTER)
                        .compare(Nft.REGISTER, Nft.CMP_GTE, Octets.of((byte) NDP_FIRST))
                        .compare(Nft.REGISTER, Nft.CMP_LTE, Octets.of((byte) NDP_LAST))
                        .verdict(Nft.NF_ACCEPT)
                        .done());
    }

    private void set(
            List<NetlinkMessage> batch,
            String set,
            int id,
            int type,
            int octets,
            List<Octets> keys) {
        batch.add(
                message(Nft.NEWSET, NetlinkMessage.NLM_F_CREATE)
                        .attribute(Nft.SET_TABLE, name)
                        .attribute(Nft.SET_NAME, set)
                        .attribute(Nft.SET_FLAGS, Nft.number(0))
                        .attribute(Nft.SET_KEY_TYPE, Nft.number(type))
                        .attribute(Nft.SET_KEY_LENGTH, Nft.number(octets))
                        .attribute(Nft.SET_ID, Nft.number(id)));
        for (int from = 0; from < keys.size(); from += ELEMENTS_A_MESSAGE) {
            NetlinkMessage m =
                    message(Nft.NEWSETELEM, NetlinkMessage.NLM_F_CREATE)
                            .attribute(Nft.ELEMENTS_TABLE, name)
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

    private Expressions rule() {
        return new Expressions(
                message(Nft.NEWRULE, NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_APPEND)
                        .attribute(Nft.RULE_TABLE, name)
                        .attribute(Nft.RULE_CHAIN, CHAIN));
    }

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

    private static Octets link(String link) {
        return Octets.owned(
                Arrays.copyOf(link.getBytes(StandardCharsets.US_ASCII), Nft.NAME_OCTETS));
    }

    private static Octets port(int port) {
        return Octets.owned(ByteBuffer.allocate(2).putShort((short) port).array());
    }
}

package io.sallyport.daemon.hook;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.daemon.text.IdentityText;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.ChildSa;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an updown program finds in its environment: the names and spelling of strongSwan's updown
/// plugin. Some values are the peer's choice (its identity, its selectors), so none of them has
/// anything but printable ASCII, and none is part of a command that a shell reads.
record HookEnvironment(ChildSa sa, IkeSaView ike, Facts facts) {
    /// Longest value, as charon's: an identity may be as long as an IKE payload.
    private static final int LONGEST = 511;

    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    /// What the SAs do not tell.
    ///
    /// @param device with our address; `unknown` if none has it
    /// @param dns servers that the peer gave us
    /// @param hostAccess the program should let the gateway itself use the tunnel
    record Facts(
            String device, long reqid, long uniqueId, List<IpAddress> dns, boolean hostAccess) {
        Facts {
            dns = List.copyOf(dns);
        }
    }

    /// One run of the program for each pair of selectors of one family.
    ///
    /// @param up else down
    List<Map<String, String>> runs(boolean up) {
        List<Map<String, String>> runs = new ArrayList<>();
        for (TrafficSelector mine : sa.selectors().local()) {
            for (TrafficSelector theirs : sa.selectors().remote()) {
                boolean meet =
                        mine.addresses().first().v6() == theirs.addresses().first().v6()
                                && (mine.protocol() == 0
                                        || theirs.protocol() == 0
                                        || mine.protocol() == theirs.protocol());
                if (meet) {
                    runs.add(run(up, mine, theirs));
                }
            }
        }
        return runs;
    }

    private Map<String, String> run(boolean up, TrafficSelector mine, TrafficSelector theirs) {
        Map<String, String> to = new LinkedHashMap<>();
        IpAddress me = ike.path().local().address();
        boolean host = mine.addresses().isOne() && mine.addresses().first().equals(me);
        boolean v6 = mine.addresses().first().v6();
        put(to, "VERSION", "1.1");
        put(to, "VERB", (up ? "up" : "down") + (host ? "-host" : "-client") + (v6 ? "-v6" : ""));
        put(to, "CONNECTION", sa.owner().child());
        put(to, "INTERFACE", facts.device());
        put(to, "REQID", Long.toString(facts.reqid()));
        put(to, "PROTO", sa.suite().isAh() ? "ah" : "esp");
        put(to, "UNIQUEID", Long.toString(facts.uniqueId()));
        put(to, "ME", me.toString());
        put(to, "MY_ID", IdentityText.of(ike.peer().localId()));
        put(to, "MY_CLIENT", network(mine.addresses()));
        put(to, "MY_PORT", port(mine, theirs, true));
        put(to, "MY_PROTOCOL", Integer.toString(mine.protocol()));
        put(to, "PEER", ike.path().remote().address().toString());
        put(to, "PEER_ID", IdentityText.of(ike.peer().remoteId()));
        put(to, "PEER_CLIENT", network(theirs.addresses()));
        put(to, "PEER_PORT", port(mine, theirs, false));
        put(to, "PEER_PROTOCOL", Integer.toString(theirs.protocol()));
        virtual(to, "MY_SOURCEIP", ike.vips().local());
        virtual(to, "PEER_SOURCEIP", ike.vips().remote());
        if (sa.carriage().udp()) {
            put(to, "UDP_ENC", Integer.toString(ike.path().remote().port()));
        }
        if (sa.handling().compression().isPresent()) {
            put(to, "IPCOMP", "1");
        }
        numbered(to, "DNS", facts.dns());
        if (facts.hostAccess()) {
            put(to, "HOST_ACCESS", "1");
        }
        return to;
    }

    private static void put(Map<String, String> to, String name, String value) {
        to.put("PLUTO_" + name, plain(value));
    }

    /// Printable ASCII, as charon's: `?` stands for every other octet.
    static String plain(String value) {
        byte[] octets = value.getBytes(StandardCharsets.UTF_8);
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < Math.min(octets.length, LONGEST); i++) {
            plain.append(octets[i] >= 0x20 && octets[i] <= 0x7e ? (char) octets[i] : '?');
        }
        return plain.toString();
    }

    /// The smallest network that holds them all: a range need not be one.
    private static String network(IpRange range) {
        int length = range.first().bits();
        IpPrefix candidate = IpPrefix.containing(range.first(), length);
        while (candidate.last().compareTo(range.last()) < 0) {
            candidate = IpPrefix.containing(range.first(), --length);
        }
        return candidate.first() + "/" + length;
    }

    /// A port, `0` for any, `FIRST:LAST`; of ICMP the type on our side and the code on the peer's.
    private static String port(TrafficSelector mine, TrafficSelector theirs, boolean ours) {
        int protocol = Math.max(mine.protocol(), theirs.protocol());
        if (protocol == ICMP || protocol == ICMPV6) {
            int both = Math.max(mine.ports().first(), theirs.ports().first());
            return Integer.toString(ours ? both >> 8 : both & 0xff);
        }
        PortRange ports = (ours ? mine : theirs).ports();
        if (ports.isAny()) {
            return "0";
        }
        return ports.first() == ports.last()
                ? Integer.toString(ports.first())
                : ports.first() + ":" + ports.last();
    }

    /// The first has a name of its own, which is older than the numbered ones.
    private static void virtual(Map<String, String> to, String name, List<IpAddress> addresses) {
        if (!addresses.isEmpty()) {
            put(to, name, addresses.getFirst().toString());
            numbered(to, name, addresses);
        }
    }

    private static void numbered(Map<String, String> to, String name, List<IpAddress> addresses) {
        int v4 = 0;
        int v6 = 0;
        for (IpAddress address : addresses) {
            String number = address.v6() ? "6_" + ++v6 : "4_" + ++v4;
            put(to, name + number, address.toString());
        }
    }
}

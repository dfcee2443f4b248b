package io.sallyport.daemon.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The PLUTO_* environment; the lab `updown` compares it with charon's.
final class HookEnvironmentTest {
    private static final TrafficSelector NET = TrafficSelector.of(IpPrefix.of("10.2.0.0/24"));

    private static TrafficSelector port(String prefix, int protocol, PortRange ports) {
        return new TrafficSelector(IpRange.of(IpPrefix.of(prefix)), protocol, ports);
    }

    private static HookEnvironment of(
            String peerId,
            IkeSaView.Vips vips,
            List<TrafficSelector> mine,
            TrafficSelector... its) {
        Path path =
                new Path(
                        new Endpoint(IpAddress.of("192.0.2.1"), 4500),
                        new Endpoint(IpAddress.of("192.0.2.2"), 31_000));
        SaHalf half = new SaHalf(0x1001, Secret.of(new byte[20]), Secret.EMPTY);
        ChildSa sa =
                new ChildSa(
                        7,
                        new Owner("office", "net", ""),
                        new EspSuite(
                                Cipher.of(Encryption.AES_GCM_16, 128),
                                Integrity.NONE,
                                Group.NONE,
                                false),
                        half,
                        half,
                        new SelectorPair(mine, List.of(its)),
                        new Carriage(path, true),
                        new ChildSa.Handling(Mode.TUNNEL, 64));
        IkeSaView ike =
                new IkeSaView(
                        "office",
                        new IkeSaView.Keys("01", "02", "", true, "IKEv2"),
                        path,
                        "ESTABLISHED",
                        new IkeSaView.Times(0, 1, 2),
                        new IkeSaView.Peer("moon", peerId, false, false, 0, 0),
                        vips,
                        List.of());
        return new HookEnvironment(
                sa,
                ike,
                new HookEnvironment.Facts(
                        "eth0",
                        3,
                        4,
                        List.of(
                                IpAddress.of("10.0.0.53"),
                                IpAddress.of("fd00::53"),
                                IpAddress.of("10.0.0.54")),
                        true));
    }

    @Test
    void aClientOfAGatewayBehindNat() {
        IkeSaView.Vips vips =
                new IkeSaView.Vips(
                        List.of(IpAddress.of("10.9.0.1"), IpAddress.of("fd09::1")), List.of());
        Map<String, String> env =
                of("sun", vips, List.of(TrafficSelector.of(IpPrefix.of("10.9.0.1/32"))), NET)
                        .runs(true)
                        .getFirst();
        assertEquals(
                """
                PLUTO_CONNECTION=net
                PLUTO_DNS4_1=10.0.0.53
                PLUTO_DNS4_2=10.0.0.54
                PLUTO_DNS6_1=fd00::53
                PLUTO_HOST_ACCESS=1
                PLUTO_INTERFACE=eth0
                PLUTO_ME=192.0.2.1
                PLUTO_MY_CLIENT=10.9.0.1/32
                PLUTO_MY_ID=moon
                PLUTO_MY_PORT=0
                PLUTO_MY_PROTOCOL=0
                PLUTO_MY_SOURCEIP4_1=10.9.0.1
                PLUTO_MY_SOURCEIP6_1=fd09::1
                PLUTO_MY_SOURCEIP=10.9.0.1
                PLUTO_PEER=192.0.2.2
                PLUTO_PEER_CLIENT=10.2.0.0/24
                PLUTO_PEER_ID=sun
                PLUTO_PEER_PORT=0
                PLUTO_PEER_PROTOCOL=0
                PLUTO_PROTO=esp
                PLUTO_REQID=3
                PLUTO_UDP_ENC=31000
                PLUTO_UNIQUEID=4
                PLUTO_VERB=up-client
                PLUTO_VERSION=1.1
                """,
                env.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue() + "\n")
                        .sorted()
                        .reduce("", String::concat));
    }

    /// One run a pair of selectors that can meet: of one family, of one protocol.
    @Test
    void verbsPortsAndNetworksOfEachPair() {
        List<TrafficSelector> mine =
                List.of(
                        TrafficSelector.of(IpPrefix.of("192.0.2.1/32")),
                        TrafficSelector.of(IpPrefix.of("fd01::/64")),
                        port("10.1.0.0/24", 6, PortRange.of(80)),
                        port("10.1.0.0/24", 17, new PortRange(1000, 1999)),
                        port("10.1.0.0/24", 1, PortRange.of(0x0803)));
        TrafficSelector range =
                new TrafficSelector(
                        new IpRange(IpAddress.of("10.2.0.3"), IpAddress.of("10.2.0.9")),
                        17,
                        PortRange.ANY);
        List<String> told =
                of("sun", IkeSaView.Vips.NONE, mine, NET, range).runs(false).stream()
                        .map(e ->
                                e.get("PLUTO_VERB")
                                        + " "
                                        + e.get("PLUTO_MY_CLIENT")
                                        + " "
                                        + e.get("PLUTO_MY_PORT")
                                        + " "
                                        + e.get("PLUTO_PEER_CLIENT")
                                        + " "
                                        + e.get("PLUTO_PEER_PORT"))
                        .toList();
        assertEquals(
                List.of(
                        "down-host 192.0.2.1/32 0 10.2.0.0/24 0",
                        "down-host 192.0.2.1/32 0 10.2.0.0/28 0",
                        "down-client 10.1.0.0/24 80 10.2.0.0/24 0",
                        "down-client 10.1.0.0/24 1000:1999 10.2.0.0/24 0",
                        "down-client 10.1.0.0/24 1000:1999 10.2.0.0/28 0",
                        "down-client 10.1.0.0/24 8 10.2.0.0/24 3"),
                told);
    }

    @Test
    void aKeyIdIsItsOctets() {
        for (var e :
                Map.of("@#6d6f6f6e", "moon", "@#6d6f01", "6d:6f:01", "@#moon", "@#moon")
                        .entrySet()) {
            Map<String, String> env =
                    of(e.getKey(), IkeSaView.Vips.NONE, List.of(NET), NET).runs(true).getFirst();
            assertEquals(e.getValue(), env.get("PLUTO_PEER_ID"));
        }
    }

    /// A peer may choose its identity: no control character of it reaches a program.
    @Test
    void thePeersWordsArePrintable() {
        String id = "CN=\u001b[2Jeve\nPLUTO_VERB=down\0\u00e9" + "x".repeat(70_000);
        Map<String, String> env =
                of(id, IkeSaView.Vips.NONE, List.of(NET), NET).runs(true).getFirst();
        String shown = env.getOrDefault("PLUTO_PEER_ID", "");
        assertTrue(shown.startsWith("CN=?[2Jeve?PLUTO_VERB=down???xxx"), shown.substring(0, 40));
        assertEquals(511, shown.length());
        assertTrue(env.values().stream().allMatch(v -> v.matches("[\\x20-\\x7e]*")));
    }
}

package io.sallyport.daemon.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciException;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.control.vici.ViciPacket;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two gateways in memory with the configuration that charon was recorded with, steered over vici:
/// what we show and tell is what charon showed and told, but for numbers that must differ.
@Timeout(60)
final class SteeringTest {
    /// What differs from one run to the next, and what this world does not have: a NAT.
    private static final Set<String> NUMBERS =
            Set.of(
                    "uniqueid",
                    "reqid",
                    "initiator-spi",
                    "responder-spi",
                    "spi-in",
                    "spi-out",
                    "established",
                    "rekey-time",
                    "life-time",
                    "install-time",
                    "local-port",
                    "remote-port");

    private static final Set<String> NAT = Set.of("nat-local", "nat-remote", "nat-any", "encap");

    @TempDir Path folder;
    private MemoryGateway us;
    private MemoryGateway them;

    @BeforeEach
    void start() throws IOException {
        us = new MemoryGateway(folder.resolve("us"), "192.168.77.1", 1);
        them = new MemoryGateway(folder.resolve("them"), "192.168.77.2", 2);
        us.join(them);
        load(us, "192.168.77.1", "192.168.77.2", "10.1.0.0/24", "10.2.0.0/24");
        load(them, "192.168.77.2", "192.168.77.1", "10.2.0.0/24", "10.1.0.0/24");
    }

    @AfterEach
    void stop() {
        us.close();
        them.close();
    }

    private void load(
            MemoryGateway gateway, String left, String right, String leftNet, String rightNet)
            throws IOException {
        Path home = Files.createDirectories(folder.resolve("of-" + left));
        Path conf = home.resolve("ipsec.conf");
        Files.writeString(
                conf,
                """
                conn net
                	keyexchange=ikev1
                	authby=secret
                	left=%s
                	right=%s
                	leftsubnet=%s
                	rightsubnet=%s
                	ike=aes128-sha1-modp2048!
                	esp=aes128gcm16-modp2048!
                	ikelifetime=4h
                	lifetime=1h
                	keyingtries=1
                	auto=add
                """
                        .formatted(left, right, leftNet, rightNet));
        Files.writeString(
                home.resolve("ipsec.secrets"), left + " " + right + " : PSK \"perflab-psk\"\n");
        Reading reading = ConfigReader.read(List.of(conf), Choices.NONE);
        assertEquals(Optional.empty(), gateway.holdings.ofFiles(reading.spec()));
    }

    private static ViciMessage with(String... pairs) {
        ViciMessage.Builder to = ViciMessage.with();
        for (int i = 0; i < pairs.length; i += 2) {
            to.put(pairs[i], pairs[i + 1]);
        }
        return to.done();
    }

    private ViciMessage initiate(MemoryGateway.Client client) {
        return us.desk.answer(
                ViciCommand.INITIATE, with("child", "net", "timeout", "20000"), client);
    }

    private static void succeeded(ViciMessage answer) {
        assertEquals("yes", answer.text("success").orElse("?"), answer.text("errmsg").orElse(""));
    }

    /// The first event of that name that charon sent and that `like` accepts.
    private static ViciMessage recorded(String event, String like) {
        try (InputStream in = ViciCommand.class.getResourceAsStream("charon-5.9.8-ikev1.hex")) {
            assertTrue(in != null);
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
                if (line.startsWith("event " + event + " ")
                        && ViciPacket.parse(Octets.hex(line.substring(line.lastIndexOf(' ') + 1)))
                                instanceof ViciPacket.Event(var _, var message)
                        && text(message).contains(like)) {
                    return message;
                }
            }
        } catch (IOException | ViciException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("charon sent no " + event + " with " + like);
    }

    /// A message as lines, without the numbers.
    private static String text(ViciMessage message) {
        StringBuilder to = new StringBuilder();
        lines(message, "", to);
        return to.toString();
    }

    private static void lines(ViciMessage message, String indent, StringBuilder to) {
        for (Element element : message.elements()) {
            switch (element) {
                case Element.Value(String name, Octets data) -> {
                    if (!NAT.contains(name)) {
                        String value = NUMBERS.contains(name) ? "N" : data.text();
                        to.append(indent).append(name).append('=').append(value).append('\n');
                    }
                }
                case Element.Items(String name, List<Octets> items) -> {
                    if (!name.startsWith("tasks-")) {
                        to.append(indent).append(name).append('=');
                        to.append(items.stream().map(Octets::text).toList()).append('\n');
                    }
                }
                case Element.Section(String name, ViciMessage content) -> {
                    to.append(indent).append(name.replaceAll("-[0-9]+$", "-N")).append(" {\n");
                    lines(content, indent + " ", to);
                    to.append(indent).append("}\n");
                }
            }
        }
    }

    @Test
    void listSasSaysWhatCharonSays() {
        succeeded(initiate(new MemoryGateway.Client()));
        List<ViciMessage> listed = us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY);
        assertEquals(1, listed.size());
        assertEquals(text(recorded("list-sa", "initiator=yes")), text(listed.getFirst()));
        assertEquals(
                List.of(), us.events(ViciCommand.LIST_SAS, with("ike", "other")), "not filtered");
        assertEquals(1, us.events(ViciCommand.LIST_SAS, with("child", "net")).size());
    }

    /// The order of charon's events: the IKE SA is up, then the child.
    @Test
    void whatHappensIsToldAsCharonTellsIt() {
        MemoryGateway.Client client = new MemoryGateway.Client();
        try (ViciOperator.Listening _ = us.desk.listen(client)) {
            succeeded(initiate(new MemoryGateway.Client()));
            succeeded(us.ask(ViciCommand.TERMINATE, with("ike", "net")));
        }
        List<String> order = new ArrayList<>();
        for (MemoryGateway.Told told : client.told) {
            if (told.event() != ViciEvent.LOG) {
                order.add(told.event() + (told.message().flag("up") ? " up" : " down"));
            }
        }
        assertEquals(
                List.of("ike-updown up", "child-updown up", "child-updown down", "ike-updown down"),
                order);
        assertEquals(
                text(recorded("ike-updown", "up=yes")),
                text(client.of(ViciEvent.IKE_UPDOWN).getFirst()));
        assertEquals(
                text(recorded("child-updown", "up=yes")),
                text(client.of(ViciEvent.CHILD_UPDOWN).getFirst()));
        assertTrue(text(client.of(ViciEvent.CHILD_UPDOWN).getLast()).contains("state=DELETED"));
        assertTrue(text(client.of(ViciEvent.IKE_UPDOWN).getLast()).contains("state=DELETING"));
        assertFalse(client.of(ViciEvent.LOG).isEmpty());
    }

    @Test
    void theLogOfAnInitiationGoesToWhoAsked() {
        MemoryGateway.Client client = new MemoryGateway.Client();
        succeeded(initiate(client));
        List<ViciMessage> lines = client.of(ViciEvent.CONTROL_LOG);
        assertTrue(
                lines.stream().anyMatch(l -> l.text("msg").orElse("").contains("established")),
                lines.toString());
        assertEquals("net", lines.getFirst().text("ikesa-name").orElse(""));
        assertEquals(
                List.of("group", "level", "ikesa-name", "msg"),
                lines.getFirst().elements().stream().map(Element::name).toList());
    }

    @Test
    void aPeerThatIsSilentIsToldWhenTheTimeIsOver() {
        them.cut();
        ViciMessage answer = us.ask(ViciCommand.INITIATE, with("child", "net", "timeout", "300"));
        assertEquals("no", answer.text("success").orElse(""));
        assertEquals(
                "CHILD_SA 'net' not established after 300ms", answer.text("errmsg").orElse(""));
    }

    /// Who waits without a limit waits for an attempt, not for one that somebody has ended.
    @Test
    void whoWaitsIsToldWhenTheAttemptIsEnded() throws Exception {
        them.cut();
        us.cut();
        CompletableFuture<ViciMessage> unloaded = begun();
        assertEquals(Optional.empty(), us.holdings.ofFiles(VpnSpec.EMPTY));
        assertEquals("no", unloaded.get(10, TimeUnit.SECONDS).text("success").orElse(""));
        load(us, "192.168.77.1", "192.168.77.2", "10.1.0.0/24", "10.2.0.0/24");
        CompletableFuture<ViciMessage> terminated = begun();
        var _ = us.ask(ViciCommand.TERMINATE, with("ike", "net"));
        assertEquals(
                "establishing CHILD_SA 'net' failed",
                terminated.get(10, TimeUnit.SECONDS).text("errmsg").orElse(""));
    }

    private CompletableFuture<ViciMessage> begun() {
        CompletableFuture<ViciMessage> answer =
                CompletableFuture.supplyAsync(
                        () -> us.ask(ViciCommand.INITIATE, with("child", "net")));
        Await.until(
                "it is begun", () -> !us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY).isEmpty());
        return answer;
    }

    @Test
    void rekeyReplacesTheChildAndSaysSo() {
        succeeded(initiate(new MemoryGateway.Client()));
        MemoryGateway.Client client = new MemoryGateway.Client();
        try (ViciOperator.Listening _ = us.desk.listen(client)) {
            ViciMessage answer = us.ask(ViciCommand.REKEY, with("child", "net"));
            succeeded(answer);
            assertEquals(1, answer.number("matches", 0));
            Await.until("child-rekey is told", () -> !client.of(ViciEvent.CHILD_REKEY).isEmpty());
        }
        ViciMessage told = client.of(ViciEvent.CHILD_REKEY).getFirst();
        assertEquals(text(recorded("child-rekey", "old")), text(told));
    }

    @Test
    void aRedirectNamesWhomItMeans() {
        succeeded(initiate(new MemoryGateway.Client()));
        String there = "192.168.77.9";
        assertEquals(
                "missing redirect selector",
                us.ask(ViciCommand.REDIRECT, with("gateway", there)).text("errmsg").orElse(""));
        assertEquals(
                "invalid peer-ip selector",
                us.ask(ViciCommand.REDIRECT, with("gateway", there, "peer-ip", "192.168.77.2-x"))
                        .text("errmsg")
                        .orElse(""));
        for (String meant :
                List.of(
                        "ike net",
                        "peer-ip 192.168.77.2",
                        "peer-ip 192.168.77.0/24",
                        "peer-ip 192.168.77.2-192.168.77.4",
                        "peer-id 192.168.77.2",
                        "peer-id *.77.2",
                        "peer-id %any")) {
            assertEquals(1, redirected(there, meant), meant);
        }
        for (String other :
                List.of(
                        "ike other",
                        "ike-id 77",
                        "peer-ip 192.168.77.3",
                        "peer-ip 192.168.77.3-192.168.77.4",
                        "peer-id moon")) {
            assertEquals(0, redirected(there, other), other);
        }
    }

    private long redirected(String gateway, String selector) {
        int space = selector.indexOf(' ');
        return us.ask(
                        ViciCommand.REDIRECT,
                        with(
                                "gateway",
                                gateway,
                                selector.substring(0, space),
                                selector.substring(space + 1)))
                .number("matches", -1);
    }

    @Test
    void aChildIsTerminatedByNameOrNumberAndTheIkeSaStays() {
        succeeded(initiate(new MemoryGateway.Client()));
        ViciMessage sa = us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY).getFirst();
        ViciMessage ike = sa.sections().getFirst().content();
        ViciMessage child = ike.sections().getFirst().content().sections().getFirst().content();
        String id = child.text("uniqueid").orElseThrow();
        ViciMessage answer = us.ask(ViciCommand.TERMINATE, with("child-id", id));
        succeeded(answer);
        assertEquals(1, answer.number("terminated", 0));
        assertEquals(1, us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY).size());
        assertEquals(List.of(), us.events(ViciCommand.LIST_SAS, with("child", "net")));
        String ikeId = ike.text("uniqueid").orElseThrow();
        succeeded(us.ask(ViciCommand.TERMINATE, with("ike-id", ikeId)));
        assertEquals(List.of(), us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY));
    }

    @Test
    void aPolicyIsInstalledListedAndUninstalled() {
        assertEquals(List.of(), us.events(ViciCommand.LIST_POLICIES, with("trap", "yes")));
        succeeded(us.ask(ViciCommand.INSTALL, with("child", "net")));
        List<ViciMessage> policies = us.events(ViciCommand.LIST_POLICIES, with("trap", "yes"));
        assertEquals("net/net", policies.getFirst().sections().getFirst().name());
        succeeded(us.ask(ViciCommand.UNINSTALL, with("child", "net")));
        assertEquals(List.of(), us.events(ViciCommand.LIST_POLICIES, with("trap", "yes")));
    }

    /// A shunt needs no SA: it stands until a person takes it away.
    @Test
    void whatPassesIsListedTakenAwayAndPutBack() {
        ViciMessage child =
                ViciMessage.with()
                        .put("mode", "pass")
                        .put("local_ts", "10.1.0.1/32")
                        .put("remote_ts", "10.8.0.0/24")
                        .done();
        ViciMessage connection =
                ViciMessage.with()
                        .put("remote_addrs", "127.0.0.1")
                        .section("children", ViciMessage.with().section("calm", child).done())
                        .done();
        succeeded(
                us.ask(
                        ViciCommand.LOAD_CONN,
                        ViciMessage.with().section("shunts", connection).done()));
        assertEquals(List.of(), us.events(ViciCommand.LIST_POLICIES, with("drop", "yes")));
        assertEquals(List.of(), us.events(ViciCommand.LIST_POLICIES, with("trap", "yes")));
        String listed =
                "shunts/calm {\n child=calm\n ike=shunts\n mode=PASS\n local-ts=[10.1.0.1/32]\n"
                        + " remote-ts=[10.8.0.0/24]\n}\n";
        assertEquals(
                List.of(listed),
                us.events(ViciCommand.LIST_POLICIES, with("pass", "yes")).stream()
                        .map(SteeringTest::text)
                        .toList());
        succeeded(us.ask(ViciCommand.UNINSTALL, with("child", "calm")));
        assertEquals(List.of(), us.events(ViciCommand.LIST_POLICIES, with("pass", "yes")));
        assertEquals(
                "policy 'calm' not found",
                us.ask(ViciCommand.UNINSTALL, with("child", "calm")).text("errmsg").orElse(""));
        succeeded(us.ask(ViciCommand.INSTALL, with("child", "calm")));
        assertEquals(1, us.events(ViciCommand.LIST_POLICIES, with("pass", "yes")).size());
    }

    @Test
    void childRekeysAreCounted() {
        succeeded(initiate(new MemoryGateway.Client()));
        succeeded(us.ask(ViciCommand.REKEY, with("child", "net")));
        Await.until(
                "the rekeying is counted",
                () ->
                        us.ask(ViciCommand.GET_COUNTERS, with("name", "net")).sections().stream()
                                .flatMap(s -> s.content().sections().stream())
                                .anyMatch(s -> s.content().number("child-rekey", 0) == 1));
        assertEquals(
                "no",
                us.ask(ViciCommand.GET_COUNTERS, with("name", "x")).text("success").orElse(""));
        succeeded(us.ask(ViciCommand.RESET_COUNTERS, with("name", "net")));
    }

    /// No answer, event or log line holds the pre-shared key.
    @Test
    void theKeyIsNowhere() {
        MemoryGateway.Client client = new MemoryGateway.Client();
        try (ViciOperator.Listening _ = us.desk.listen(client)) {
            succeeded(initiate(client));
            for (ViciCommand command :
                    List.of(
                            ViciCommand.LIST_SAS,
                            ViciCommand.LIST_CONNS,
                            ViciCommand.GET_SHARED,
                            ViciCommand.STATS)) {
                client.tell(ViciEvent.LOG, us.desk.answer(command, ViciMessage.EMPTY, client));
            }
        }
        for (MemoryGateway.Told told : client.told) {
            assertFalse(text(told.message()).contains("perflab"), told.event().toString());
        }
    }
}

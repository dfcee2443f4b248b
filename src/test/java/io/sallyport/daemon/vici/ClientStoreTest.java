package io.sallyport.daemon.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciException;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.control.vici.ViciPacket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Connections that come and go over vici while others stay up.
@Timeout(60)
final class ClientStoreTest {
    @TempDir Path folder;
    private MemoryGateway us;
    private MemoryGateway them;

    @BeforeEach
    void start() throws IOException {
        us = new MemoryGateway(folder.resolve("us"), "192.168.77.1", 1);
        them = new MemoryGateway(folder.resolve("them"), "192.168.77.2", 2);
        us.join(them);
        for (MemoryGateway gateway : List.of(us, them)) {
            succeeded(
                    gateway.ask(
                            ViciCommand.LOAD_SHARED,
                            ViciMessage.with()
                                    .put("id", "ike-1")
                                    .put("type", "ike")
                                    .put("data", "perflab-psk")
                                    .list("owners", List.of("192.168.77.1", "192.168.77.2"))
                                    .done()));
        }
        load(us, connection("net", "192.168.77.1", "192.168.77.2", "10.1.0.0/24", "10.2.0.0/24"));
        load(them, connection("net", "192.168.77.2", "192.168.77.1", "10.2.0.0/24", "10.1.0.0/24"));
    }

    @AfterEach
    void stop() {
        us.close();
        them.close();
    }

    private static void load(MemoryGateway gateway, ViciMessage connection) {
        succeeded(gateway.ask(ViciCommand.LOAD_CONN, connection));
    }

    private static void succeeded(ViciMessage answer) {
        assertEquals("yes", answer.text("success").orElse("?"), answer.text("errmsg").orElse(""));
    }

    private static ViciMessage auth(String id) {
        return ViciMessage.with().put("auth", "psk").put("id", id).done();
    }

    /// What swanctl sends of the configuration that charon was recorded with.
    private static ViciMessage connection(
            String name, String local, String remote, String localNet, String remoteNet) {
        ViciMessage child =
                ViciMessage.with()
                        .list("local_ts", List.of(localNet))
                        .list("remote_ts", List.of(remoteNet))
                        .list("esp_proposals", List.of("aes128gcm16-modp2048"))
                        .put("rekey_time", "1h")
                        .done();
        ViciMessage other =
                ViciMessage.with()
                        .list("local_ts", List.of("10.1.1.0/24"))
                        .list("remote_ts", List.of("10.2.1.0/24[tcp/80]"))
                        .list("esp_proposals", List.of("aes256-sha256"))
                        .put("rekey_time", "0")
                        .done();
        return ViciMessage.with()
                .section(
                        name,
                        ViciMessage.with()
                                .put("version", "1")
                                .list("local_addrs", List.of(local))
                                .list("remote_addrs", List.of(remote))
                                .list("proposals", List.of("aes128-sha1-modp2048"))
                                .put("mobike", "no")
                                .put("rekey_time", "4h")
                                .put("dpd_delay", "30s")
                                .section("local", auth(local))
                                .section("remote", auth(remote))
                                .section(
                                        "children",
                                        ViciMessage.with()
                                                .section("net", child)
                                                .section("cbc", other)
                                                .done())
                                .done())
                .done();
    }

    private static ViciMessage with(String key, String value) {
        return ViciMessage.with().put(key, value).done();
    }

    /// What `check` warns of in a file is told in the log when a client loads it.
    @Test
    void whatIsIgnoredIsTold() {
        ViciMessage plain =
                connection("odd", "192.168.77.1", "192.168.77.9", "10.1.0.0/24", "10.9.0.0/24");
        List<Element> odd = new ArrayList<>(plain.sections().getFirst().content().elements());
        odd.add(new Element.Value("pull", Octets.utf8("no")));
        load(us, ViciMessage.with().section("odd", new ViciMessage(odd)).done());
        assertEquals(
                List.of(
                        "odd: load-conn: conn odd says pull = no, which is mode config of IKEv1;"
                                + " it arrives later"),
                us.warnings());
    }

    /// charon's listing of the same connection, octet for octet but for the version.
    @Test
    void aLoadedConnectionIsListedAsCharonListsIt() throws IOException, ViciException {
        ViciMessage ours = us.events(ViciCommand.LIST_CONNS, ViciMessage.EMPTY).getFirst();
        assertEquals(text(recorded()), text(ours));
        assertEquals(recorded(), ours);
    }

    private static ViciMessage recorded() throws IOException, ViciException {
        try (InputStream in = ViciCommand.class.getResourceAsStream("charon-5.9.8-ikev1.hex")) {
            assertTrue(in != null);
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
                if (line.startsWith("event list-conn ")
                        && ViciPacket.parse(Octets.hex(line.substring(line.lastIndexOf(' ') + 1)))
                                instanceof ViciPacket.Event(var _, var message)) {
                    return message;
                }
            }
        }
        throw new AssertionError("nothing recorded");
    }

    private static String text(ViciMessage message) {
        List<String> lines = new ArrayList<>();
        for (Element element : message.elements()) {
            switch (element) {
                case Element.Value(String name, Octets data) -> lines.add(name + "=" + data.text());
                case Element.Items(String name, List<Octets> items) ->
                        lines.add(name + "=" + items.stream().map(Octets::text).toList());
                case Element.Section(String name, ViciMessage content) ->
                        lines.add(name + " {\n" + text(content) + "\n}");
            }
        }
        return String.join("\n", lines);
    }

    @Test
    void aLoadedConnectionComesUpWithALoadedSecret() {
        succeeded(us.ask(ViciCommand.INITIATE, with("child", "net")));
        assertEquals(1, us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY).size());
    }

    /// Reload changes only what changed: the SAs of the others are the same afterwards.
    @Test
    void whatIsLoadedBesideAnotherLeavesItUp() {
        succeeded(us.ask(ViciCommand.INITIATE, with("child", "net")));
        String before = spis();
        load(us, connection("two", "192.168.77.1", "192.168.77.3", "10.1.0.0/24", "10.3.0.0/24"));
        load(us, connection("net", "192.168.77.1", "192.168.77.2", "10.1.0.0/24", "10.2.0.0/24"));
        assertEquals(before, spis());
        assertEquals(
                List.of("net", "two"),
                us.ask(ViciCommand.GET_CONNS, ViciMessage.EMPTY).items("conns").stream()
                        .map(Octets::text)
                        .toList());
        succeeded(us.ask(ViciCommand.UNLOAD_CONN, with("name", "two")));
        assertEquals(before, spis());
        succeeded(us.ask(ViciCommand.FLUSH_CERTS, ViciMessage.EMPTY));
        assertEquals(1, us.forgotten.get(), "what was fetched is asked for anew");
        succeeded(us.ask(ViciCommand.CLEAR_CREDS, ViciMessage.EMPTY));
        assertEquals(2, us.forgotten.get());
        assertEquals(before, spis(), "credentials are for the next time");
        succeeded(us.ask(ViciCommand.UNLOAD_CONN, with("name", "net")));
        assertEquals("", spis());
    }

    private String spis() {
        StringBuilder spis = new StringBuilder();
        for (ViciMessage sa : us.events(ViciCommand.LIST_SAS, ViciMessage.EMPTY)) {
            ViciMessage ike = sa.sections().getFirst().content();
            spis.append(ike.text("initiator-spi").orElse(""));
            for (Element.Section child : ike.sections().getFirst().content().sections()) {
                spis.append(' ').append(child.content().text("spi-in").orElse(""));
            }
        }
        return spis.toString();
    }

    @Test
    void whatIsWrongIsSaidAndNothingChanges() {
        ViciMessage wrong =
                ViciMessage.with().section("x", ViciMessage.with().put("nokey", "1").done()).done();
        ViciMessage answer = us.ask(ViciCommand.LOAD_CONN, wrong);
        assertEquals("no", answer.text("success").orElse(""));
        assertTrue(answer.text("errmsg").orElse("").contains("nokey"), answer.toString());
        assertEquals(1, us.ask(ViciCommand.GET_CONNS, ViciMessage.EMPTY).items("conns").size());
    }

    @Test
    void aSecretThatIsUnloadedIsGone() {
        assertEquals(
                List.of(Octets.ascii("ike-1")),
                us.ask(ViciCommand.GET_SHARED, ViciMessage.EMPTY).items("keys"));
        succeeded(us.ask(ViciCommand.UNLOAD_SHARED, with("id", "ike-1")));
        ViciMessage answer =
                us.ask(
                        ViciCommand.INITIATE,
                        ViciMessage.with().put("child", "net").put("timeout", "20000").done());
        assertEquals("no", answer.text("success").orElse(""));
    }
}

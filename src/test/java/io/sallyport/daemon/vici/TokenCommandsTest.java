package io.sallyport.daemon.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.creds.Fixtures;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.testkit.MemoryTokens;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What swanctl sends for sections `token` and `authorities` with a handle.
@Timeout(60)
final class TokenCommandsTest {
    @TempDir Path folder;

    private final MemoryTokens tokens = new MemoryTokens();
    private MemoryGateway gateway;

    @BeforeEach
    void open() throws Exception {
        tokens.holds("0a01", Fixtures.pair("moon"))
                .shows("ca", Certificates.der(Fixtures.certificate("ca")))
                .shows("0a01", Certificates.der(Fixtures.certificate("moon")));
        gateway = new MemoryGateway(folder, "192.168.77.1", 1, tokens);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private ViciMessage ask(ViciCommand command, ViciMessage request) {
        return gateway.desk.answer(command, request, new MemoryGateway.Client());
    }

    private static ViciMessage.Builder token(String pin) {
        return ViciMessage.with()
                .put("handle", "0a01")
                .put("slot", "3")
                .put("module", "/lib/hsm.so")
                .put("pin", pin);
    }

    private List<String> keys() {
        return ask(ViciCommand.GET_KEYS, ViciMessage.EMPTY).items("keys").stream()
                .map(Octets::text)
                .toList();
    }

    @Test
    void aTokensKeyIsLoadedListedAndUnloadedByItsId() throws Exception {
        ViciMessage answer = ask(ViciCommand.LOAD_TOKEN, token(MemoryTokens.PIN).done());
        String id = Certificates.subjectKeyId(Fixtures.pair("moon").getPublic()).hex();
        assertEquals(ViciMessage.with().put("success", "yes").put("id", id).done(), answer);
        assertEquals(3, tokens.asked.orElseThrow().slot().getAsLong());
        assertEquals(List.of("/lib/hsm.so"), tokens.asked.orElseThrow().modules());
        assertEquals(List.of(id), keys());
        MemoryGateway.Client client = new MemoryGateway.Client();
        gateway.desk.answer(ViciCommand.LIST_CERTS, ViciMessage.EMPTY, client);
        assertEquals(
                List.of(
                        ViciMessage.with()
                                .put("type", "X509")
                                .put("flag", "NONE")
                                .put("has_privkey", "yes")
                                .put("data", Certificates.der(Fixtures.certificate("moon")))
                                .done()),
                client.of(ViciEvent.LIST_CERT),
                "the certificate beside the key");
        ask(ViciCommand.UNLOAD_KEY, ViciMessage.with().put("id", id).done());
        assertEquals(List.of(), keys());
    }

    @Test
    void aWrongPinIsAnsweredWithoutIt() {
        ViciMessage answer = ask(ViciCommand.LOAD_TOKEN, token("314159").done());
        assertEquals(
                Replies.failed(
                        "loading private key from token failed: slot 1 refuses the PIN (C_Login:"
                                + " CKR_PIN_INCORRECT)"),
                answer);
        assertFalse(answer.toString().contains("314159"));
        assertEquals(List.of(), keys());
    }

    @Test
    void whatIsNoTokenIsRefused() {
        assertEquals(
                Replies.failed("keyid missing"), ask(ViciCommand.LOAD_TOKEN, ViciMessage.EMPTY));
        assertEquals(
                Replies.failed("handle: this is not hexadecimal, two digits an octet: e.g. 0a01"),
                ask(ViciCommand.LOAD_TOKEN, ViciMessage.with().put("handle", "zz").done()));
        assertEquals(
                Replies.failed(
                        "loading private key from token failed: no module is called 'card': say"
                                + " module = /path/of/its/library, or give it a name in a section"
                                + " pkcs11 of swanctl.conf"),
                ask(
                        ViciCommand.LOAD_TOKEN,
                        ViciMessage.with().put("handle", "0a01").put("module", "card").done()));
    }

    @Test
    void anAuthorityIsReadFromATokenOnce() {
        ViciMessage its =
                ViciMessage.with().put("handle", "ca").put("module", "/lib/hsm.so").done();
        ViciMessage request = ViciMessage.with().section("company", its).done();
        assertEquals(Replies.done(), ask(ViciCommand.LOAD_AUTHORITY, request));
        tokens.gone = true;
        // what else is loaded reads no token for it
        assertEquals(
                Replies.failed("invalid value for: handle, authority discarded: no certificate ca"),
                ask(ViciCommand.LOAD_AUTHORITY, request));
        assertEquals(
                List.of("company"),
                ask(ViciCommand.GET_AUTHORITIES, ViciMessage.EMPTY).items("authorities").stream()
                        .map(Octets::text)
                        .toList());
    }
}

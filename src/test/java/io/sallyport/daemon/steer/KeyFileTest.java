package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir Path folder;

    @Test
    void linesAreWhatTsharkTakes() throws IOException {
        List<String> trouble = new ArrayList<>();
        Path file = folder.resolve("keys");
        KeyFile keys = KeyFile.create(file, trouble::add);
        keys.take(new Event.IkeKeysForExport("Tunnel1", "0102030405060708", "aabb"));
        TrafficSelector any = TrafficSelector.of(IpPrefix.ALL4);
        keys.take(
                new Event.ChildEstablished(
                        "Tunnel1",
                        new ChildSa(
                                7,
                                new Owner("Tunnel1", "Tunnel1", "Tunnel1"),
                                new EspSuite(
                                        Cipher.of(Encryption.AES_CBC, 128),
                                        Integrity.HMAC_SHA1_96,
                                        Group.NONE,
                                        false),
                                new SaHalf(
                                        0x00000101,
                                        Secret.of(Octets.hex("01".repeat(16))),
                                        Secret.of(Octets.hex("02".repeat(20)))),
                                new SaHalf(
                                        0xc3a80a1f,
                                        Secret.of(Octets.hex("03".repeat(16))),
                                        Secret.of(Octets.hex("04".repeat(20)))),
                                new SelectorPair(List.of(any), List.of(any)),
                                new Carriage(
                                        new io.sallyport.base.net.Path(
                                                new Endpoint(IpAddress.of("192.0.2.34"), 500),
                                                new Endpoint(IpAddress.of("198.51.100.155"), 500)),
                                        false),
                                new ChildSa.Handling(Mode.TUNNEL, 1024)),
                        false));
        assertEquals(
                List.of(
                        "uat:ikev1_decryption_table:0102030405060708,aabb",
                        "uat:esp_sa:\"IPv4\",\"198.51.100.155\",\"192.0.2.34\",\"0x00000101\","
                                + "\"AES-CBC [RFC3602]\",\"0x"
                                + "01".repeat(16)
                                + "\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x"
                                + "02".repeat(20)
                                + "\"",
                        "uat:esp_sa:\"IPv4\",\"192.0.2.34\",\"198.51.100.155\",\"0xc3a80a1f\","
                                + "\"AES-CBC [RFC3602]\",\"0x"
                                + "03".repeat(16)
                                + "\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x"
                                + "04".repeat(20)
                                + "\""),
                Files.readAllLines(file));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of(), trouble);
    }

    @Test
    void aFileThatIsThereIsNotUsed() throws IOException {
        Path file = Files.createFile(folder.resolve("keys"));
        assertThrows(FileAlreadyExistsException.class, () -> KeyFile.create(file, _ -> {}));
    }
}

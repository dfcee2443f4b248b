package io.sallyport.daemon.steer;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaHalf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Consumer;

/// The keys of every SA, for a person who asked with `--export-keys`. Each line is a value for
/// tshark's `-o`; what follows the second colon is a line of Wireshark's own tables.
///
/// ```text
/// uat:ikev1_decryption_table:<initiator cookie>,<encryption key>
/// uat:esp_sa:"IPv4","<source>","<destination>","0x<SPI>","<cipher>","0x<key>",...
/// ```
public final class KeyFile {
    private final Path file;
    private final Consumer<String> trouble;

    private KeyFile(Path file, Consumer<String> trouble) {
        this.file = file;
        this.trouble = trouble;
    }

    /// Makes an empty file that only its owner reads.
    ///
    /// @param trouble told when a line cannot be written
    /// @throws IOException if it cannot be made, or is there already: keys are not put into a file
    ///   that somebody else may have opened
    public static KeyFile create(Path file, Consumer<String> trouble) throws IOException {
        FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))
                .close();
        return new KeyFile(file, trouble);
    }

    /// Writes the keys that an event brings; other events bring none.
    public void take(Event event) {
        switch (event) {
            case Event.IkeKeysForExport e ->
                    write(
                            "uat:ikev1_decryption_table:"
                                    + e.initiatorCookieHex()
                                    + ","
                                    + e.encryptionKeyHex()
                                    + "\n");
            case Event.ChildEstablished e -> write(lines(e.sa()));
            default -> {
                // the others bring no keys
            }
        }
    }

    /// The lines of both directions of an SA.
    public static String lines(ChildSa sa) {
        String local = sa.carriage().path().local().address().toString();
        String remote = sa.carriage().path().remote().address().toString();
        boolean v6 = sa.carriage().path().local().address().v6();
        return line(sa.suite(), sa.inbound(), remote, local, v6)
                + line(sa.suite(), sa.outbound(), local, remote, v6);
    }

    private static String line(EspSuite suite, SaHalf half, String from, String to, boolean v6) {
        if (cipher(suite).isEmpty()) {
            return "# Wireshark has no " + suite + "\n";
        }
        return "uat:esp_sa:"
                + quoted(v6 ? "IPv6" : "IPv4")
                + ","
                + quoted(from)
                + ","
                + quoted(to)
                + ","
                + quoted("0x" + half.spiText())
                + ","
                + quoted(cipher(suite))
                + ","
                + quoted(hex(half.encryptionKey()))
                + ","
                + quoted(integrity(suite.integrity()))
                + ","
                + quoted(hex(half.integrityKey()))
                + "\n";
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static String hex(Secret key) {
        if (key.length() == 0) {
            return "";
        }
        byte[] octets = key.expose();
        try {
            return "0x" + HexFormat.of().formatHex(octets);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /// Wireshark's words; empty where it has none.
    private static String cipher(EspSuite suite) {
        return switch (suite.cipher().encryption()) {
            case NULL -> "NULL";
            case DES_CBC -> "DES-CBC [RFC2405]";
            case TRIPLE_DES_CBC -> "TripleDES-CBC [RFC2451]";
            case AES_CBC -> "AES-CBC [RFC3602]";
            case AES_CTR -> "AES-CTR [RFC3686]";
            case AES_GCM_8 -> "AES-GCM with 8 octet ICV [RFC4106]";
            case AES_GCM_12 -> "AES-GCM with 12 octet ICV [RFC4106]";
            case AES_GCM_16 -> "AES-GCM with 16 octet ICV [RFC4106]";
            case CHACHA20_POLY1305 -> "ChaCha20 with Poly1305 [RFC7634]";
            default -> "";
        };
    }

    private static String integrity(Integrity integrity) {
        return switch (integrity) {
            case NONE -> "NULL";
            case HMAC_MD5_96 -> "HMAC-MD5-96 [RFC2403]";
            case HMAC_SHA1_96 -> "HMAC-SHA-1-96 [RFC2404]";
            case AES_XCBC_96, AES_CMAC_96 -> "ANY 96 bit authentication [no checking]";
            case HMAC_SHA2_256_128 -> "HMAC-SHA-256-128 [RFC4868]";
            case HMAC_SHA2_384_192 -> "HMAC-SHA-384-192 [RFC4868]";
            case HMAC_SHA2_512_256 -> "HMAC-SHA-512-256 [RFC4868]";
        };
    }

    private void write(String lines) {
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer octets = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                out.write(octets);
            }
        } catch (IOException e) {
            trouble.accept("could not write keys to " + file + ": " + e.getMessage());
        }
    }
}

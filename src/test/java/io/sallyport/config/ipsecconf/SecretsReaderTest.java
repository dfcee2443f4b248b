package io.sallyport.config.ipsecconf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// ipsec.secrets: S3-24 and its variants.
class SecretsReaderTest {
    private final Findings findings = new Findings();

    private List<SharedSecret> read(String text) {
        return contents(text).secrets();
    }

    private SecretsReader.Contents contents(String text) {
        return SecretsReader.read(SourceText.of("ipsec.secrets", text), findings);
    }

    private List<String> messages() {
        return findings.list().stream().map(Diagnostic::toString).toList();
    }

    private static Identity ip(String address) {
        return Identity.of(IpAddress.of(address));
    }

    @Test
    void s3_24_theLineOfTheAwsText() {
        List<SharedSecret> all = read("62.81.252.34 52.50.67.155 : PSK \"aM6ktTm3pv5etv9eC\"\n");
        assertEquals(List.of(ip("62.81.252.34"), ip("52.50.67.155")), all.getFirst().owners());
        assertEquals(Secret.utf8("aM6ktTm3pv5etv9eC"), all.getFirst().secret());
        assertEquals(List.of(), messages());
    }

    @Test
    void selectorsCommentsAndForms() {
        List<SharedSecret> all =
                read(
                        """
                        # comment
                          \t
                        : PSK "for anybody"
                        %any 192.0.2.1 : PSK 0x00ff10
                        @me me@example.com : PSK 0sAP8Q # trailing
                        2001:db8::1 @#0102 : PSK 'single "quoted"'
                        192.0.2.9\t:\tPSK\tbare-word
                        """);
        assertEquals(List.of(), messages());
        assertEquals(List.of(), all.get(0).owners());
        assertEquals(Secret.utf8("for anybody"), all.get(0).secret());
        assertEquals(List.of(Identity.ANY, ip("192.0.2.1")), all.get(1).owners());
        assertEquals(Secret.of(Octets.hex("00ff10")), all.get(1).secret());
        assertEquals(Secret.of(Octets.hex("00ff10")), all.get(2).secret());
        assertEquals(Identity.Type.USER_FQDN, all.get(2).owners().get(1).type());
        assertEquals(
                List.of(ip("2001:db8::1"), new Identity(Identity.Type.KEY_ID, Octets.hex("0102"))),
                all.get(3).owners());
        assertEquals(Secret.utf8("single \"quoted\""), all.get(3).secret());
        assertEquals(Secret.utf8("bare-word"), all.get(4).secret());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "192.0.2.1 192.0.2.2: PSK \"Zq9secretZq9\"|1:20: error: a blank is missing before"
                        + " the colon: write 'LOCAL REMOTE : PSK \"***\"'",
                "192.0.2.1 192.0.2.2 :PSK \"Zq9secretZq9\"|1:21: error: a blank is missing behind"
                        + " the colon: write 'LOCAL REMOTE : PSK \"***\"'",
                "192.0.2.1 192.0.2.2:PSK \"Zq9secretZq9\"|1:20: error: a blank is missing before"
                        + " and behind the colon: write 'LOCAL REMOTE : PSK \"***\"'",
                ":PSK \"Zq9secretZq9\"|1:1: error: a blank is missing behind the colon: write"
                        + " 'LOCAL REMOTE : PSK \"***\"'",
                "192.0.2.1 PSK \"Zq9secretZq9\"|1:1: error: no ' : ' in this line: write 'LOCAL"
                        + " REMOTE : PSK \"***\"'",
                "192.0.2.1 PSK \"Zq9secretZq9\" : PSK \"x\"|1:11: error: PSK stands before the colon,"
                        + " not behind it",
                "192.0.2.1 'Zq9secretZq9 : PSK \"x\"|1:11: error: a stray quote before the colon",
                "192.0.2.1 : psk \"Zq9secretZq9\"|1:13: error: the type is written in capitals: PSK",
                "192.0.2.1 : PKS \"Zq9secretZq9\"|1:13: error: no type of secret behind the colon;"
                        + " write PSK; did you mean 'PSK'?",
                "192.0.2.1 : Zq9secretZq9|1:13: error: no type of secret behind the colon; write"
                        + " PSK",
                "192.0.2.1 : PSK|1:16: error: PSK needs a secret behind it",
                "192.0.2.1 : PSK \"Zq9secretZq9|1:17: error: the quote round the secret is not"
                        + " closed",
                "192.0.2.1 : PSK 0xZq9secretZq9|1:17: error: 0x is followed by an even number of"
                        + " hexadecimal digits",
                "192.0.2.1 : PSK 0sZq9secret!Zq9|1:17: error: 0s is followed by base64",
                "192.0.2.1 : PSK \"\"|1:17: error: the secret is empty",
                "192.0.2.1 : PSK %prompt|1:17: error: %prompt is refused: nobody can be asked;"
                        + " write the secret",
                "192.0.2.300 : PSK \"Zq9secretZq9\"|1:1: error: '192.0.2.300' is no IPv4 address"
                        + " (for a name of digits write @192.0.2.300)",
            })
    void s3_24_aMistakeIsPointedAtAndTheSecretIsNotShown(String line, String message) {
        assertEquals(List.of(), read(line.replace("`", "")));
        assertEquals(List.of("ipsec.secrets:" + message), messages());
        assertTrue(messages().stream().noneMatch(m -> m.contains("Zq9secret")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIN", "EAP", "NTLM", "XAUTH", "BLISS"})
    void otherTypesAreIgnoredWithAReason(String type) {
        assertEquals(List.of(), read("me : " + type + " \"Zq9secretZq9\"\n"));
        assertEquals(1, messages().size());
        assertTrue(
                messages()
                        .getFirst()
                        .startsWith(
                                "ipsec.secrets:1:6: warning: " + type + " secret is ignored: "));
        assertTrue(!messages().getFirst().contains("Zq9"));
    }

    /// The files of private keys lie in `ipsec.d/private` beside it; their passphrases are secrets.
    @Test
    void privateKeysAreNamed() {
        List<PrivateKeySpec> keys =
                contents(
                                """
                                : RSA moon.pem
                                @moon : ECDSA "moon ec.pem" "Zq9secretZq9"
                                : PKCS8 '/etc/keys/moon.p8' 0x0102 # old
                                : P12 open.p12 "" # no passphrase
                                : P12 moon.p12 'Zq9secretZq9'
                                """)
                        .keys();
        assertEquals(List.of(), messages());
        String folder = Path.of("ipsec.d/private").toAbsolutePath() + "/";
        assertEquals(
                List.of(
                        folder + "moon.pem",
                        folder + "moon ec.pem",
                        "/etc/keys/moon.p8",
                        folder + "open.p12",
                        folder + "moon.p12"),
                keys.stream().map(k -> ((KeySource.File) k.source()).path()).toList());
        assertEquals(
                List.of(
                        PrivateKeySpec.Kind.RSA,
                        PrivateKeySpec.Kind.ECDSA,
                        PrivateKeySpec.Kind.PKCS8,
                        PrivateKeySpec.Kind.PKCS12,
                        PrivateKeySpec.Kind.PKCS12),
                keys.stream().map(PrivateKeySpec::kind).toList());
        assertEquals(
                List.of(
                        Secret.EMPTY,
                        Secret.utf8("Zq9secretZq9"),
                        Secret.of(Octets.hex("0102")),
                        Secret.EMPTY,
                        Secret.utf8("Zq9secretZq9")),
                keys.stream().map(PrivateKeySpec::passphrase).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ": RSA|1:6: error: RSA needs the name of a file behind it",
                ": RSA { Modulus: 0xZq9secretZq9|1:7: error: RSA needs the name of a file behind it",
                ": ECDSA %smartcard:1|1:9: error: ECDSA needs the name of a file behind it",
                ": P12 \"moon.p12|1:7: error: the quote round the file's name is not closed",
                ": RSA moon.pem %prompt|1:16: error: %prompt is refused: nobody can be asked;"
                        + " write the secret",
                ": rsa moon.pem|1:3: error: the type is written in capitals: RSA",
            })
    void aMistakeInAKeyIsPointedAt(String line, String message) {
        assertEquals(List.of(), contents(line.replace("`", "")).keys());
        assertEquals(List.of("ipsec.secrets:" + message), messages());
        assertTrue(messages().stream().noneMatch(m -> m.contains("Zq9secret")));
    }

    @Test
    void wordsBehindTheSecretAreTold() {
        assertEquals(1, read(": PSK half of it\n").size());
        assertEquals(
                List.of(
                        "ipsec.secrets:1:12: warning: what stands behind the secret is ignored (a"
                                + " secret with blanks needs quotes)"),
                messages());
    }

    @Test
    void includesAreRelativeToTheFileAndSorted(@TempDir Path dir) throws IOException {
        Files.createDirectories(dir.resolve("keys.d"));
        Files.writeString(dir.resolve("keys.d/b.secrets"), "192.0.2.2 : PSK \"second-key\"\n");
        Files.writeString(dir.resolve("keys.d/a.secrets"), "192.0.2.1 : PSK \"first-key\"\n");
        Files.writeString(dir.resolve("keys.d/.hidden.secrets"), "192.0.2.3 : PSK \"third\"\n");
        Path main = dir.resolve("ipsec.secrets");
        Files.writeString(
                main, "include keys.d/*.secrets\ninclude none/*.secrets\ninclude ipsec.secrets\n");
        SourceText text = SourceText.read(main, findings).orElseThrow();
        List<SharedSecret> all = SecretsReader.read(text, findings).secrets();
        assertEquals(
                List.of(ip("192.0.2.1"), ip("192.0.2.2")),
                all.stream().map(s -> s.owners().getFirst()).toList());
        assertEquals(
                List.of(
                        main + ":2:1: note: include: no file matches",
                        main + ":3:1: error: include: " + main + " includes itself"),
                messages());
    }
}

package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.control.local.Exit;
import io.sallyport.creds.Fixtures;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.issue.ListOrder;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.revocation.CertId;
import io.sallyport.creds.revocation.OcspRequest;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.testkit.TestConsole;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `sallyport pki` as people type it. What OpenSSL and strongSwan say of its files is told by the
/// lab `pki`.
class PkiTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    @TempDir Path folder;

    private TestConsole console = new TestConsole();

    @BeforeEach
    void anAuthority() {
        done("gen", "--type", "ed25519", "--out", file("ca.key.pem"));
        done(
                "self",
                "--ca",
                "--in",
                file("ca.key.pem"),
                "--dn",
                "O=Me, CN=CA",
                "--lifetime",
                "2000",
                "--out",
                file("ca.pem"));
        done("gen", "--type", "ed25519", "--out", file("moon.key.pem"));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private int pki(String... words) {
        byte[] in = console.in;
        console = new TestConsole();
        console.in = in;
        String[] all = Stream.concat(Stream.of("pki"), Stream.of(words)).toArray(String[]::new);
        return new CommandShell(new CommandTree("0.1.0"), console.console()).execute(all);
    }

    private String done(String... words) {
        assertEquals(0, pki(words), () -> console.err());
        return console.out();
    }

    private void fails(Exit exit, String what, String next, String... words) {
        assertEquals(exit.code(), pki(words), () -> console.err());
        assertEquals("sallyport: " + what + "\n  " + next + "\n", console.err());
        assertEquals("", console.out());
    }

    private X509Certificate certificate(String name) throws IOException, BadCredential {
        return CredentialFile.certificate(octets(name));
    }

    private Octets octets(String name) throws IOException {
        return Octets.owned(Files.readAllBytes(folder.resolve(name)));
    }

    private String[] issue(String... more) {
        return Stream.concat(
                        Stream.of(
                                "issue", "--cacert", file("ca.pem"), "--cakey", file("ca.key.pem")),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private void moon(String... more) {
        done(
                Stream.concat(
                                Stream.of(
                                        issue(
                                                "--in",
                                                file("moon.key.pem"),
                                                "--dn",
                                                "O=Me, CN=moon",
                                                "--out",
                                                file("moon.pem"))),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    // ---- keys

    @Test
    void aKeyIsItsOwnersAloneAndIsNotOverwritten() throws IOException {
        Path key = folder.resolve("moon.key.pem");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        String before = Files.readString(key);
        assertTrue(before.startsWith("-----BEGIN PRIVATE KEY-----\n"));
        fails(
                Exit.CANNOT_CREATE,
                key + " is there already",
                "name another file, or say --force to overwrite it",
                "gen",
                "--type",
                "ed25519",
                "--out",
                key.toString());
        assertEquals(before, Files.readString(key));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        done("gen", "--type", "ed25519", "--out", key.toString(), "--force");
        assertFalse(before.equals(Files.readString(key)));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertEquals(3, folder.toFile().list().length, "nothing is left beside");
    }

    @ParameterizedTest
    @CsvSource({"rsa,2048,RSA", "ecdsa,256,EC", "ecdsa,521,EC", "ed25519,0,EdDSA", "ed448,0,EdDSA"})
    void everyTypeIsMadeLockedAndOpened(String type, String size, String algorithm)
            throws Exception {
        Files.writeString(folder.resolve("secret"), "open sesame\nno second line\n");
        done(
                "gen",
                "--type",
                type,
                "--size",
                size,
                "--passphrase-file",
                file("secret"),
                "--out",
                file("k.pem"));
        Octets made = octets("k.pem");
        assertTrue(made.text().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        assertEquals(
                algorithm,
                CredentialFile.keyPair(made, Secret.utf8("open sesame"))
                        .getPrivate()
                        .getAlgorithm());
        fails(
                Exit.NO_INPUT,
                "cannot use "
                        + file("k.pem")
                        + ": BEGIN ENCRYPTED PRIVATE KEY: it is encrypted, and no passphrase is"
                        + " configured for it",
                "give its passphrase by --passphrase-file FILE",
                "pub",
                "--in",
                file("k.pem"));
        console.in = made.toArray();
        String pub = done("pub", "--passphrase-file", file("secret"), "--outform", "pem");
        assertTrue(pub.startsWith("-----BEGIN PUBLIC KEY-----\n"), pub);
        assertFalse(console.err().contains("sesame"));
    }

    /// What OpenSSL wrote of one key is that key's in every form.
    @ParameterizedTest
    @CsvSource({
        "moon.pub,pub",
        "moon.crt,x509",
        "moon-req.der,pkcs10",
        "moon-pkcs1.der,rsa",
        "moon.key,priv"
    })
    void theKeyOfWhatever(String name, String type) throws Exception {
        console.in = Fixtures.octets(name).toArray();
        done("pub", "--type", type);
        assertArrayEquals(Fixtures.pair("moon").getPublic().getEncoded(), console.written());
    }

    @Test
    void theTypeThatIsSaidIsHeldAgainstWhatIsThere() {
        console.in = Fixtures.octets("moon.crt").toArray();
        fails(
                Exit.NO_INPUT,
                "cannot use the standard input: it is an X.509 certificate, and --type says priv",
                "leave --type away: files are told apart by what is in them",
                "keyid",
                "--type",
                "priv");
    }

    @Test
    void derIsNotPouredOverATerminal() {
        console.terminal = true;
        TestConsole terminal = new TestConsole();
        terminal.terminal = true;
        assertEquals(
                Exit.USAGE.code(),
                new CommandShell(new CommandTree("0.1.0"), terminal.console())
                        .execute("pki", "gen", "--type", "ed25519"));
        assertEquals(
                "sallyport: DER is no text: name a file by --out FILE, or say --outform pem\n"
                        + "  see `sallyport pki gen --help`\n",
                terminal.err());
    }

    // ---- certificates

    @Test
    void aCertificateHasWhatWasSaid() throws Exception {
        moon(
                "--san",
                "moon.example",
                "--san",
                "192.0.2.1",
                "--san",
                "me@moon.example",
                "--san",
                "uri:urn:moon",
                "--san",
                "dn:C=CH, CN=other",
                "--flag",
                "serverAuth",
                "--flag",
                "ikeIntermediate",
                "--crl",
                "http://ca.example/ca.crl",
                "--ocsp",
                "http://ca.example/ocsp",
                "--serial",
                "4711",
                "--not-before",
                "2026-12-01",
                "--not-after",
                "2028-01-01T12:00:00Z",
                "--cert-policy",
                "1.2.3.4");
        X509Certificate moon = certificate("moon.pem");
        assertEquals("4711", moon.getSerialNumber().toString(16));
        assertEquals(Instant.parse("2026-12-01T00:00:00Z"), moon.getNotBefore().toInstant());
        assertEquals(Instant.parse("2028-01-01T12:00:00Z"), moon.getNotAfter().toInstant());
        assertEquals(
                List.of(
                        "2 moon.example",
                        "7 192.0.2.1",
                        "1 me@moon.example",
                        "6 urn:moon",
                        "4 CN=other,C=CH"),
                moon.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(0) + " " + name.get(1))
                        .toList());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.8.2.2"), moon.getExtendedKeyUsage());
        assertEquals(-1, moon.getBasicConstraints());
        String shown = done("print", "--in", file("moon.pem"));
        for (String line :
                List.of(
                        "  subject:    \"O=Me, CN=moon\"",
                        "  issuer:     \"O=Me, CN=CA\"",
                        "  serial:     47:11",
                        "  altNames:   moon.example",
                        "              C=CH, CN=other",
                        "  flags:      serverAuth ikeIntermediate",
                        "  CRL URIs:   http://ca.example/ca.crl",
                        "  OCSP URIs:  http://ca.example/ocsp",
                        "  pubkey:     ED25519 256 bits")) {
            assertTrue(shown.contains(line + "\n"), shown);
        }
        assertTrue(
                done("verify", "--in", file("moon.pem"), "--cacert", file("ca.pem"))
                        .endsWith("certificate trusted\n"));
    }

    @Test
    void aRequestBecomesACertificateWithItsNames() throws Exception {
        done(
                "req",
                "--in",
                file("moon.key.pem"),
                "--dn",
                "O=Me, CN=asked",
                "--san",
                "asked.example",
                "--out",
                file("moon.csr"));
        assertTrue(
                done("print", "--in", file("moon.csr")).contains("  altNames:   asked.example\n"));
        done(issue("--in", file("moon.csr"), "--san", "more.example", "--out", file("moon.pem")));
        X509Certificate moon = certificate("moon.pem");
        assertEquals("CN=asked,O=Me", moon.getSubjectX500Principal().getName());
        assertEquals(2, moon.getSubjectAlternativeNames().size());
    }

    @Test
    void whatNobodyMayIssueIsRefusedWithTheNextStep() {
        moon("--san", "moon.example");
        fails(
                Exit.NO_INPUT,
                "cannot use " + file("moon.pem") + ": it is no authority's (basicConstraints)",
                "an authority's certificate is made by `sallyport pki self --ca`",
                "issue",
                "--in",
                file("moon.key.pem"),
                "--cacert",
                file("moon.pem"),
                "--cakey",
                file("moon.key.pem"),
                "--dn",
                "CN=x");
        fails(
                Exit.NO_INPUT,
                "cannot use "
                        + file("moon.key.pem")
                        + ": it is not the key of "
                        + file("ca.pem")
                        + ", 'O=Me, CN=CA'",
                "compare them: sallyport pki keyid --in FILE",
                "issue",
                "--in",
                file("moon.key.pem"),
                "--cacert",
                file("ca.pem"),
                "--cakey",
                file("moon.key.pem"),
                "--dn",
                "CN=x");
        fails(
                Exit.USAGE,
                "--pathlen is for authorities: say --ca as well",
                "see `sallyport pki issue --help`",
                issue("--in", file("moon.key.pem"), "--dn", "CN=x", "--pathlen", "1"));
        fails(
                Exit.USAGE,
                "issue wants --dn NAME or --san NAME",
                "see `sallyport pki issue --help`",
                issue("--in", file("moon.key.pem")));
        fails(
                Exit.USAGE,
                "--flag 'server' is none of serverAuth, clientAuth, ocspSigning, ikeIntermediate,"
                        + " msSmartcardLogon, crlSign",
                "see `sallyport pki issue --help`",
                issue("--in", file("moon.key.pem"), "--dn", "CN=x", "--flag", "server"));
    }

    @Test
    void anAuthorityBelowKeepsToItsNamesAndLength() throws Exception {
        done("gen", "--type", "ed25519", "--out", file("sub.key.pem"));
        done(
                issue(
                        "--in",
                        file("sub.key.pem"),
                        "--dn",
                        "O=Me, CN=Sub",
                        "--ca",
                        "--pathlen",
                        "0",
                        "--nc-permitted",
                        "example.org",
                        "--out",
                        file("sub.pem")));
        assertEquals(0, certificate("sub.pem").getBasicConstraints());
        String[] bySub = {
            "issue",
            "--cacert",
            file("sub.pem"),
            "--cakey",
            file("sub.key.pem"),
            "--in",
            file("moon.key.pem"),
            "--dn",
            "O=Me, CN=moon"
        };
        done(with(bySub, "--san", "moon.example.org", "--out", file("inside.pem")));
        done(with(bySub, "--san", "moon.example.com", "--out", file("outside.pem")));
        String[] verify = {"verify", "--cacert", file("ca.pem"), "--cacert", file("sub.pem")};
        done(with(verify, "--in", file("inside.pem")));
        assertEquals(Exit.NO.code(), pki(with(verify, "--in", file("outside.pem"))));
        assertTrue(console.err().contains("name constraints"), console.err());
        fails(
                Exit.NO_INPUT,
                "cannot use " + file("sub.pem") + ": its path length allows no authority below it",
                "leave --ca away",
                with(bySub, "--ca"));
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    // ---- revocation

    private String[] crl(String... more) {
        return with(
                new String[] {"crl", "--cacert", file("ca.pem"), "--cakey", file("ca.key.pem")},
                more);
    }

    private X509CRL list(String name) throws IOException, BadCredential {
        return CredentialFile.crl(octets(name));
    }

    @Test
    void listsFollowEachOther() throws Exception {
        moon("--serial", "0a");
        done(
                crl(
                        "--reason",
                        "key-compromise",
                        "--date",
                        "1700000000",
                        "--cert",
                        file("moon.pem"),
                        "--serial",
                        "0b",
                        "--out",
                        file("1.crl")));
        X509CRL first = list("1.crl");
        assertEquals(Optional.of(BigInteger.ONE), ListOrder.number(first));
        assertEquals(
                List.of("a 2023-11-14T22:13:20Z 1", "b 2027-01-01T00:00:00Z 0"), entries(first));
        done(
                crl(
                        "--lastcrl",
                        file("1.crl"),
                        "-rcertificate-hold",
                        "-s=0c",
                        "--out",
                        file("2.crl")));
        assertEquals(3, entries(list("2.crl")).size());
        assertEquals(6, ListOrder.of(list("2.crl")).getLast().reason());
        // off again, and said so by a delta upon the second
        done(
                crl(
                        "--lastcrl",
                        file("2.crl"),
                        "--basecrl",
                        file("2.crl"),
                        "--reason",
                        "remove-from-crl",
                        "--serial",
                        "0c",
                        "--serial",
                        "0d",
                        "--out",
                        file("delta.crl")));
        X509CRL delta = list("delta.crl");
        assertEquals(Optional.of(BigInteger.valueOf(3)), ListOrder.number(delta));
        assertEquals(
                List.of("c 2027-01-01T00:00:00Z 8", "d 2027-01-01T00:00:00Z 0"),
                entries(delta).stream().sorted().toList());
        assertTrue(
                done("print", "--in", file("delta.crl")).contains("  delta upon: 2\n"),
                console.out());
        fails(
                Exit.NO,
                "serial b is not on hold",
                "only what was revoked with --reason certificate-hold comes off a list",
                crl("--lastcrl", file("1.crl"), "--reason", "remove-from-crl", "--serial", "0b"));
        fails(
                Exit.USAGE,
                "--reason and --date stand before the --cert or --serial they are of",
                "see `sallyport pki crl --help`",
                crl("--serial", "0b", "--reason", "superseded"));
        assertEquals(
                Exit.NO.code(),
                pki(
                        "verify",
                        "--in",
                        file("moon.pem"),
                        "--cacert",
                        file("ca.pem"),
                        "--crl",
                        file("2.crl")));
        assertTrue(console.err().contains("key compromise"), console.err());
    }

    private static List<String> entries(X509CRL list) {
        return ListOrder.of(list).stream()
                .map(e -> e.serial().toString(16) + " " + e.since() + " " + e.reason())
                .toList();
    }

    @Test
    void aQuestionIsShownAndAnswered() throws Exception {
        moon();
        byte[] question = question();
        Files.write(folder.resolve("question.der"), question);
        assertTrue(
                done("ocsp", "--in", file("question.der"))
                        .contains("  nonce:           01:02:03\n"));
        done(crl("--cert", file("moon.pem"), "--out", file("ca.crl")));
        console.in = question;
        done(
                "ocsp",
                "--respond",
                "--cacert",
                file("ca.pem"),
                "--key",
                file("ca.key.pem"),
                "--crl",
                file("ca.crl"),
                "--lifetime",
                "60");
        // successful (0), and the moment of revocation is in it
        assertEquals(0, status(console.written()));
        assertTrue(
                new String(console.written(), StandardCharsets.ISO_8859_1)
                        .contains("20270101000000Z"));
        console.in = new byte[] {0x30, 0x00};
        done(
                "ocsp",
                "--respond",
                "--cacert",
                file("ca.pem"),
                "--key",
                file("ca.key.pem"),
                "--crl",
                file("ca.crl"));
        assertEquals(1, status(console.written()), "malformedRequest");
        fails(
                Exit.USAGE,
                "say who is revoked, by --crl FILE or --index FILE",
                "see `sallyport pki ocsp --help`",
                "ocsp",
                "--respond",
                "--cacert",
                file("ca.pem"),
                "--key",
                file("ca.key.pem"));
    }

    private static int status(byte[] answer) {
        try {
            return Der.parse(Octets.of(answer)).inside().next(Tag.ENUMERATED).small();
        } catch (BadDer e) {
            throw new AssertionError(e);
        }
    }

    private byte[] question() throws Exception {
        CertId about = CertId.of(certificate("moon.pem"), certificate("ca.pem"));
        return new OcspRequest(List.of(about), Octets.hex("010203")).emit().toArray();
    }

    /// The index of `openssl ca`: who is not in it was never issued.
    @ParameterizedTest
    @CsvSource({
        "'V\t280101000000Z\t\t0A\tunknown\t/CN=moon\n', 8000",
        "'R\t280101000000Z\t261201000000Z,keyCompromise\t0A\tunknown\t/CN=moon\n', a116",
        "'V\t280101000000Z\t\t0B\tunknown\t/CN=sun\n', 8200"
    })
    void anIndexKnowsWhoWasIssued(String index, String status) throws Exception {
        moon("--serial", "0a");
        Files.writeString(folder.resolve("index.txt"), index);
        console.in = question();
        done(
                "ocsp",
                "--respond",
                "--cacert",
                file("ca.pem"),
                "--key",
                file("ca.key.pem"),
                "--index",
                file("index.txt"));
        Octets id = CertId.of(certificate("moon.pem"), certificate("ca.pem")).emit();
        String answer = Octets.of(console.written()).hex();
        assertTrue(answer.contains(id.hex() + status), answer);
    }

    @Test
    void questionsComeByHttp() throws Exception {
        moon();
        done(crl("--out", file("ca.crl")));
        byte[] question = question();
        TestConsole served = new TestConsole();
        served.now = NOW;
        // The one pause is the life of the responder
        served.onPause =
                pause -> {
                    int port = Integer.parseInt(served.err().replaceAll("[^0-9]", ""));
                    asked(port, question);
                    return false;
                };
        assertEquals(
                0,
                new CommandShell(new CommandTree("0.1.0"), served.console())
                        .execute(
                                "pki",
                                "ocsp",
                                "--listen",
                                "127.0.0.1:0",
                                "--cacert",
                                file("ca.pem"),
                                "--key",
                                file("ca.key.pem"),
                                "--crl",
                                file("ca.crl")),
                served::err);
    }

    private static void asked(int port, byte[] question) {
        String place = "http://127.0.0.1:" + port + "/";
        String inPath =
                Base64.getEncoder()
                        .encodeToString(question)
                        .replace("+", "%2B")
                        .replace("/", "%2F")
                        .replace("=", "%3D");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder post =
                    HttpRequest.newBuilder(URI.create(place))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(question));
            HttpRequest.Builder get = HttpRequest.newBuilder(URI.create(place + inPath));
            for (HttpRequest.Builder request : List.of(post, get)) {
                HttpResponse<byte[]> answer =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                assertEquals(200, answer.statusCode());
                assertEquals(
                        "application/ocsp-response",
                        answer.headers().firstValue("Content-Type").orElse(""));
                assertEquals(0, status(answer.body()));
            }
            HttpResponse<byte[]> nothing =
                    client.send(
                            HttpRequest.newBuilder(URI.create(place)).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(400, nothing.statusCode());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    // ---- words of strongSwan's pki

    @Test
    void theVerbsOfStrongSwanAreOptionsThere() {
        fails(
                Exit.USAGE,
                "unknown option '--gen'; did you mean 'gen'?",
                "see `sallyport pki --help`",
                "--gen");
        fails(
                Exit.USAGE,
                "unknown option '--signcrl'; did you mean 'crl'?",
                "see `sallyport pki --help`",
                "--signcrl");
    }

    @Test
    void theIdentifiersAreThoseOfACertificate() throws Exception {
        console.in = Fixtures.octets("moon.crt").toArray();
        String spk = done("keyid", "--id", "spk", "--format", "hex").strip();
        assertEquals(
                Optional.of(Octets.hex(spk)),
                Certificates.subjectKeyIdentifier(Fixtures.certificate("moon")));
    }
}

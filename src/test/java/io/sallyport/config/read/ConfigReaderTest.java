package io.sallyport.config.read;

import static io.sallyport.config.read.Texts.CONN;
import static io.sallyport.config.read.Texts.complaints;
import static io.sallyport.config.read.Texts.conf;
import static io.sallyport.config.read.Texts.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.VpnSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The door: dialects by content, several files, what only shows when all is read.
class ConfigReaderTest {
    private static final String TUNNEL =
            CONN
                    + "\tmark=100\n"
                    + "\tleftupdown=\"aws-updown.sh -ln T1 -ll 169.254.1.2/30 -lr 169.254.1.1/30"
                    + " -m 100 -r 10.0.0.0/16\"\n";

    @TempDir Path dir;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    private static Reading read(Path... files) {
        return ConfigReader.read(List.of(files), Choices.NONE);
    }

    private static List<String> names(Reading reading) {
        return reading.spec().connections().stream().map(ConnectionSpec::name).toList();
    }

    @Test
    void secretsBesideAnIpsecConfAreReadUnlessOthersAreGiven() throws IOException {
        Path conf = file("vpn.conf", CONN);
        file("ipsec.secrets", ": PSK \"the-one-beside\"\n");
        assertEquals(1, read(conf).spec().secrets().size());
        assertFalse(read(conf).hasErrors());
        Path other = file("other.secrets", "198.51.100.1 : PSK \"the-other-one\"\n");
        Reading both = read(conf, other);
        assertEquals(1, both.spec().secrets().size());
        assertEquals(other.toString(), both.spec().secrets().getFirst().origin().file());
    }

    /// S3-22: what lies in ipsec.d beside an ipsec.conf that authenticates by certificates.
    @Test
    void theDirectoriesOfIpsecDAreRead() throws IOException {
        for (String name : List.of("cacerts/root.pem", "cacerts/other one.der", "crls/a.crl")) {
            Path path = dir.resolve("ipsec.d").resolve(name);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "");
        }
        String certificates = CONN.replace("authby=psk", "leftcert=moon.pem");
        Path conf =
                file(
                        "ipsec.conf",
                        certificates
                                + "ca lists\n\tcacert=root.pem\n\tcrluri=http://lists/\n"
                                + "\tauto=add\n");
        assertEquals(
                List.of(
                        conf
                                + ":1:1: warning: conn net proves itself by a certificate, and no"
                                + " private key is here: ipsec.secrets needs a line ': RSA FILE'"
                                + " (or ECDSA, PKCS8, P12)"),
                messages(read(conf)));
        file("ipsec.secrets", ": PKCS8 moon.p8\n");
        Reading reading = read(conf);
        assertEquals(List.of(), messages(reading));
        assertEquals(
                List.of("lists", "other_one"),
                reading.spec().authorities().stream().map(AuthoritySpec::name).toList());
        assertEquals(
                List.of(
                        dir.resolve("ipsec.d/cacerts/root.pem").toString(),
                        dir.resolve("ipsec.d/cacerts/other one.der").toString()),
                reading.spec().authorities().stream()
                        .map(a -> ((KeySource.File) a.certificate()).path())
                        .toList());
        assertEquals(
                List.of(CertificateSpec.Kind.X509_CRL),
                reading.spec().certificates().stream().map(CertificateSpec::kind).toList());
        assertEquals(
                dir.resolve("ipsec.d/private/moon.p8").toString(),
                ((KeySource.File) reading.spec().keys().getFirst().source()).path());
        // who uses pre-shared keys has no use for it
        file("ipsec.secrets", ": PSK \"for-them-all\"\n");
        assertEquals(List.of(), read(file("psk.conf", CONN)).spec().authorities());
    }

    /// As strongSwan: relative names are in the one ipsec.d, whatever file says them.
    @Test
    void includedFilesNameFilesOfTheSameDirectories() throws IOException {
        Files.createDirectories(dir.resolve("conf.d"));
        file("conf.d/a.conf", CONN.replace("authby=psk", "leftcert=moon.pem"));
        file("conf.d/b.conf", "ca root\n\tcacert=root.pem\n\tauto=add\n");
        file("conf.d/a.secrets", ": RSA moon.pem\n");
        file("ipsec.secrets", "include conf.d/*.secrets\n");
        Reading reading = read(file("ipsec.conf", "include conf.d/*.conf\n"));
        assertEquals(List.of(), messages(reading));
        String folder = dir.resolve("ipsec.d") + "/";
        assertEquals(
                List.of(
                        "RSA " + folder + "private/moon.pem" + Secret.EMPTY,
                        "root " + folder + "cacerts/root.pem",
                        "ours " + folder + "certs/moon.pem"),
                places(reading.spec()));
    }

    /// Converted, it is the same: nothing of it depends on where the new file will be.
    @Test
    void certificatesOfAnIpsecConfSurviveConversion() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("ipsec.d/cacerts"));
        Files.writeString(folder.resolve("root.pem"), "");
        Path lists = Files.createDirectories(dir.resolve("ipsec.d/crls"));
        Files.writeString(lists.resolve("root.crl"), "");
        file("ipsec.secrets", ": RSA moon.pem \"Zq9secretZq9\"\n: PKCS8 moon.p8\n");
        Reading first = read(file("ipsec.conf", CONN.replace("authby=psk", "leftcert=moon.pem")));
        assertEquals(List.of(), messages(first));
        Path elsewhere = Files.createDirectories(dir.resolve("elsewhere")).resolve("swanctl.conf");
        Files.writeString(elsewhere, SwanctlText.render(first.spec(), true));
        Reading second = read(elsewhere);
        assertEquals(List.of(), messages(second));
        assertEquals(places(first.spec()), places(second.spec()));
        // what swanctl.conf has no word for is told
        assertTrue(
                Files.readString(elsewhere)
                        .contains(
                                "# To be copied into the directory 'x509crl' beside this file: "
                                        + lists.resolve("root.crl")),
                Files.readString(elsewhere));
    }

    /// Two files may each have an authority of one name: neither takes the other's place.
    @Test
    void authoritiesOfOneNameSurviveConversion() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Path folder = Files.createDirectories(dir.resolve(name));
            files.add(
                    Files.writeString(
                            folder.resolve("ipsec.conf"),
                            "ca my.ca\n\tcacert=root.pem\n\tauto=add\n"));
        }
        Reading first = read(files.toArray(Path[]::new));
        Path whole = file("swanctl.conf", SwanctlText.render(first.spec(), true));
        List<AuthoritySpec> all = read(whole).spec().authorities();
        assertEquals(List.of("my_ca", "my_ca-2"), all.stream().map(AuthoritySpec::name).toList());
        assertEquals(
                dir.resolve("b/ipsec.d/cacerts/root.pem").toString(),
                path(all.getLast().certificate()));
    }

    private static List<String> places(VpnSpec spec) {
        List<String> all = new ArrayList<>();
        spec.keys().forEach(k -> all.add(k.kind() + " " + path(k.source()) + k.passphrase()));
        spec.authorities().forEach(a -> all.add(a.name() + " " + path(a.certificate())));
        AuthSpec.Pubkey ours = (AuthSpec.Pubkey) spec.connections().getFirst().local().auth();
        ours.certificates().forEach(c -> all.add("ours " + path(c)));
        return all;
    }

    private static String path(KeySource source) {
        return ((KeySource.File) source).path();
    }

    @Test
    void includesAreRelativeToTheirFile() throws IOException {
        Files.createDirectories(dir.resolve("conf.d"));
        file("conf.d/b.conf", CONN.replace("net", "b").replace("100.1", "100.3"));
        file("conf.d/a.conf", CONN.replace("net", "a").replace("100.1", "100.2"));
        file("ipsec.secrets", ": PSK \"for-them-all\"\n");
        Path main = file("ipsec.conf", "include conf.d/*.conf # both\n" + CONN);
        Reading reading = read(main);
        assertEquals(List.of("a", "b", "net"), names(reading), () -> "" + messages(reading));
        assertEquals(
                dir.resolve("conf.d/a.conf") + ":1",
                reading.spec().connections().getFirst().origin().toString());
    }

    @Test
    void includesThatLoopOrAreNotThereAreTold() throws IOException {
        file("ipsec.secrets", ": PSK \"for-them-all\"\n");
        Path other = file("other.conf", "include ipsec.conf\n");
        Path main = file("ipsec.conf", "include other.conf\ninclude gone.conf\n" + CONN);
        Reading reading = read(main);
        assertEquals(List.of("net"), names(reading));
        assertEquals(
                List.of(
                        other + ":1:9: error: include: " + main + " includes itself",
                        dir.resolve("gone.conf")
                                + ": error: cannot be read: there is no such file"),
                complaints(reading));
    }

    @Test
    void unreadableFilesAreFindingsWithTheirReason() throws IOException {
        Path gone = dir.resolve("gone.txt");
        Path binary = Files.write(dir.resolve("binary"), new byte[] {1, 0, 2});
        Path conf = file("ipsec.conf", CONN);
        file("ipsec.secrets", ": PSK \"still-read\"\n");
        Path wide = file("wide.conf", CONN + "\t#" + "x".repeat(40_000) + "\n");
        Reading reading = read(gone, dir, binary, wide, conf);
        assertEquals(
                List.of(
                        gone + ": error: cannot be read: there is no such file",
                        dir + ": error: cannot be read: it is a directory",
                        binary + ": error: cannot be read: it is no text (it contains zero octets)",
                        wide + ":7:1: error: cannot be read: a line of 40002 characters"),
                messages(reading));
        assertEquals(List.of("net"), names(reading));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connections {|error: section 'connections' is not closed by '}'",
                "crypto isakmp policy 200|is a Cisco configuration, which a later release reads;"
                        + " download the strongSwan one from AWS",
                "[Interface]|is for WireGuard; Sallyport speaks IPsec",
                "dev tun|is for OpenVPN; Sallyport speaks IPsec",
                "hello|is none of: AWS's strongSwan text, AWS's XML, swanctl.conf, ipsec.conf,"
                        + " ipsec.secrets",
                "# only|is empty: nothing but blanks and comments",
            })
    void otherDialectsAreCalledByTheirName(String text, String message) {
        Reading reading = Texts.text("file", text + "\n", Choices.NONE);
        assertTrue(messages(reading).getFirst().endsWith(message), () -> "" + messages(reading));
    }

    @Test
    void filesOfSeveralDialectsAreOneModel() throws IOException {
        Path conf = file("ipsec.conf", CONN.replace("198.51.100.1", "198.51.100.2"));
        Path secrets = file("ipsec.secrets", "198.51.100.2 : PSK \"the-nets-own\"\n");
        Reading reading = read(Texts.ROSETTA.resolve("aws.xml"), conf, secrets, conf);
        assertEquals(List.of("Tunnel1", "Tunnel2", "net"), names(reading));
        assertEquals(3, reading.spec().secrets().size());
        assertTrue(messages(reading).contains(conf + ": warning: is given twice; it is read once"));
    }

    @Test
    void oneNameInTwoFilesIsAnError() throws IOException {
        Reading reading =
                read(Texts.ROSETTA.resolve("aws.xml"), Texts.ROSETTA.resolve("ipsec.conf"));
        assertTrue(
                messages(reading)
                        .contains(
                                Texts.ROSETTA
                                        + "/ipsec.conf:11:1: error: a connection 'Tunnel1' is there"
                                        + " already, at "
                                        + Texts.ROSETTA
                                        + "/aws.xml:7"),
                () -> "" + messages(reading));
        assertEquals(List.of("Tunnel1", "Tunnel2"), names(reading));
    }

    @Test
    void aConnWithoutKeyIsLeftOutAndNamesItsIdentities() {
        Reading reading =
                ConfigReader.readTexts(
                        List.of(
                                SourceText.of("ipsec.conf", CONN),
                                SourceText.of("x.secrets", "192.0.2.1 203.0.113.9 : PSK \"zz\"\n")),
                        Choices.NONE);
        assertEquals(
                List.of(
                        "ipsec.conf:1:1: error: conn net has no pre-shared key: ipsec.secrets needs"
                                + " a line '192.0.2.1 198.51.100.1 : PSK \"***\"'"),
                complaints(reading));
        assertEquals(List.of(), names(reading));
    }

    @Test
    void aRouteThatSwallowsAPeerIsAnError() {
        Reading reading = conf(TUNNEL.replace("10.0.0.0/16", "198.51.0.0/16"));
        assertTrue(
                messages(reading)
                        .contains(
                                "ipsec.conf:1:1: error: the route to 198.51.0.0/16 through T1 would"
                                        + " swallow the peer 198.51.100.1 itself (conn net): its ESP"
                                        + " would go into the tunnel"),
                () -> "" + messages(reading));
        assertEquals(List.of(), names(reading));
    }

    @Test
    void interfacesMarksAndInsideNetworksAreOfOneConnOnly() {
        String second =
                TUNNEL.replace("conn net", "conn two")
                        .replace("198.51.100.1", "198.51.100.2")
                        .replace("169.254.1.2/30", "169.254.1.1/30");
        Reading reading = conf(TUNNEL + second);
        assertEquals(
                List.of(
                        "ipsec.conf:9:1: error: mark 100 of conn two is the mark of conn net, too"
                                + " (ipsec.conf:1); every tunnel needs its own",
                        "ipsec.conf:9:1: error: interface T1 of conn two is that of conn net, too"
                                + " (ipsec.conf:1)",
                        "ipsec.conf:9:1: error: inside network 169.254.1.0/30 of conn two overlaps"
                                + " 169.254.1.0/30 of conn net (ipsec.conf:1)"),
                complaints(reading));
        assertEquals(List.of("net"), names(reading));
    }

    /// S0-09: "accept it, warn, don't reject".
    @Test
    void s0_09_publicSpaceBehindATunnelIsNoted() {
        Reading reading = conf(TUNNEL.replace("10.0.0.0/16", "192.164.0.0/24"));
        assertEquals(
                List.of(
                        "ipsec.conf:1:1: note: 192.164.0.0/24 is not private address space (RFC"
                                + " 1918): is it meant?"),
                messages(reading));
        assertEquals(List.of("net"), names(reading));
    }

    @Test
    void aVpcOverTheInsideNetworksIsTold() {
        Choices choices =
                Choices.of(List.of(IpPrefix.of("169.254.0.0/16")), Optional.empty(), false);
        Reading reading = ConfigReader.read(List.of(Texts.ROSETTA.resolve("aws.xml")), choices);
        assertTrue(
                complaints(reading).stream()
                        .anyMatch(m -> m.contains("overlaps the inside network 169.254.23.4/30")),
                () -> "" + messages(reading));
    }

    @Test
    void eachBrokenAlgorithmIsToldOnce() {
        Reading reading =
                conf(CONN + "\tike=des-md5-modp768,aes128-sha1-modp1024\n\tesp=des-md5\n");
        assertEquals(
                List.of(
                        "ipsec.conf:1:1: warning: des is broken; used because it is named: ike of"
                                + " net, esp of net",
                        "ipsec.conf:1:1: warning: md5 is broken; used because it is named: ike of"
                                + " net, esp of net",
                        "ipsec.conf:1:1: warning: modp1024 is broken; used because it is named: ike"
                                + " of net",
                        "ipsec.conf:1:1: warning: modp768 is broken; used because it is named: ike"
                                + " of net"),
                messages(reading).stream().sorted().toList());
    }
}

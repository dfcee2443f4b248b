package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.testkit.TestConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exit codes and messages, to the letter: scripts and people rely on both.
class CommandLineTest {
    /// A connection as AWS's file has it, in ipsec.conf's own form.
    static final String CONF =
            """
            conn Tunnel1
            \tauto=start
            \tleft=%defaultroute
            \tleftid=62.81.252.34
            \tright=52.50.67.155
            \ttype=tunnel
            \tleftauth=psk
            \trightauth=psk
            \tkeyexchange=ikev1
            \tike=aes128-sha1-modp2048
            \tikelifetime=8h
            \tesp=aes128-sha1-modp2048
            \tlifetime=1h
            \tkeyingtries=%forever
            \tleftsubnet=0.0.0.0/0
            \trightsubnet=10.0.0.0/16
            \tdpddelay=10s
            \tdpdtimeout=30s
            \tdpdaction=restart
            """;

    static final String SECRETS = "62.81.252.34 52.50.67.155 : PSK \"0123456789abcdefghij\"\n";

    @TempDir Path folder;

    private final TestConsole console = new TestConsole();

    private int sallyport(String... words) {
        return new CommandShell(new CommandTree("0.1.0"), console.console()).execute(words);
    }

    private void fails(Exit exit, String message, String... words) {
        assertEquals(exit.code(), sallyport(words), console.err());
        assertEquals(message, console.err());
        assertEquals("", console.out());
    }

    @Test
    void anUnknownVerb() {
        fails(
                Exit.USAGE,
                "sallyport: unknown verb 'statsu'; did you mean 'status'?\n"
                        + "  see `sallyport --help`\n",
                "statsu");
    }

    @Test
    void anUnknownOption() {
        fails(
                Exit.USAGE,
                "sallyport: unknown option '--jsn'; did you mean '--json'?\n"
                        + "  see `sallyport status --help`\n",
                "status",
                "--jsn");
    }

    @Test
    void anArgumentThatIsMissing() {
        fails(Exit.USAGE, "sallyport: up wants FILE|NAME\n  see `sallyport up --help`\n", "up");
    }

    @Test
    void aValueThatIsMissing() {
        fails(
                Exit.USAGE,
                "sallyport: --socket wants PATH\n  see `sallyport status --help`\n",
                "status",
                "--socket");
    }

    @Test
    void anArgumentTooMany() {
        fails(
                Exit.USAGE,
                "sallyport: status takes no 'Tunnel1'\n  see `sallyport status --help`\n",
                "status",
                "Tunnel1");
    }

    @Test
    void aNumberThatIsNone() {
        fails(
                Exit.USAGE,
                "sallyport: --lines 'many' is no number from 0 to 100000\n"
                        + "  see `sallyport log --help`\n",
                "log",
                "-n",
                "many");
    }

    @Test
    void noWordsAtAllShowTheHelp() {
        assertEquals(Exit.USAGE.code(), sallyport());
        assertTrue(console.err().contains("Verbs:"), console.err());
    }

    @Test
    void noDaemon() {
        Path socket = folder.resolve("s");
        for (List<String> words :
                List.of(
                        List.of("status"),
                        List.of("verify"),
                        List.of("log"),
                        List.of("rekey", "Tunnel1"),
                        List.of("down", "Tunnel1"))) {
            TestConsole fresh = new TestConsole();
            fresh.environment.put("SALLYPORT_SOCKET", socket.toString());
            assertEquals(
                    Exit.UNAVAILABLE.code(),
                    new CommandShell(new CommandTree("0.1.0"), fresh.console())
                            .execute(words.toArray(String[]::new)));
            assertEquals(
                    "sallyport: no daemon answers on "
                            + socket
                            + ": is `sallyport run` running?\n"
                            + "  start one with `sallyport up FILE`, or name its socket with"
                            + " --socket\n",
                    fresh.err());
        }
    }

    @Test
    void anUnreadableFile() throws IOException {
        Path missing = folder.resolve("missing.txt");
        String next = "  give the file that AWS offers for download, or an ipsec.conf\n";
        for (String verb : List.of("check", "run", "up")) {
            TestConsole fresh = new TestConsole();
            assertEquals(
                    Exit.NO_INPUT.code(),
                    new CommandShell(new CommandTree("0.1.0"), fresh.console())
                            .execute(verb, missing.toString()));
            assertEquals(
                    "sallyport: cannot read " + missing + ": no such file\n" + next, fresh.err());
            assertEquals(List.of(), fresh.launched);
        }
        fails(
                Exit.NO_INPUT,
                "sallyport: cannot read " + folder + ": it is a directory\n" + next,
                "check",
                folder.toString());
    }

    @Test
    void aNameWithoutADaemon() {
        fails(
                Exit.NO_INPUT,
                "sallyport: cannot read no-such-tunnel: no such file\n"
                        + "  nor is it a connection: no daemon answers on "
                        + folder.resolve("s")
                        + "\n",
                "up",
                "no-such-tunnel",
                "--socket",
                folder.resolve("s").toString());
    }

    @Test
    void anUnknownKeyword() throws IOException {
        Path file = write(CONF.replace("ikelifetime", "ikelifetme"));
        assertEquals(Exit.CONFIG.code(), sallyport("check", file.toString()));
        String finding =
                file + ":11:2: error: unknown keyword 'ikelifetme'; did you mean 'ikelifetime'?";
        assertTrue(console.out().lines().anyMatch(finding::equals), console.out());
        assertEquals("", console.err());
    }

    @Test
    void upRefusesAConfigurationWithErrorsBeforeAnythingHappens() throws IOException {
        Path file = write(CONF.replace("ikelifetime", "ikelifetme"));
        assertEquals(Exit.CONFIG.code(), sallyport("up", file.toString()));
        List<String> lines = console.err().lines().toList();
        assertEquals(
                file + ":11:2: error: unknown keyword 'ikelifetme'; did you mean 'ikelifetime'?",
                lines.getFirst());
        assertEquals(
                "sallyport: the configuration has 1 error, nothing was changed",
                lines.get(lines.size() - 2));
        assertEquals(List.of(), console.launched);
    }

    private Path write(String conf) throws IOException {
        Files.writeString(folder.resolve("ipsec.secrets"), SECRETS);
        return Files.writeString(folder.resolve("ipsec.conf"), conf);
    }

    @Test
    void checkPrintsTheModelAndMasksTheKey() throws IOException {
        assertEquals(0, sallyport("check", write(CONF).toString()));
        assertTrue(console.out().startsWith("connection Tunnel1  ("), console.out());
        assertTrue(console.out().contains("PSK ***"), console.out());
        assertTrue(console.out().contains("0 errors"), console.out());
        assertTrue(!console.out().contains("0123456789abcdefghij"), console.out());
        assertEquals("", console.err());
    }

    @Test
    void warningsAloneAreNoFailureOfCheck() throws IOException {
        Path file = write(CONF.replace("modp2048", "modp1024"));
        assertEquals(0, sallyport("check", file.toString()));
        assertTrue(console.out().contains("warning: modp1024 is broken"), console.out());
    }

    @Test
    void runPassesOnEverythingThatWasSaid() throws IOException {
        Path file = write(CONF);
        assertEquals(
                0,
                sallyport(
                        "run",
                        file.toString(),
                        "--vpc=10.0.0.0/16,10.1.0.0/16",
                        "--vpc",
                        "2001:db8::/32",
                        "--local",
                        "10.9.0.4",
                        "--behind-nat",
                        "--socket",
                        "/tmp/x/c.sock",
                        "--keep-guards",
                        "--without-filter",
                        "--export-keys",
                        "/tmp/keys",
                        "--backend",
                        "auto",
                        "--workers",
                        "3",
                        "--tcp-port",
                        "4500",
                        "--vici",
                        "/tmp/x/vici",
                        "--log-level",
                        "Debug"));
        assertEquals(
                List.of(
                        "run RunRequest[load=LoadRequest[files=["
                                + file
                                + "], site=Site[vpcs=[10.0.0.0/16, 10.1.0.0/16, 2001:db8::/32],"
                                + " local=10.9.0.4, behindNat=true]], socket=/tmp/x/c.sock,"
                                + " stateDirectory=/tmp/x, logLevel=DEBUG, backend=AUTO,"
                                + " guards=Guards[stay=true, filter=false], workers=3,"
                                + " tcpPort=4500, exportKeys=/tmp/keys,"
                                + " vici=At[socket=/tmp/x/vici]]"),
                console.launched);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "https"})
    void aTcpPortIsAPort(String said) throws IOException {
        String file = write(CONF).toString();
        assertEquals(Exit.USAGE.code(), sallyport("run", file, "--tcp-port=" + said));
        assertTrue(console.err().contains("--tcp-port '" + said + "' is no port"), console.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "17", "-1", "two", "4.0"})
    void workersAreAFew(String said) throws IOException {
        String file = write(CONF).toString();
        assertEquals(Exit.USAGE.code(), sallyport("run", file, "--workers=" + said));
        assertTrue(
                console.err().contains("--workers '" + said + "' is no number from 1 to 16"),
                console.err());
    }

    @Test
    void aNetworkWithHostBitsIsNamedRight() throws IOException {
        fails(
                Exit.USAGE,
                "sallyport: --vpc '10.0.3.4/16' is no network; did you mean 10.0.0.0/16?\n"
                        + "  see `sallyport run --help`\n",
                "run",
                write(CONF).toString(),
                "--vpc",
                "10.0.3.4/16");
    }

    @Test
    void anAddressThatIsNone() throws IOException {
        fails(
                Exit.USAGE,
                "sallyport: --local 'eth0' is no IP address\n  see `sallyport up --help`\n",
                "up",
                write(CONF).toString(),
                "--local",
                "eth0");
    }

    @Test
    void aLogLevelThatIsNone() throws IOException {
        fails(
                Exit.USAGE,
                "sallyport: --log-level 'loud' is none of error, warn, info, debug\n"
                        + "  see `sallyport run --help`\n",
                "run",
                write(CONF).toString(),
                "--log-level",
                "loud");
    }

    @Test
    void whatTheDaemonHalfCannotDoIsToldWithItsNextStep() throws IOException {
        console.trouble =
                new Trouble(
                        Exit.NOT_PERMITTED,
                        "not allowed to change the network",
                        "run it as root (sudo)");
        fails(
                Exit.NOT_PERMITTED,
                "sallyport: not allowed to change the network\n  run it as root (sudo)\n",
                "run",
                write(CONF).toString());
    }

    @Test
    void theDemosExitCodeIsOurs() {
        assertEquals(1, sallyport("demo", "--megabytes", "5", "-v"));
        assertEquals(
                List.of("demo DemoRequest[megabytes=5, keep=false, verbose=true, colour=false]"),
                console.launched);
    }

    @Test
    void aBugIsSaidToBeOne() {
        console.environment.put("SALLYPORT_SOCKET", "/tmp/\0");
        assertEquals(Exit.BUG.code(), sallyport("status"));
        assertTrue(console.err().contains("sallyport: a bug in sallyport: "), console.err());
    }

    @Test
    void versionNeedsNoDaemon() {
        assertEquals(0, sallyport("version", "--socket", folder.resolve("s").toString()));
        List<String> lines = console.out().lines().toList();
        assertEquals(
                "sallyport 0.1.0, Java " + System.getProperty("java.version"), lines.getFirst());
        assertTrue(lines.get(1).startsWith("daemon    no daemon answers on"), lines.get(1));
    }
}

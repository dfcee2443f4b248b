package io.sallyport.config.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.config.swanctl.SwanctlReader;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.VpnSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every VPN of [RosettaCases] is one model in all dialects that can say it, and again after it was
/// converted. What a dialect cannot say, somebody tries, and is told.
class RosettaCasesTest {
    private static final Choices WITH_VPC =
            Choices.of(List.of(IpPrefix.of("10.120.0.0/16")), Optional.empty(), false);
    private static final Path PAGE = Path.of("docs/dialects.md");
    private static final String HEAD =
            """
            # One VPN in several dialects

            Made by `RosettaCasesTest`, which reads every file of `src/test/vectors/rosetta`: a row is one VPN, and
            each file that says it gives the same model. `sallyport convert FILE --to swanctl --secrets` of each
            gives it back when it is read again.

            | VPN | swanctl.conf | ipsec.conf | AWS's text | AWS's XML |
            |---|---|---|---|---|
            """;
    private static final String MIDDLE =
            """

            Two defaults differ, so the files of a row say them: ipsec.conf has `uniqueids=yes` and `reauth=yes`,
            swanctl.conf `unique = no` and rekeying. A pool of an ipsec.conf is called by its network, with a hyphen
            for what no section of swanctl.conf can be called by.

            What a dialect has no words for, tried in the files of the first row, and what is told:

            """;

    /// An attempt to say a case in a dialect that has no words for it.
    ///
    /// @param attempt the first case in this dialect, with the change that somebody would make
    /// @param told what answers it
    private record Speechless(
            RosettaCases vpn,
            String dialect,
            UnaryOperator<String> attempt,
            String trial,
            String told) {
        @Override
        public String toString() {
            return vpn + " in " + dialect;
        }
    }

    private static Speechless cannot(
            RosettaCases vpn, String dialect, String said, String attempt, String told) {
        String added = attempt.replace(said, "").replaceAll("\\s+", " ").strip();
        return new Speechless(
                vpn, dialect, text -> replaced(text, said, attempt), "`" + added + "`", told);
    }

    private static String replaced(String text, String said, String attempt) {
        assertTrue(text.contains(said), said);
        return text.replace(said, attempt);
    }

    private static final String MODE = "<mode>main</mode>";

    static List<Speechless> speechless() {
        return List.of(
                cannot(
                        RosettaCases.AWS_TWO_TUNNELS_IKEV2,
                        "aws.xml",
                        MODE,
                        MODE + "<version>2</version>",
                        "warning: unknown element <version> is ignored"),
                cannot(
                        RosettaCases.NET_IKEV2_PSK,
                        "aws.xml",
                        "</vpn_connection_attributes>",
                        "</vpn_connection_attributes><local_network>10.1.0.0/16</local_network>",
                        "warning: unknown element <local_network> is ignored"),
                cannot(
                        RosettaCases.NET_IKEV2_CERTIFICATES,
                        "aws.xml",
                        "<pre_shared_key>aM6ktTm3pv5etv9eC</pre_shared_key>",
                        "<certificate>moon.pem</certificate>",
                        "error: <ike> has no <pre_shared_key> in it"),
                cannot(
                        RosettaCases.HOSTS_TRANSPORT,
                        "aws.xml",
                        "<mode>tunnel</mode>",
                        "<mode>transport</mode>",
                        "error: mode 'transport' is refused: AWS speaks tunnel mode"),
                cannot(
                        RosettaCases.ROADWARRIORS_POOL,
                        "aws.xml",
                        "<ip_address>52.50.67.155</ip_address>",
                        "<ip_address>0.0.0.0</ip_address>",
                        "error: '0.0.0.0' is nobody's address: AWS's gateway is called"),
                cannot(
                        RosettaCases.ROADWARRIOR_CLIENT,
                        "aws.xml",
                        "<network_cidr>30</network_cidr>",
                        "<network_cidr>30</network_cidr><pool>any</pool>",
                        "warning: unknown element <pool> is ignored"),
                cannot(
                        RosettaCases.NET_IKEV2_PSK,
                        "aws-strongswan.txt",
                        "leftsubnet=0.0.0.0/0",
                        "leftsubnet=10.1.0.0/16,10.9.0.0/24",
                        "error: conn Tunnel1 has several pairs of networks for one tunnel interface: use 0.0.0.0/0 on"
                                + " both sides and routes"),
                cannot(
                        RosettaCases.HOSTS_TRANSPORT,
                        "aws-strongswan.txt",
                        "type=tunnel",
                        "type=transport",
                        "error: leftsubnet: transport mode protects the two hosts themselves; leave it out,"
                                + " or use type=tunnel"),
                cannot(
                        RosettaCases.ROADWARRIORS_POOL,
                        "aws-strongswan.txt",
                        "right=52.50.67.155",
                        "right=%any\n\trightsourceip=10.3.0.0/24",
                        "error: auto=start needs an address to call: right=%any only waits, use"
                                + " auto=add"),
                cannot(
                        RosettaCases.ROADWARRIOR_CLIENT,
                        "aws-strongswan.txt",
                        "left=%defaultroute",
                        "left=%defaultroute\n\tleftsourceip=%config",
                        "error: conn Tunnel1 says leftsourceip or rightsourceip: AWS lends no addresses and"
                                + " takes none, the inside ones are those of 'ip addr add'"));
    }

    private static VpnSpec clean(Path file) {
        Findings findings = new Findings();
        VpnSpec spec = RosettaCases.model(file, WITH_VPC, findings);
        assertFalse(findings.hasErrors(), () -> "" + findings.list());
        assertFalse(spec.connections().isEmpty());
        return spec;
    }

    static Stream<Path> files() {
        return Stream.of(RosettaCases.values())
                .flatMap(c -> RosettaCases.FILES.stream().filter(c::has).map(c::file));
    }

    @ParameterizedTest
    @EnumSource
    void oneModelInAllDialects(RosettaCases vpn) {
        VpnSpec model = clean(vpn.file("swanctl.conf"));
        int dialects = 0;
        for (String name : RosettaCases.FILES) {
            if (vpn.has(name)) {
                dialects++;
                assertEquals(model, clean(vpn.file(name)), name);
            }
        }
        assertTrue(dialects > 1, "a rosetta of one language");
    }

    /// What `sallyport convert FILE --to swanctl --secrets` prints.
    @ParameterizedTest
    @MethodSource("files")
    void convertedAndReadAgainItIsTheSame(Path file) {
        VpnSpec first = clean(file);
        String text = SwanctlText.render(first, true);
        Findings findings = new Findings();
        VpnSpec again =
                RosettaCases.withoutPlaces(
                        SwanctlReader.read(
                                SourceText.of("/nowhere/swanctl.conf", text),
                                Choices.NONE,
                                findings));
        assertFalse(findings.hasErrors(), () -> text + findings.list());
        assertEquals(first, again, text);
        assertEquals(text, SwanctlText.render(again, true));
    }

    /// Not just read: what is not by certificate the engine takes as it is.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NET_IKEV2_CERTIFICATES")
    void theEngineTakesIt(RosettaCases vpn) {
        for (String name : RosettaCases.FILES) {
            if (vpn.has(name)) {
                Reading reading = ConfigReader.read(List.of(vpn.file(name)), WITH_VPC);
                assertFalse(reading.hasErrors(), () -> "" + Texts.messages(reading));
                assertEquals(
                        clean(vpn.file(name)), RosettaCases.withoutPlaces(reading.spec()), name);
            }
        }
    }

    private static List<String> answers(Speechless s) {
        try {
            String text = Files.readString(RosettaCases.AWS_TWO_TUNNELS.file(s.dialect));
            Reading reading = Texts.text(s.dialect, s.attempt.apply(text), WITH_VPC);
            return reading.findings().stream().map(f -> f.severity() + ": " + f.message()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("speechless")
    void whatADialectCannotSayIsTold(Speechless s) {
        assertFalse(s.vpn.has(s.dialect));
        List<String> told = answers(s);
        assertTrue(told.contains(s.told), () -> "" + told);
    }

    /// Run this test with -Dsallyport.docs=write to make the page anew.
    @Test
    void thePageIsWhatIsTestedHere() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        StringBuilder attempts = new StringBuilder();
        int number = 0;
        for (RosettaCases vpn : RosettaCases.values()) {
            page.append("| ").append(vpn.story);
            for (String dialect : RosettaCases.FILES) {
                page.append(" | ");
                Optional<Speechless> not =
                        speechless().stream()
                                .filter(s -> s.vpn == vpn && s.dialect.equals(dialect))
                                .findFirst();
                if (vpn.has(dialect)) {
                    page.append("the model");
                } else if (not.isPresent()) {
                    page.append("no (").append(++number).append(')');
                    attempts.append(number).append(". ").append(not.get().trial);
                    attempts.append(": `").append(not.get().told).append("`\n");
                } else {
                    page.append("not tried");
                }
            }
            page.append(" |\n");
        }
        page.append(MIDDLE).append(attempts);
        if ("write".equals(System.getProperty("sallyport.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertEquals(
                page.toString(),
                Files.readString(PAGE),
                "run mvn test -Dtest=RosettaCasesTest -Dsallyport.docs=write");
    }
}

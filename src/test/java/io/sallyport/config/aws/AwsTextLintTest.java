package io.sallyport.config.aws;

import static io.sallyport.config.read.Texts.complaints;
import static io.sallyport.config.read.Texts.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// S3-21: a number, name or address that one place of the text has differently.
class AwsTextLintTest {
    private static final String GOOD = Texts.rosetta("aws-strongswan.txt");
    private static final Choices VPC =
            Choices.of(List.of(IpPrefix.of("10.120.0.0/16")), Optional.empty(), false);

    private static Reading read(String text) {
        return Texts.text("aws.txt", text, VPC);
    }

    private static List<String> names(Reading reading) {
        return reading.spec().connections().stream().map(ConnectionSpec::name).toList();
    }

    /// Each mistake is an error at its place, its connection is left out, the other one stays.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sudo ip link add Tunnel1|key 100|key 101|63:76: error: key 101 is not the mark 100"
                        + " of conn Tunnel1 (line 48)",
                "pre-up ip link add Tunnel1|key 100|key 99|101:78: error: key 99 is not the mark"
                        + " 100 of conn Tunnel1 (line 48)",
                "sudo ip link add Tunnel1|key 100|key ten|63:76: error: key: 'ten' is no mark;"
                        + " write a number such as 100, 0x64 or 100/0xffffffff",
                "-s 52.50.67.155|xmark 100|xmark 110|78:93: error: --set-xmark 110 is not the mark"
                        + " 100 of conn Tunnel1 (line 48)",
                "pre-up ip link add Tunnel1|Tunnel1 type|Tunnel9 type|101:20: error: the interface"
                        + " of conn Tunnel1 is called Tunnel1 in line 63, here Tunnel9",
                "pre-up ip addr add 169.254.23.6/30|23.6/30|23.10/30|102:20: error: Tunnel1 has"
                        + " 169.254.23.6/30 in line 64, here 169.254.23.10/30",
                "pre-up ip addr add 169.254.23.6/30|23.5/30|23.7/30|102:43: error: Tunnel1 has"
                        + " 169.254.23.5/30 in line 64, here 169.254.23.7/30",
                "sudo ip link add Tunnel1|52.50.67.155|52.50.67.156|63:59: error: the peer of"
                        + " Tunnel1 is 52.50.67.156, but conn Tunnel1 has right=52.50.67.155",
            })
    void s3_21_aMismatchIsAnErrorAtItsPlace(
            String line, String was, String becomes, String message) {
        Reading reading = read(changed(line, was, becomes));
        assertTrue(
                messages(reading).contains("aws.txt:" + message),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of("Tunnel2"), names(reading));
    }

    /// `GOOD` with `was` replaced in the only line that holds `line`.
    private static String changed(String line, String was, String becomes) {
        List<String> lines = GOOD.lines().filter(l -> l.contains(line)).toList();
        assertEquals(1, lines.size(), line);
        assertTrue(lines.getFirst().contains(was), was);
        return GOOD.replace(lines.getFirst(), lines.getFirst().replace(was, becomes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sudo ip addr add 169.254.23.6/30|Tunnel1|Tunel1|64:61: error: no line makes an"
                        + " interface 'Tunel1'; did you mean 'Tunnel1'?",
                "FORWARD -o Tunnel1|Tunnel1|Tunnel3|77:39: error: no line makes an interface"
                        + " 'Tunnel3'; did you mean 'Tunnel1'?",
                "iface Tunnel1|Tunnel1|Tunnell|100:7: error: no line makes an interface 'Tunnell';"
                        + " did you mean 'Tunnel1'?",
                "-s 52.50.67.155|52.50.67.155|52.50.67.1|78:44: error: no conn has"
                        + " right=52.50.67.1",
                "Tunnel1.rp_filter=2|=2|=1|84:33: warning: rp_filter=1: a route-based tunnel wants"
                        + " 2",
                "-ln Tunnel1|-m 100|-m 101|51:97: warning: the leftupdown line that is commented"
                        + " out has -m 101 where conn Tunnel1 has 100",
                "-ln Tunnel1|23.6/30|23.9/30|51:58: warning: the leftupdown line that is commented"
                        + " out has -ll 169.254.23.9/30 where conn Tunnel1 has 169.254.23.6/30",
                "up ip link set Tunnel1|1419|1500|103:31: warning: the MTU of Tunnel1 is 1419 in"
                        + " line 65",
                "VPN Connection ID|vpn-f6fb86bd|vpn-f6fb86b|6:43: warning: an AWS identifier has 8"
                        + " or 17 hexadecimal digits behind 'vpn-'",
                "dev Tunnel1 metric|metric 100|metric 5|68:49: warning: metric 5 is not the mark"
                        + " 100, as aws-updown.sh would have it",
            })
    void s3_21_namesPeersAndHintsAreCheckedToo(
            String line, String was, String becomes, String message) {
        List<String> lines = GOOD.lines().filter(l -> l.contains(line)).toList();
        String first = lines.getFirst();
        String text = GOOD.replaceFirst(java.util.regex.Pattern.quote(first), "@@@");
        text =
                text.replace(
                        "@@@",
                        first.substring(0, first.indexOf(was))
                                + becomes
                                + first.substring(first.indexOf(was) + was.length()));
        Reading reading = read(text);
        assertTrue(
                messages(reading).contains("aws.txt:" + message),
                () -> String.join("\n", messages(reading)));
    }

    @Test
    void s3_21_twoTunnelsWithOneMarkAreAnError() {
        String text = GOOD.replace("mark=200", "mark=100").replace("key 200", "key 100");
        Reading reading = read(text.replace("--set-xmark 200", "--set-xmark 100"));
        assertTrue(
                messages(reading)
                        .contains(
                                "aws.txt:120:1: error: mark 100 of conn Tunnel2 is the mark of conn"
                                        + " Tunnel1, too (aws.txt:28); every tunnel needs its own"),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of("Tunnel1"), names(reading));
    }

    @Test
    void s3_21_aKeyForAPeerWithoutConnIsTold() {
        Reading reading = read(GOOD + "62.81.252.34 52.50.67.99 : PSK \"nobody-has-this\"\n");
        assertEquals(
                1,
                complaints(reading).stream()
                        .filter(m ->
                                m.endsWith(
                                        "warning: no connection uses the pre-shared key of"
                                                + " 62.81.252.34, 52.50.67.99"))
                        .count(),
                () -> String.join("\n", messages(reading)));
    }

    @Test
    void s3_24_aKeyWithoutItsBlanksIsAPointedErrorAndTheConnIsLeftOut() {
        Reading reading = read(GOOD.replace("52.50.67.155 : PSK", "52.50.67.155: PSK"));
        assertTrue(
                messages(reading)
                        .contains(
                                "aws.txt:54:26: error: a blank is missing before the colon: write"
                                        + " 'LOCAL REMOTE : PSK \"***\"'"),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of("Tunnel2"), names(reading));
    }

    @Test
    void s3_23_theEnabledLineNeedsNoCommands() {
        String text =
                GOOD.replace("#leftupdown", "leftupdown")
                        .replaceAll("(?m)^.*ip (link|addr|route) .*$", "");
        Reading reading = read(text);
        assertEquals(
                Texts.withoutOrigins(read(GOOD).spec()),
                Texts.withoutOrigins(reading.spec()),
                () -> String.join("\n", messages(reading)));
    }

    @Test
    void s3_21_theEnabledLineAndTheCommandsMustAgree() {
        String text = GOOD.replace("#leftupdown", "leftupdown").replace("-ln Tunnel1", "-ln T1");
        assertTrue(
                messages(read(text))
                        .contains(
                                "aws.txt:63:18: error: leftupdown of conn Tunnel1 calls its"
                                        + " interface T1, here it is Tunnel1"),
                () -> String.join("\n", messages(read(text))));
        String other = GOOD.replace("#leftupdown", "leftupdown").replace("-m 100", "-m 7");
        assertTrue(
                messages(read(other))
                        .contains("aws.txt:51:96: error: -m 7 is not the connection's mark 100"),
                () -> String.join("\n", messages(read(other))));
    }

    @Test
    void s3_30_anAddressForTheSlotIsTaken() {
        Reading reading = read(GOOD.replace("<LOCAL IP> remote", "192.168.7.20 remote"));
        assertEquals(
                "192.168.7.20",
                reading.spec().connections().getFirst().local().address().toString());
        assertTrue(
                reading.spec().connections().getFirst().local().address()
                        instanceof AddressSpec.Fixed);
    }

    @Test
    void s3_33_aCidrForTheSlotIsTaken() {
        String text = GOOD.replace("add <VPC CIDR> dev", "add 192.168.1.0/24 dev");
        Reading reading = Texts.text("aws.txt", text, Choices.NONE);
        assertTrue(
                reading.spec().connections().getFirst().children().getFirst().link()
                                instanceof LinkSpec.Tunnel t
                        && t.routes().getFirst().destination().equals(IpPrefix.of("192.168.1.0/24"))
                        && t.routes().getFirst().metric() == 100);
        assertEquals(0, messages(reading).stream().filter(m -> m.contains("no route")).count());
    }

    @Test
    void s3_02_withoutInterfacesItIsPolicyBasedAndOnlyOneTunnelCanBeUp() {
        String text = GOOD.replaceAll("(?m)^.*ip (link|addr|route) .*$", "");
        Reading reading = read(text);
        assertEquals(List.of("Tunnel1", "Tunnel2"), names(reading));
        assertTrue(
                complaints(reading).stream()
                        .anyMatch(m -> m.contains("AWS lets only one policy-based tunnel be up")),
                () -> String.join("\n", messages(reading)));
        assertTrue(
                complaints(reading).stream()
                        .anyMatch(m -> m.contains("only one of them carries it")));
    }

    @Test
    void s3_01_newIdentifiersAreAccepted() {
        String text = GOOD.replace("vpn-f6fb86bd", "vpn-05044757278685fd3");
        assertEquals(messages(read(GOOD)), messages(read(text)));
    }

    @Test
    void s3_02_aLonelyTunnelIsTold() {
        int second = GOOD.indexOf("IPSEC Tunnel #2");
        Reading reading = read(GOOD.substring(0, second));
        assertEquals(List.of("Tunnel1"), names(reading));
        assertTrue(complaints(reading).stream().anyMatch(m -> m.contains("there is no failover")));
    }
}

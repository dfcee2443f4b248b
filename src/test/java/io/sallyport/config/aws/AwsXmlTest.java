package io.sallyport.config.aws;

import static io.sallyport.config.read.Texts.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.LinkSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// AWS's XML: every element known or told, nothing fetched, nothing expanded.
class AwsXmlTest {
    private static final String GOOD = Texts.rosetta("aws.xml");
    private static final Choices VPC =
            Choices.of(List.of(IpPrefix.of("10.120.0.0/16")), Optional.empty(), false);

    private static Reading read(String text) {
        return Texts.text("aws.xml", text, VPC);
    }

    private static String first(String was, String becomes) {
        assertTrue(GOOD.contains(was), was);
        int at = GOOD.indexOf(was);
        return GOOD.substring(0, at) + becomes + GOOD.substring(at + was.length());
    }

    private static List<String> names(Reading reading) {
        return reading.spec().connections().stream().map(ConnectionSpec::name).toList();
    }

    /// A mistake in tunnel 1: its place and words, and tunnel 2 goes on.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<mode>main<|<mode>aggressive<|33:7: error: mode 'aggressive' is refused:"
                        + " aggressive mode is refused: use main mode",
                "<protocol>esp<|<protocol>ah<|37:7: error: protocol 'ah' is refused: AH arrives in"
                        + " a later release",
                "<encryption_protocol>aes-128-cbc<|<encryption_protocol>aes-129-cbc<|30:7: error:"
                        + " encryption_protocol 'aes-129-cbc' is not known; did you mean"
                        + " 'aes-128-cbc'?",
                "<authentication_protocol>sha1<|<authentication_protocol>md5<|29:7: error:"
                        + " authentication_protocol 'md5' is not known",
                "<perfect_forward_secrecy>group2<|<perfect_forward_secrecy>group99<|32:7: error:"
                        + " perfect_forward_secrecy 'group99' is not known; did you mean 'group19'?",
                "<lifetime>28800<|<lifetime>soon<|31:7: error: lifetime 'soon' is no number from 60"
                        + " to 604800",
                "<ip_address>62.81.252.34<|<ip_address>62.81.252<|10:9: error: '62.81.252' is no"
                        + " address",
                "<network_cidr>30<|<network_cidr>40<|13:9: error: '169.254.23.6' and '40' are no"
                        + " address and prefix length",
                "<pre_shared_key>aM6ktTm3pv5etv9eC<|<pre_shared_key><|34:7: error:"
                        + " <pre_shared_key> is empty",
                "<retries>3<|<retries>0<|48:9: error: retries '0' is no number from 1 to 100",
                "<tcp_mss_adjustment>1379<|<tcp_mss_adjustment>x<|45:7: error: tcp_mss_adjustment"
                        + " 'x' is no number from 500 to 9000",
            })
    void aMistakeIsToldAtItsElementAndItsTunnelLeftOut(String was, String becomes, String message) {
        Reading reading = read(first(was, becomes));
        assertTrue(
                messages(reading).contains("aws.xml:" + message),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of("Tunnel2"), names(reading));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<clear_df_bit>true</clear_df_bit>|<clear_df_bits>true</clear_df_bits>|43:7:"
                        + " warning: unknown element <clear_df_bits> is ignored; did you mean"
                        + " 'clear_df_bit'?",
                "<network_mask>255.255.255.252|<network_mask>255.255.255.0|14:9: warning:"
                        + " network_mask 255.255.255.0 is not the mask of /30, which counts",
                "id=\"vpn-f6fb86bd\"|id=\"vpn-f6fb\"|2:1: warning: 'vpn-f6fb' is no AWS identifier:"
                        + " 8 or 17 hexadecimal digits behind vpn-, vgw- or cgw-",
                "<mode>main</mode>|<mode>main</mode><mode>main</mode>|33:24: warning: <mode> is"
                        + " there twice; the first one counts",
            })
    void oddElementsAreToldAndBothTunnelsStay(String was, String becomes, String message) {
        Reading reading = read(first(was, becomes));
        assertTrue(
                messages(reading).contains("aws.xml:" + message),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of("Tunnel1", "Tunnel2"), names(reading));
    }

    @Test
    void s3_25_otherAlgorithmsGroupsAndTimes() {
        String text =
                GOOD.replace("aes-128-cbc", "aes-256-cbc")
                        .replace(">sha1<", ">sha2-256<")
                        .replace("hmac-sha1-96", "hmac-sha2-256-128")
                        .replace("group2", "group14")
                        .replace("<interval>10", "<interval>15")
                        .replace(">1379<", ">1387<");
        ConnectionSpec c = read(text).spec().connections().getFirst();
        assertEquals("[aes256-sha256-modp2048]", c.ike().proposals().toString());
        assertEquals("[aes256-sha256-modp2048]", c.children().getFirst().proposals().toString());
        assertEquals(new DpdSpec(Duration.ofSeconds(15), Duration.ofSeconds(45)), c.ike().dpd());
        assertTrue(c.children().getFirst().link() instanceof LinkSpec.Tunnel t && t.mtu() == 1427);
    }

    @Test
    void anEmptyGatewayIdIsATransitGateways() {
        Reading reading = read(GOOD.replace(">vgw-5d241a29<", "><"));
        assertEquals(messages(read(GOOD)), messages(reading));
    }

    @Test
    void aMissingElementIsNamed() {
        String text = GOOD.replaceFirst("(?s)<dead_peer_detection>.*?</dead_peer_detection>", "");
        assertEquals(DpdSpec.OFF, read(text).spec().connections().getFirst().ike().dpd());
        Reading reading = read(GOOD.replaceFirst("(?s)<ike>.*?</ike>", ""));
        assertTrue(
                messages(reading).contains("aws.xml:7:3: error: <ipsec_tunnel> has no <ike> in it"),
                () -> String.join("\n", messages(reading)));
    }

    @Test
    void documentTypesEntitiesAndBrokenXmlAreRefused() {
        String doctype =
                GOOD.replace(
                        "<vpn_connection id",
                        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n"
                                + "<vpn_connection id");
        for (String text :
                List.of(
                        doctype,
                        doctype.replace("aM6ktTm3pv5etv9eC2", "&a;"),
                        GOOD.replace("</ipsec>", ""),
                        GOOD.substring(0, 900),
                        GOOD + "<more/>",
                        "<",
                        "<a>".repeat(100_000))) {
            Reading reading = read(text);
            assertTrue(reading.hasErrors());
            assertEquals(List.of(), reading.spec().connections());
            assertTrue(
                    messages(reading).getFirst().contains("the XML is not well-formed"),
                    () -> "" + messages(reading));
        }
        assertTrue(
                messages(read("<other/>"))
                        .getFirst()
                        .contains("the root element of AWS's configuration is <vpn_connection>"));
    }

    @Test
    void ipv6InsideTakesAllOfIpv6() {
        String text =
                GOOD.replaceAll(
                        "(?s)<tunnel_inside_address>\\s*<ip_address>169.254.(\\d+).(\\d+)<.*?"
                                + "</tunnel_inside_address>",
                        "<tunnel_inside_ipv6_address><ip_address>fd00:$1::$2</ip_address>"
                                + "<prefix_length>126</prefix_length>"
                                + "</tunnel_inside_ipv6_address>");
        Reading reading = read(text);
        assertFalse(reading.hasErrors(), () -> "" + messages(reading));
        ConnectionSpec c = reading.spec().connections().getFirst();
        assertEquals("::/0 === ::/0", c.children().getFirst().selectors().toString());
    }
}

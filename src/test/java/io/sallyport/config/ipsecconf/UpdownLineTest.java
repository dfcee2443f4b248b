package io.sallyport.config.ipsecconf;

import static io.sallyport.config.read.Texts.CONN;
import static io.sallyport.config.read.Texts.conf;
import static io.sallyport.config.read.Texts.messages;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.Reading;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.RouteSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// S3-40: the options of aws-updown.sh.
class UpdownLineTest {
    private static final String GOOD = "-ln T1 -ll 169.254.1.2/30 -lr 169.254.1.1/30 -m 100";

    private static Reading read(String options, Choices choices) {
        return conf(
                CONN + "\tmark=100\n\tleftupdown=\"/etc/x/aws-updown.sh " + options + "\"\n",
                choices);
    }

    private static LinkSpec link(Reading reading) {
        assertEquals(1, reading.spec().connections().size(), () -> "" + messages(reading));
        return reading.spec().connections().getFirst().children().getFirst().link();
    }

    @Test
    void s3_40_routesAreAListWithTheMarkAsMetric() {
        LinkSpec expected =
                new LinkSpec.Tunnel(
                        "T1",
                        List.of(InsideAddress.parse("169.254.1.2/30").orElseThrow()),
                        List.of(InsideAddress.parse("169.254.1.1/30").orElseThrow()),
                        1419,
                        100,
                        List.of(
                                new RouteSpec(IpPrefix.of("10.0.0.0/16"), 100),
                                new RouteSpec(IpPrefix.of("10.9.0.0/24"), 100)));
        assertEquals(expected, link(read(GOOD + " -r 10.0.0.0/16,10.9.0.0/24", Choices.NONE)));
        assertEquals(
                expected,
                link(
                        read(
                                "--link-name T1 --link-local 169.254.1.2/30 --link-remote"
                                        + " 169.254.1.1/30 --mark 100 --static-route"
                                        + " 10.0.0.0/16,10.9.0.0/24",
                                Choices.NONE)));
    }

    @Test
    void s3_40_anUnknownOptionIsToldAndPassedOver() {
        Reading reading = read("--loud " + GOOD + " -r 10.0.0.0/16", Choices.NONE);
        assertEquals(
                List.of("ipsec.conf:8:35: warning: Unknown argument \"--loud\""),
                messages(reading));
        assertTrue(link(reading) instanceof LinkSpec.Tunnel);
    }

    @Test
    void theSlotForTheVpcIsFilledByTheCaller() {
        IpPrefix vpc = IpPrefix.of("10.120.0.0/16");
        Choices choices = Choices.of(List.of(vpc), Optional.empty(), false);
        assertTrue(
                link(read(GOOD + " -r <VPC CIDR>", choices)) instanceof LinkSpec.Tunnel t
                        && t.routes().equals(List.of(new RouteSpec(vpc, 100))));
        Reading open = read(GOOD + " -r <VPC CIDR>", Choices.NONE);
        assertTrue(link(open) instanceof LinkSpec.Tunnel t && t.routes().isEmpty());
        assertTrue(messages(open).getFirst().contains("note: no route"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-ln T1 -ll 169.254.1.2/30 -lr 169.254.1.1/30 -m 101|8:83: error: -m 101 is not the"
                        + " connection's mark 100",
                "-ln T1 -ll 169.254.1.2/30 -m 100|8:14: error: aws-updown.sh needs -lr",
                "-ln T1 -ll 169.254.1.2 -lr x -m 100|8:62: error: -lr: 'x' is no address; write"
                        + " e.g. 169.254.23.6/30",
                "-ln much-too-long-name -ll 169.254.1.2/30 -lr 169.254.1.1/30 -m 100|8:39: error:"
                        + " 'much-too-long-name' is no interface name: at most 15 letters, digits,"
                        + " '-', '_' or '.'",
                "-ln T1 -ll 169.254.1.2/30 -lr 169.254.1.1/30 -m 100 -r 10.0.0.0/16,ten|8:102:"
                        + " error: -r: 'ten' is no network; write ADDRESS/LENGTH, e.g. 10.0.0.0/8",
                "-ln T1 -ll 169.254.1.2/30 -lr 169.254.1.1/30 -m 100 -r|8:87: error: -r needs a"
                        + " value behind it",
            })
    void aMistakeIsToldAtItsWord(String options, String message) {
        Reading reading = read(options, Choices.NONE);
        assertTrue(
                messages(reading).contains("ipsec.conf:" + message),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of(), reading.spec().connections());
    }

    @Test
    void s3_46_severalNetworksDoNotFitOneInterface() {
        Reading reading =
                conf(
                        CONN
                                + "\tmark=100\n\trightsubnet=10.1.0.0/16,10.2.0.0/16\n"
                                + "\tleftupdown=\"aws-updown.sh "
                                + GOOD
                                + " -r 10.1.0.0/16\"\n");
        assertTrue(
                messages(reading)
                        .contains(
                                "ipsec.conf:1:1: error: conn net has 2 pairs of networks for one"
                                        + " tunnel interface: use 0.0.0.0/0 on both sides and"
                                        + " routes"));
    }
}

package io.sallyport.config.read;

import static io.sallyport.config.read.Texts.ROSETTA;
import static io.sallyport.config.read.Texts.complaints;
import static io.sallyport.config.read.Texts.messages;
import static io.sallyport.config.read.Texts.withoutOrigins;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.render.ModelText;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.RouteSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One VPN in three dialects is one model.
class RosettaTest {
    private static final IpPrefix VPC = IpPrefix.of("10.120.0.0/16");
    private static final Choices WITH_VPC = Choices.of(List.of(VPC), Optional.empty(), false);

    private static Reading read(String file, Choices choices) {
        return ConfigReader.read(List.of(ROSETTA.resolve(file)), choices);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipsec.conf", "aws.xml", "swanctl.conf"})
    void allDialectsGiveTheModelOfTheAwsText(String file) {
        Reading aws = read("aws-strongswan.txt", WITH_VPC);
        Reading other = read(file, WITH_VPC);
        assertFalse(aws.hasErrors(), () -> "" + messages(aws));
        assertFalse(other.hasErrors(), () -> "" + messages(other));
        assertEquals(withoutOrigins(aws.spec()), withoutOrigins(other.spec()));
    }

    /// S3-03: nothing but the file and the VPC's CIDR is needed; S3-05 to S3-20 value by value.
    @Test
    void s3_03_theAwsTextHasEveryValueOfItsSlots() {
        Reading reading = read("aws-strongswan.txt", WITH_VPC);
        assertEquals(2, reading.spec().connections().size()); // S3-02
        ConnectionSpec one = reading.spec().connections().getFirst();
        assertEquals("Tunnel1", one.name());
        assertEquals(ROSETTA + "/aws-strongswan.txt:28", one.origin().toString());
        assertEquals(new AddressSpec.DefaultRoute(), one.local().address()); // S3-06
        assertEquals(Identity.of(IpAddress.of("62.81.252.34")), one.local().identity()); // S3-07
        assertEquals(
                new AddressSpec.Fixed(IpAddress.of("52.50.67.155")),
                one.remote().address()); // S3-08
        assertEquals(Identity.of(IpAddress.of("52.50.67.155")), one.remote().identity());
        assertEquals(IkeVersion.IKEV1, one.ike().version()); // S3-11
        assertEquals("[aes128-sha1-modp1024]", one.ike().proposals().toString()); // S3-12
        assertEquals(Duration.ofHours(8), one.ike().lifetime().life()); // S3-13
        assertEquals(Duration.ofMinutes(9), one.ike().lifetime().margin());
        assertEquals(100, one.ike().lifetime().fuzzPercent());
        assertEquals(0, one.ike().keyingTries()); // S3-16
        assertEquals(
                new DpdSpec(Duration.ofSeconds(10), Duration.ofSeconds(30)),
                one.ike().dpd()); // S3-18, S3-19
        assertFalse(one.ike().unique()); // S3-22
        assertFalse(one.ike().forceEncapsulation());
        ChildSpec child = one.children().getFirst();
        assertEquals(Mode.TUNNEL, child.mode()); // S3-09
        assertEquals("[aes128-sha1-modp1024]", child.proposals().toString()); // S3-14
        assertEquals(Duration.ofHours(1), child.lifetime().life()); // S3-15
        assertEquals("0.0.0.0/0 === 0.0.0.0/0", child.selectors().toString()); // S3-17
        assertEquals(
                new Actions(
                        Actions.Start.START, // S3-05
                        Actions.Close.NONE,
                        Actions.Dpd.RESTART), // S3-20
                child.actions());
        assertEquals(32, child.replayWindow());
    }

    /// S3-21, S3-29, S3-31, S3-32, S3-33.
    @Test
    void s3_29_eachTunnelHasItsInterface() {
        Reading reading = read("aws-strongswan.txt", WITH_VPC);
        List<String> links =
                reading.spec().connections().stream()
                        .map(c -> "" + c.children().getFirst().link())
                        .toList();
        assertEquals(
                List.of(
                        "Tunnel[name=Tunnel1, inside=[169.254.23.6/30],"
                                + " remoteInside=[169.254.23.5/30], mtu=1419, mark=100,"
                                + " routes=[RouteSpec[destination=10.120.0.0/16, metric=100]]]",
                        "Tunnel[name=Tunnel2, inside=[169.254.22.74/30],"
                                + " remoteInside=[169.254.22.73/30], mtu=1419, mark=200,"
                                + " routes=[RouteSpec[destination=10.120.0.0/16, metric=200]]]"),
                links);
    }

    @Test
    void s3_24_theSecretsAreForBothEnds() {
        Reading reading = read("aws-strongswan.txt", WITH_VPC);
        assertEquals(2, reading.spec().secrets().size());
        var second = reading.spec().secrets().get(1);
        assertEquals(
                List.of(
                        Identity.of(IpAddress.of("62.81.252.34")),
                        Identity.of(IpAddress.of("54.77.23.12"))),
                second.owners());
        assertEquals(Secret.utf8("aM6ktTm3pv5etv9eC2"), second.secret());
        assertEquals(146, second.origin().line());
    }

    @Test
    void modp1024IsToldOnceThoughFourProposalsNameIt() {
        assertEquals(
                List.of(
                        ROSETTA
                                + "/aws-strongswan.txt:28:1: warning: modp1024 is broken; used"
                                + " because it is named: ike of Tunnel1, esp of Tunnel1, ike of"
                                + " Tunnel2, esp of Tunnel2"),
                complaints(read("aws-strongswan.txt", WITH_VPC)));
    }

    @Test
    void withoutTheVpcsCidrThereAreNoRoutesAndANoteSaysHow() {
        for (String file : List.of("aws-strongswan.txt", "aws.xml")) {
            Reading reading = read(file, Choices.NONE);
            assertFalse(reading.hasErrors());
            for (ConnectionSpec c : reading.spec().connections()) {
                assertTrue(
                        c.children().getFirst().link() instanceof LinkSpec.Tunnel t
                                && t.routes().isEmpty());
            }
            assertTrue(
                    messages(reading).stream()
                            .anyMatch(m -> m.contains("note: no route") && m.contains("--vpc")),
                    () -> "" + messages(reading));
        }
    }

    /// S3-30.
    @Test
    void s3_30_behindANatTheLocalAddressIsPrivateAndEspGoesInUdp() {
        IpAddress inner = IpAddress.of("192.168.7.20");
        for (String file : List.of("aws-strongswan.txt", "aws.xml", "ipsec.conf")) {
            Reading reading = read(file, Choices.of(List.of(VPC), Optional.of(inner), true));
            ConnectionSpec one = reading.spec().connections().getFirst();
            assertEquals(new AddressSpec.Fixed(inner), one.local().address());
            assertEquals(Identity.of(IpAddress.of("62.81.252.34")), one.local().identity());
            assertTrue(one.ike().forceEncapsulation());
        }
    }

    @Test
    void severalVpcNetworksAreRoutesOfEachTunnel() {
        IpPrefix second = IpPrefix.of("10.121.0.0/16");
        Reading reading =
                read("aws.xml", Choices.of(List.of(VPC, second), Optional.empty(), false));
        assertTrue(
                reading.spec().connections().get(1).children().getFirst().link()
                                instanceof LinkSpec.Tunnel t
                        && t.routes()
                                .equals(
                                        List.of(
                                                new RouteSpec(VPC, 200),
                                                new RouteSpec(second, 200))));
    }

    @Test
    void theBgpXmlGivesItsTunnelsAndSaysThatBgpIsNotSpoken() {
        Path file = Path.of("src/test/vectors/rosetta/aws-bgp/aws.xml");
        Reading reading = ConfigReader.read(List.of(file), Choices.NONE);
        assertFalse(reading.hasErrors());
        assertEquals(2, reading.spec().connections().size());
        assertEquals(2, reading.spec().secrets().size());
        assertTrue(
                messages(reading)
                        .contains(
                                file
                                        + ":16:7: warning: BGP is not spoken yet; give the VPC's"
                                        + " routes with --vpc CIDR"),
                () -> "" + messages(reading));
    }

    @Test
    void theModelAsTextIsTheGoldenOne() throws IOException {
        Reading reading = read("aws-strongswan.txt", WITH_VPC);
        assertEquals(
                Files.readString(ROSETTA.resolve("model.txt")),
                ModelText.render(reading.spec(), reading.findings()));
    }

    /// S3-26: other connections of an appended file are kept.
    @Test
    void s3_26_otherSectionsAndOddBlanksStay() {
        String text =
                Texts.rosetta("aws-strongswan.txt")
                                .replace(
                                        "conn Tunnel1",
                                        """
                                        conn office
                                        \tkeyexchange=ikev1
                                        \tauthby=secret
                                         \t
                                        \tright=192.0.2.77
                                        \t## kept
                                        \trightsubnet=10.9.0.0/16
                                        \tauto=add

                                        conn Tunnel1\
                                        """)
                        + "62.81.252.34 192.0.2.77 : PSK \"another-key\"\n";
        Reading reading = Texts.text("both.txt", text.replace("\n", "\r\n"), WITH_VPC);
        assertEquals(
                List.of("office", "Tunnel1", "Tunnel2"),
                reading.spec().connections().stream().map(ConnectionSpec::name).toList(),
                () -> "" + messages(reading));
    }
}

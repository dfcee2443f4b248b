package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import io.sallyport.config.render.SwanctlText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Converted and read again, a model is the same.
class RoundTripTest {
    private static final Choices WITH_VPC =
            Choices.of(List.of(IpPrefix.of("10.120.0.0/16")), Optional.empty(), false);

    @Test
    void everythingThatCanBeSaid() {
        Swanctl first = Swanctl.read(Swanctl.RICH);
        assertEquals(List.of(), first.complaints());
        assertEquals(2, first.spec().connections().size());
        String text = SwanctlText.render(first.spec(), true);
        Swanctl again = Swanctl.read(text);
        assertEquals(List.of(), again.complaints(), text);
        assertEquals(first.spec(), again.spec(), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws-strongswan.txt", "ipsec.conf", "aws.xml", "swanctl.conf"})
    void everyDialectOfOneVpn(String file) {
        Reading first = ConfigReader.read(List.of(Texts.ROSETTA.resolve(file)), WITH_VPC);
        String text = SwanctlText.render(first.spec(), true);
        Reading again = Texts.text("/nowhere/swanctl.conf", text, Choices.NONE);
        assertFalse(again.hasErrors(), () -> text + Texts.messages(again));
        assertEquals(Texts.withoutOrigins(first.spec()), Texts.withoutOrigins(again.spec()), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rekey=no",
                "lifebytes=1000000",
                "dpdaction=clear",
                "ah=sha256-modp2048",
                "ah=sha256,sha1",
                "rightsubnet=10.1.0.0/16,10.2.0.0/16[tcp/80]",
                "type=transport",
                "ikelifetime=100m",
                "rekeyfuzz=50%",
                "leftid=user@example.org",
                "rightid=@#0102",
                "closeaction=restart",
            })
    void ipsecConf(String setting) {
        Reading first = Texts.connWith(setting);
        assertFalse(first.hasErrors(), () -> "" + Texts.messages(first));
        String text = SwanctlText.render(first.spec(), true);
        Reading again = Texts.text("/nowhere/swanctl.conf", text, Choices.NONE);
        assertEquals(
                Texts.withoutOrigins(first.spec()),
                Texts.withoutOrigins(again.spec()),
                () -> text + Texts.messages(again));
    }

    @Test
    void withoutSecretsNoKeyIsShown() {
        String text = SwanctlText.render(Swanctl.read(Swanctl.RICH).spec(), false);
        assertTrue(text.contains("# secret = ***\n"), text);
        for (String key : List.of("0x", "quoted", "sesame")) {
            String secrets = text.substring(text.indexOf("\nsecrets {"), text.indexOf("\npools {"));
            assertFalse(secrets.contains(key), text);
        }
    }
}

package io.sallyport.fuzz;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.render.ModelText;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Every dialect of configuration: whatever stands in a file is read to findings.
final class DialectFuzz {
    private static final String CONF =
            """
            conn net
            \tkeyexchange=ikev1
            \tauthby=psk
            \tleft=192.0.2.1
            \tright=198.51.100.1
            \tauto=add
            """;

    private DialectFuzz() {}

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static Reading read(SourceText... texts) {
        Reading reading = ConfigReader.readTexts(List.of(texts), Choices.NONE);
        // Each finding has its words.
        for (Diagnostic finding : reading.findings()) {
            if (finding.toString().isEmpty()) {
                throw new AssertionError("a finding without words");
            }
        }
        // What was understood can be shown, in both ways there are.
        ModelText.render(reading.spec(), reading.findings());
        SwanctlText.render(reading.spec(), true);
        return reading;
    }

    static void swanctl(byte[] input) {
        read(SourceText.of("swanctl.conf", text(input)));
    }

    static void ipsecConf(byte[] input) {
        read(
                SourceText.of("ipsec.conf", text(input)),
                SourceText.of("ipsec.secrets", ": PSK \"correct horse battery\"\n"));
    }

    static void ipsecSecrets(byte[] input) {
        read(SourceText.of("ipsec.conf", CONF), SourceText.of("ipsec.secrets", text(input)));
    }

    static void awsText(byte[] input) {
        read(SourceText.of("vpn.txt", text(input)));
    }

    static void awsXml(byte[] input) {
        read(SourceText.of("vpn.xml", text(input)));
    }
}

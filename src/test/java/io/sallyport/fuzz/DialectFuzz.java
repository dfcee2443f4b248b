package io.sallyport.fuzz;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.read.Texts;
import io.sallyport.config.render.ModelText;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Every dialect of configuration: whatever stands in a file is read to findings.
final class DialectFuzz {
    private DialectFuzz() {}

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static void take(Reading reading) {
        // Each finding has its words.
        for (Diagnostic finding : reading.findings()) {
            if (finding.toString().isEmpty()) {
                throw new AssertionError("a finding without words");
            }
        }
        // What was understood can be shown, in both ways there are.
        ModelText.render(reading.spec(), reading.findings());
        SwanctlText.render(reading.spec(), true);
    }

    static void swanctl(byte[] input) {
        take(Texts.text("swanctl.conf", text(input), Choices.NONE));
    }

    static void ipsecConf(byte[] input) {
        take(Texts.conf(text(input)));
    }

    static void ipsecSecrets(byte[] input) {
        take(
                ConfigReader.readTexts(
                        List.of(
                                SourceText.of("ipsec.conf", Texts.CONN),
                                SourceText.of("ipsec.secrets", text(input))),
                        Choices.NONE));
    }

    static void awsText(byte[] input) {
        take(Texts.text("vpn.txt", text(input), Choices.NONE));
    }

    static void awsXml(byte[] input) {
        take(Texts.text("vpn.xml", text(input), Choices.NONE));
    }
}

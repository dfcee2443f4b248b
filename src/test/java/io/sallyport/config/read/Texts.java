package io.sallyport.config.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.VpnSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Texts in, readings out: what the tests of this room share.
public final class Texts {
    public static final Path ROSETTA = Path.of("src/test/vectors/rosetta/aws-two-tunnels");

    /// A connection that lacks nothing; tests append settings to it.
    public static final String CONN =
            """
            conn net
            \tkeyexchange=ikev1
            \tauthby=psk
            \tleft=192.0.2.1
            \tright=198.51.100.1
            \tauto=add
            """;

    private Texts() {}

    /// An ipsec.conf with a key for any peer beside it.
    public static Reading conf(String text) {
        return conf(text, Choices.NONE);
    }

    public static Reading conf(String text, Choices choices) {
        return ConfigReader.readTexts(
                List.of(
                        SourceText.of("ipsec.conf", text),
                        SourceText.of("ipsec.secrets", ": PSK \"correct horse battery\"\n")),
                choices);
    }

    /// [#CONN] and some more settings, one a line.
    public static Reading connWith(String... settings) {
        return conf(CONN + "\t" + String.join("\n\t", settings) + "\n");
    }

    public static ConnectionSpec only(Reading reading) {
        assertEquals(
                List.of(), messages(reading).stream().filter(m -> m.contains("error")).toList());
        assertEquals(1, reading.spec().connections().size());
        return reading.spec().connections().getFirst();
    }

    public static Reading text(String name, String text, Choices choices) {
        return ConfigReader.readTexts(List.of(SourceText.of(name, text)), choices);
    }

    public static List<String> messages(Reading reading) {
        return reading.findings().stream().map(Diagnostic::toString).toList();
    }

    /// Without notes.
    public static List<String> complaints(Reading reading) {
        return messages(reading).stream().filter(m -> !m.contains(": note: ")).toList();
    }

    public static String rosetta(String file) {
        try {
            return Files.readString(ROSETTA.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same model with every origin taken out.
    public static VpnSpec withoutOrigins(VpnSpec spec) {
        return new VpnSpec(
                spec.connections().stream().map(c -> c.from(Origin.NONE)).toList(),
                spec.secrets().stream().map(s -> s.from(Origin.NONE)).toList());
    }
}

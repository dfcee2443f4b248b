package io.sallyport.daemon.steer;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.control.local.Site;
import io.sallyport.daemon.text.LogLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads configuration files by the room `config`.
public final class ConfigFiles implements Loaded.Reader {
    @Override
    public Loaded.Reading read(List<Path> files, Site site) {
        Choices choices =
                Choices.of(site.vpcs(), Optional.ofNullable(site.local()), site.behindNat());
        Reading reading = ConfigReader.read(files, choices);
        return new Loaded.Reading(
                reading.spec(), reading.findings().stream().map(ConfigFiles::line).toList());
    }

    private static LogLine line(Diagnostic finding) {
        return new LogLine(level(finding), "", finding.toString());
    }

    /// How much a finding matters in the log.
    public static LogLine.Level level(Diagnostic finding) {
        return switch (finding.severity()) {
            case ERROR -> LogLine.Level.ERROR;
            case WARNING -> LogLine.Level.WARN;
            case NOTE -> LogLine.Level.INFO;
        };
    }
}

package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Quantity;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.Severity;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.Site;
import io.sallyport.control.local.Trouble;
import io.sallyport.model.spec.ConnectionSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Configurations read where the person is, so that mistakes are told to them and not to a log.
final class Configuration {
    private Configuration() {}

    static Reading read(List<Path> files, Site site) {
        return ConfigReader.read(
                files,
                Choices.of(site.vpcs(), Optional.ofNullable(site.local()), site.behindNat()));
    }

    /// The names of the connections in `request`, after all errors and warnings were told.
    ///
    /// @throws Trouble if there is an error: half a configuration is not brought up
    static List<String> checked(LoadRequest request, Console console) throws Trouble {
        Reading reading = read(request.files(), request.site());
        long errors = 0;
        for (Diagnostic finding : reading.findings()) {
            if (finding.severity() != Severity.NOTE) {
                console.err().println(finding);
            }
            errors += finding.isError() ? 1 : 0;
        }
        if (errors > 0) {
            throw new Trouble(
                    Exit.CONFIG,
                    "the configuration has "
                            + Quantity.of(errors, "error")
                            + ", nothing was changed",
                    "mend it; `sallyport check FILE` shows what the rest means");
        }
        return reading.spec().connections().stream().map(ConnectionSpec::name).toList();
    }
}

package io.sallyport.config.read;

import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.model.spec.VpnSpec;
import java.util.List;

/// What the files want, without the connections that have errors, and everything that was found.
public record Reading(VpnSpec spec, List<Diagnostic> findings) {
    public Reading {
        findings = List.copyOf(findings);
    }

    public boolean hasErrors() {
        return findings.stream().anyMatch(Diagnostic::isError);
    }
}

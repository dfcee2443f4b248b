package io.sallyport.config.syntax;

/// A finding for a person: where, how bad, what. Never holds a secret.
public record Diagnostic(Severity severity, Position at, String message) {
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// `file:line:column: error: message`.
    @Override
    public String toString() {
        return at + ": " + severity + ": " + message;
    }
}

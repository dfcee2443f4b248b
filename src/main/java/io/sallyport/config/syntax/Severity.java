package io.sallyport.config.syntax;

import java.util.Locale;

/// How bad a finding is.
public enum Severity {
    /// What it is about is left out.
    ERROR,
    /// It is done, but perhaps not as meant.
    WARNING,
    /// Worth knowing.
    NOTE;

    /// The word in messages: `error`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

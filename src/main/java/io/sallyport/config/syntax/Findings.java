package io.sallyport.config.syntax;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects what is found while reading; reading always goes on. The same finding is kept once.
///
/// The second wall round secrets: readers do not quote them, and what was announced by
/// [#conceal(String)] is masked in every message all the same.
public final class Findings {
    /// Shorter ones would mask half of every message; our own readers never quote them anyway.
    private static final int SHORTEST_CONCEALED = 4;

    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private final Set<String> concealed = new LinkedHashSet<>();

    public void error(Position at, String message) {
        found.add(new Diagnostic(Severity.ERROR, at, message));
    }

    public void warning(Position at, String message) {
        found.add(new Diagnostic(Severity.WARNING, at, message));
    }

    public void note(Position at, String message) {
        found.add(new Diagnostic(Severity.NOTE, at, message));
    }

    public void add(Severity severity, Position at, String message) {
        found.add(new Diagnostic(severity, at, message));
    }

    public void addAll(Findings other) {
        found.addAll(other.found);
        concealed.addAll(other.concealed);
    }

    /// No message shows `secret` from now on, nor any that is already here.
    public void conceal(String secret) {
        if (secret.length() >= SHORTEST_CONCEALED) {
            concealed.add(secret);
        }
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(Diagnostic::isError);
    }

    /// In order of place, the files in order of their first finding.
    public List<Diagnostic> list() {
        Map<String, List<Diagnostic>> byFile = new LinkedHashMap<>();
        for (Diagnostic d : found) {
            byFile.computeIfAbsent(d.at().file(), _ -> new ArrayList<>()).add(masked(d));
        }
        List<Diagnostic> all = new ArrayList<>();
        for (List<Diagnostic> ofOne : byFile.values()) {
            ofOne.sort((a, b) -> a.at().compareTo(b.at()));
            all.addAll(ofOne);
        }
        return List.copyOf(all);
    }

    private Diagnostic masked(Diagnostic d) {
        String message = d.message();
        for (String secret : concealed) {
            message = message.replace(secret, "***");
        }
        return message.equals(d.message()) ? d : new Diagnostic(d.severity(), d.at(), message);
    }
}

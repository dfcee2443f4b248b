package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.KeySource;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The `ca` sections: what is known of an authority beside its certificate.
final class Authorities {
    /// As strongSwan's starter, which takes all but `ignore` for `add`.
    private static final List<String> AUTO = List.of("add", "start", "route", "ignore");

    private final IpsecD directory;
    private final Findings findings;

    private Authorities(IpsecD directory, Findings findings) {
        this.directory = directory;
        this.findings = findings;
    }

    /// Those to be loaded; the default is `auto=ignore`.
    static List<AuthoritySpec> of(ConfScanner scanner, IpsecD directory, Findings findings) {
        Authorities authorities = new Authorities(directory, findings);
        Inheritance sections = Inheritance.ofAuthorities(scanner, findings);
        List<AuthoritySpec> all = new ArrayList<>();
        for (Conn section : sections.all()) {
            if (authorities.isLoaded(section, sections.isAlsoed(section.name()))) {
                authorities.lower(section).ifPresent(all::add);
            }
        }
        return all;
    }

    private boolean isLoaded(Conn section, boolean alsoed) {
        String auto = section.value("auto", "ignore");
        if (!AUTO.contains(auto)) {
            section.get("auto")
                    .ifPresent(s ->
                            findings.error(
                                    s.at(),
                                    "auto: '"
                                            + Values.shown(auto)
                                            + "' is not known in a 'ca' section; use add or"
                                            + " ignore"));
            return false;
        }
        if (auto.equals("ignore") && !alsoed) {
            findings.note(
                    section.at(),
                    "ca "
                            + section.name()
                            + " is not loaded: auto=ignore"
                            + (section.get("auto").isEmpty() ? ", strongSwan's default" : ""));
        }
        return !auto.equals("ignore");
    }

    private Optional<AuthoritySpec> lower(Conn section) {
        for (Setting s : section.settings().values()) {
            Keyword.find(Keyword.Place.CA, s.key())
                    .filter(k -> k.fate() != Keyword.Fate.USED)
                    .ifPresent(k -> findings.add(k.severity(), s.keyAt(), k.message(s.key())));
        }
        Optional<Setting> file = section.get("cacert");
        if (section.broken() || file.isEmpty()) {
            findings.error(
                    section.at(),
                    "ca "
                            + section.name()
                            + (section.broken()
                                    ? " is left out: see its errors"
                                    : " has no cacert="));
            return Optional.empty();
        }
        return source(file.get())
                .map(source ->
                        new AuthoritySpec(
                                section.name(),
                                source,
                                values(section, "crluri", "crluri2"),
                                values(section, "ocspuri", "ocspuri2"),
                                section.value("certuribase", ""),
                                section.at().origin()));
    }

    private Optional<KeySource> source(Setting said) {
        try {
            return Optional.of(directory.file(said.at(), "cacerts", said.value()));
        } catch (InvalidPathException _) {
            findings.error(
                    said.at(), "cacert: '" + Values.shown(said.value()) + "' is no file name");
            return Optional.empty();
        }
    }

    private static List<String> values(Conn section, String... keys) {
        return Stream.of(keys)
                .flatMap(key -> section.get(key).stream())
                .map(Setting::value)
                .filter(v -> !v.isEmpty())
                .toList();
    }
}

package io.sallyport.config.ipsecconf;

import io.sallyport.config.ipsecconf.Keyword.Place;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Section;
import io.sallyport.config.syntax.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `also=` and `%default` as strongSwan resolves them: sections of one name are one; what a section
/// says itself comes first, then the sections it includes, the last named one first and each before
/// its own, then `%default`. Order in the file does not matter.
final class Inheritance {
    private static final String DEFAULT = "%default";

    private final Findings findings;
    private final ConfScanner scanner;
    private final String kind;
    private final Place place;
    private final Map<String, Merged> sections = new LinkedHashMap<>();
    private final Set<String> alsoed = new HashSet<>();
    private final Set<String> looped = new HashSet<>();

    /// All sections of one name.
    private record Merged(
            String name, Position at, Map<String, Setting> settings, List<Setting> also) {}

    private Inheritance(ConfScanner scanner, String kind, Place place, Findings findings) {
        this.scanner = scanner;
        this.kind = kind;
        this.place = place;
        this.findings = findings;
        for (Section section : scanner.sections()) {
            if (section.kind().equals(kind)) {
                take(section);
            }
        }
    }

    static Inheritance ofConns(ConfScanner scanner, Findings findings) {
        return new Inheritance(scanner, "conn", Place.CONN, findings);
    }

    static Inheritance ofAuthorities(ConfScanner scanner, Findings findings) {
        return new Inheritance(scanner, "ca", Place.CA, findings);
    }

    /// What all sections `config setup` say together.
    static Map<String, Setting> setup(ConfScanner scanner, Findings findings) {
        Inheritance none = new Inheritance(scanner, "", Place.SETUP, findings);
        Map<String, Setting> setup = new LinkedHashMap<>();
        for (Section section : scanner.sections()) {
            if (section.kind().equals("config")) {
                none.collect(section, setup);
            }
        }
        return setup;
    }

    /// Every named section, in the order of the file.
    List<Conn> all() {
        List<Conn> all = new ArrayList<>();
        for (Merged merged : sections.values()) {
            if (!merged.name.equals(DEFAULT)) {
                all.add(inherited(merged));
            }
        }
        return all;
    }

    /// Whether another section includes this one by `also=`.
    boolean isAlsoed(String name) {
        return alsoed.contains(name);
    }

    private void take(Section section) {
        Merged merged = sections.get(section.name());
        if (merged == null) {
            merged =
                    new Merged(
                            section.name(), section.at(), new LinkedHashMap<>(), new ArrayList<>());
            sections.put(section.name(), merged);
        } else if (!section.name().equals(DEFAULT)) {
            findings.warning(
                    section.at(),
                    kind
                            + " "
                            + section.name()
                            + " is there already (line "
                            + merged.at.line()
                            + "); the two are one, the later setting counts");
        }
        for (Setting s : section.settings()) {
            if (s.key().equals("also")) {
                merged.also.add(s);
                alsoed.add(s.value());
            }
        }
        collect(section, merged.settings);
    }

    private void collect(Section section, Map<String, Setting> into) {
        for (Setting s : section.settings()) {
            if (Keyword.find(place, s.key()).isEmpty()) {
                findings.error(s.keyAt(), unknownText(place, s.key()));
            }
            if (s.key().equals("also")) {
                continue;
            }
            Setting before = into.put(Keyword.canonical(s.key()), s);
            if (before != null) {
                findings.warning(
                        s.keyAt(),
                        s.key()
                                + " is set again; line "
                                + before.keyAt().line()
                                + " no longer counts");
            }
        }
    }

    static String unknownText(Place place, String key) {
        for (Place other : List.of(Place.SETUP, Place.CONN, Place.CA)) {
            if (other != place && Keyword.find(other, key).isPresent()) {
                return key + " belongs into a '" + other + "' section, not into '" + place + "'";
            }
        }
        // what does not look like a keyword may be a secret in the wrong file
        String shown = key.matches("[a-z_]{1,24}[0-9]?") ? " '" + key + "'" : "";
        return "unknown keyword" + shown + DidYouMean.hint(key, Keyword.words(place));
    }

    private Conn inherited(Merged merged) {
        List<Merged> all = new ArrayList<>();
        ancestors(merged, all, new ArrayList<>());
        Map<String, Setting> effective = new LinkedHashMap<>();
        boolean broken = looped.contains(merged.name);
        for (Merged m : dedupe(all)) {
            m.settings.forEach(effective::putIfAbsent);
            broken |= scanner.isDamaged(kind, m.name);
            broken |=
                    m.also.stream()
                            .map(Setting::value)
                            .anyMatch(a ->
                                    !a.isEmpty() && !a.equals(DEFAULT) && !sections.containsKey(a));
        }
        Merged defaults = sections.get(DEFAULT);
        if (defaults != null) {
            defaults.settings.forEach(effective::putIfAbsent);
            broken |= scanner.isDamaged(kind, DEFAULT);
        }
        return new Conn(merged.name, merged.at, effective, broken);
    }

    /// Each section once, at the last of its places: so it stays behind all that include it.
    private static List<Merged> dedupe(List<Merged> all) {
        LinkedHashSet<String> seen = new LinkedHashSet<>();
        List<Merged> kept = new ArrayList<>();
        for (Merged m : all.reversed()) {
            if (seen.add(m.name)) {
                kept.addFirst(m);
            }
        }
        return kept;
    }

    private void ancestors(Merged section, List<Merged> all, List<String> path) {
        all.add(section);
        path.add(section.name);
        for (Setting also : section.also.reversed()) {
            Merged parent = sections.get(also.value());
            if (also.value().equals(DEFAULT) || also.value().isEmpty()) {
                continue; // every section inherits from %default
            }
            if (parent == null) {
                findings.error(
                        also.at(),
                        "also: there is no "
                                + kind
                                + " of this name"
                                + DidYouMean.hint(also.value(), sections.keySet()));
            } else if (path.contains(parent.name)) {
                looped.add(path.getFirst());
                findings.error(also.at(), "also: " + kind + " " + parent.name + " includes itself");
            } else if (all.size() < 4096) {
                ancestors(parent, all, path);
            }
        }
        path.removeLast();
    }
}

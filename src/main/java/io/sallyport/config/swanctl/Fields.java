package io.sallyport.config.swanctl;

import io.sallyport.config.swanctl.Option.Fate;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The settings of one section, typed, with the defaults of the table. What cannot be read is told,
/// and the default is given so that reading goes on: whoever uses the values asks the findings
/// first.
final class Fields {
    private static final long MOST = Long.MAX_VALUE / 4;

    private final Tree tree;
    private final Place place;
    private final Findings findings;

    Fields(Tree tree, Place place, Findings findings) {
        this.tree = tree;
        this.place = place;
        this.findings = findings;
    }

    /// Tells keys that are not known and what becomes of those that are not used.
    Fields checked() {
        for (Setting s : tree.settings().values()) {
            Optional<Option> option = Options.find(place, s.key());
            if (option.isEmpty()) {
                unknown(s);
            } else if (option.get().fate() != Fate.USED
                    && !s.value().isEmpty()
                    && !s.value().equals(option.get().otherwise())) {
                String told = s.key() + " is " + option.get().fate() + ": " + option.get().reason();
                if (option.get().fate() == Fate.REFUSED) {
                    findings.error(s.keyAt(), told);
                } else {
                    findings.note(s.keyAt(), told);
                }
            }
        }
        return this;
    }

    private void unknown(Setting s) {
        List<String> known = Options.of(place).stream().map(Option::word).toList();
        findings.error(
                s.keyAt(),
                "unknown setting '"
                        + Values.shown(s.key())
                        + "' in "
                        + place
                        + DidYouMean.hint(s.key(), known));
    }

    Position at() {
        return tree.at();
    }

    Optional<Setting> said(String key) {
        return tree.get(key);
    }

    /// What is said, else the default in the table.
    Setting setting(String key) {
        return said(key).orElseGet(() -> new Setting(key, otherwise(key), tree.at(), tree.at()));
    }

    String text(String key) {
        return setting(key).value();
    }

    /// The default; empty where it is computed.
    String otherwise(String key) {
        return Options.find(place, key)
                .filter(Option::isConstant)
                .map(Option::otherwise)
                .orElse("");
    }

    /// yes, true, enabled, 1 and their opposites.
    boolean truth(String key) {
        Setting s = setting(key);
        return switch (s.value().toLowerCase(Locale.ROOT)) {
            case "yes", "true", "enabled", "1" -> true;
            case "no", "false", "disabled", "0" -> false;
            default -> Values.truth(s, findings).orElse(false);
        };
    }

    Duration time(String key) {
        return Values.duration(setting(key), findings).orElse(Duration.ZERO);
    }

    Duration time(String key, Duration otherwise) {
        return said(key).isPresent() ? time(key) : otherwise;
    }

    long number(String key, long most) {
        Setting s = setting(key);
        if (s.value().isEmpty()) {
            return 0;
        }
        return Values.number(s, most, findings).orElse(0);
    }

    /// A number with k, m or g behind it.
    long octets(String key, long otherwise) {
        Optional<Setting> said = said(key);
        if (said.isEmpty()) {
            return otherwise;
        }
        String value = said.get().value();
        if (!value.matches("[0-9]{1,18}[kKmMgG]?")) {
            findings.error(
                    said.get().at(),
                    key
                            + ": '"
                            + Values.shown(value)
                            + "' is no number of octets; write 500m or 1g");
            return otherwise;
        }
        int shift = "kmg".indexOf(Character.toLowerCase(value.charAt(value.length() - 1)));
        long number = Long.parseLong(value.replaceAll("[^0-9]", ""));
        long factor = 1L << 10 * (shift + 1);
        if (number > MOST / factor) {
            findings.error(said.get().at(), key + ": more than " + MOST + " octets");
            return otherwise;
        }
        return number * factor;
    }

    long count(String key, long otherwise) {
        return said(key).isPresent() ? number(key, MOST) : otherwise;
    }

    /// One of `meanings`; lower case.
    <T> T word(String key, Map<String, T> meanings) {
        Setting s = setting(key);
        T meaning = meanings.get(s.value().toLowerCase(Locale.ROOT));
        if (meaning != null) {
            return meaning;
        }
        List<String> known = meanings.keySet().stream().sorted().toList();
        findings.error(
                s.at(),
                key
                        + ": '"
                        + Values.shown(s.value())
                        + "' is not known; use "
                        + String.join(", ", known)
                        + DidYouMean.hint(s.value(), known));
        return meanings.values().iterator().next();
    }

    /// The items of a list, each at its place.
    List<Setting> list(String key) {
        Setting s = setting(key);
        List<Setting> items = new ArrayList<>();
        int from = 0;
        for (String raw : s.value().split(",", -1)) {
            String item = raw.strip();
            if (!item.isEmpty()) {
                items.add(
                        new Setting(key, item, s.keyAt(), s.at().right(from + raw.indexOf(item))));
            }
            from += raw.length() + 1;
        }
        return items;
    }

    List<String> words(String key) {
        return list(key).stream().map(Setting::value).toList();
    }
}

package io.sallyport.config.swanctl;

import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.model.spec.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A section that is being written: what is the default is left out.
final class Sheaf {
    private final String name;
    private final Place place;
    private final Position at;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, Tree> sections = new LinkedHashMap<>();

    Sheaf(String name, Place place, Origin origin) {
        this.name = name;
        this.place = place;
        this.at = Position.of(origin);
    }

    Sheaf put(String key, String value) {
        boolean isDefault =
                Options.find(place, key)
                        .filter(Option::isConstant)
                        .map(o -> o.otherwise().equals(value))
                        .orElse(value.isEmpty());
        return isDefault ? this : force(key, value);
    }

    /// Also where it is the default.
    Sheaf force(String key, String value) {
        settings.put(key, new Setting(key, value, at, at));
        return this;
    }

    Sheaf put(String key, boolean value) {
        return put(key, value ? "yes" : "no");
    }

    Sheaf put(String key, long value) {
        return put(key, Long.toString(value));
    }

    /// Whole seconds, as strongSwan has them.
    Sheaf time(String key, Duration value) {
        return force(key, value.toSeconds() + "s");
    }

    Sheaf list(String key, List<?> items) {
        List<String> words = new ArrayList<>();
        items.forEach(i -> words.add(i.toString()));
        return put(key, String.join(",", words));
    }

    Sheaf section(Tree tree) {
        sections.put(tree.name(), tree);
        return this;
    }

    Tree tree() {
        return new Tree(name, at, settings, sections, Map.of());
    }
}

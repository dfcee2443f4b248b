package io.sallyport.config.swanctl;

import io.sallyport.base.Octets;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A section with all that it inherits: settings and sections by name, both in the order they were
/// written. It need not come from a file: vici sends the same sections.
///
/// @param blobs lists of octets, which only vici has: certificates and keys instead of their files
public record Tree(
        String name,
        Position at,
        Map<String, Setting> settings,
        Map<String, Tree> sections,
        Map<String, List<Octets>> blobs) {
    public Tree {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
        blobs = Collections.unmodifiableMap(new LinkedHashMap<>(blobs));
    }

    public static Tree empty(String name, Position at) {
        return new Tree(name, at, Map.of(), Map.of(), Map.of());
    }

    /// The setting, where it has a value: an empty one takes back an inherited one.
    public Optional<Setting> get(String key) {
        return Optional.ofNullable(settings.get(key)).filter(s -> !s.value().isEmpty());
    }

    /// The section, or an empty one.
    public Tree section(String key) {
        Tree found = sections.get(key);
        return found == null ? empty(key, at) : found;
    }

    public List<Octets> blobs(String key) {
        return blobs.getOrDefault(key, List.of());
    }
}

package io.sallyport.config.swanctl;

import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A section while it is read: a second one of the same name extends it, a second value replaces
/// the first.
final class Draft {
    final String name;
    final Position at;
    final Map<String, Setting> settings = new LinkedHashMap<>();
    final Map<String, Draft> sections = new LinkedHashMap<>();

    /// Names of other sections, absolute, with dots; the value is the name.
    final List<Setting> references = new ArrayList<>();

    Draft(String name, Position at) {
        this.name = name;
        this.at = at;
    }

    Draft section(String key, Position where) {
        return sections.computeIfAbsent(key, k -> new Draft(k, where));
    }
}

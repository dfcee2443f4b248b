package io.sallyport.config.ipsecconf;

import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import java.util.Map;
import java.util.Optional;

/// One connection with everything it inherits, by canonical keyword.
///
/// @param broken whether one of its lines could not be understood
record Conn(String name, Position at, Map<String, Setting> settings, boolean broken) {
    /// The setting, where it has a value; an empty value takes back an inherited one.
    Optional<Setting> get(String word) {
        return Optional.ofNullable(settings.get(word)).filter(s -> !s.value().isEmpty());
    }

    String value(String word, String otherwise) {
        return get(word).map(Setting::value).orElse(otherwise);
    }
}

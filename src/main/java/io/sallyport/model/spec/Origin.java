package io.sallyport.model.spec;

import java.util.Map;

/// Where in a configuration something was said, so that messages can point there.
///
/// @param settings those of its settings that may decide a negotiation, where they were said in a
///   line of their own. They are named as in swanctl.conf, e.g. `remote.id`,
///   `children.net.esp_proposals`
public record Origin(String file, int line, Map<String, Origin> settings) {
    public static final Origin NONE = new Origin("", 0);

    public Origin {
        settings = Map.copyOf(settings);
    }

    public Origin(String file, int line) {
        this(file, line, Map.of());
    }

    public Origin with(Map<String, Origin> lines) {
        return new Origin(file, line, lines);
    }

    /// Where the first of these settings that was said at all was said; else here.
    public Origin of(String... names) {
        for (String name : names) {
            Origin found = settings.get(name);
            if (found != null) {
                return found;
            }
        }
        return this;
    }

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}

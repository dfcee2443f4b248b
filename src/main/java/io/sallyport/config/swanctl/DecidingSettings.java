package io.sallyport.config.swanctl;

import io.sallyport.config.syntax.Position;
import io.sallyport.model.spec.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the settings of a connection were said that decide negotiations, so that a failure points
/// to the very line.
final class DecidingSettings {
    private static final List<String> OF_CONNECTION =
            List.of("proposals", "remote_addrs", "vips", "pools", "keyingtries");
    private static final List<String> OF_ROUND = List.of("id", "auth", "certs", "cacerts");
    private static final List<String> OF_CHILD =
            List.of("esp_proposals", "ah_proposals", "local_ts", "remote_ts");

    private DecidingSettings() {}

    /// The place of a connection, with those of its settings.
    static Origin origin(Tree connection) {
        Map<String, Origin> lines = new HashMap<>();
        add(lines, "", connection, OF_CONNECTION);
        for (Tree section : connection.sections().values()) {
            if (section.name().equals("children")) {
                for (Tree child : section.sections().values()) {
                    String name = "children." + child.name();
                    add(lines, name, child.at());
                    add(lines, name + ".", child, OF_CHILD);
                }
            } else if (AuthLowering.isRound(section.name())) {
                String end = section.name().startsWith("local") ? "local" : "remote";
                add(lines, end, section.at());
                add(lines, end + ".", section, OF_ROUND);
            }
        }
        return connection.at().origin().with(lines);
    }

    private static void add(
            Map<String, Origin> lines, String prefix, Tree section, List<String> keys) {
        for (String key : keys) {
            section.get(key).ifPresent(s -> add(lines, prefix + key, s.keyAt()));
        }
    }

    /// What comes over vici has no lines. The first round counts.
    private static void add(Map<String, Origin> lines, String name, Position at) {
        if (at.line() > 0) {
            lines.putIfAbsent(name, at.origin());
        }
    }
}

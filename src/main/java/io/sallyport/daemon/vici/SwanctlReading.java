package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.EngineLimits;
import io.sallyport.config.swanctl.SwanctlLowering;
import io.sallyport.config.swanctl.Tree;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciMessage.Element;
import io.sallyport.daemon.steer.ConfigFiles;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.model.spec.ConnectionSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads a connection as swanctl.conf has it: a section over vici has the same settings, with lists
/// in place of commas, and octets in place of files.
final class SwanctlReading implements ConnReading {
    /// What is sent as octets where swanctl.conf names files.
    private static final Set<String> OCTETS = Set.of("certs", "cacerts", "pubkeys", "cacert");

    private final SwanctlLowering lowering = new SwanctlLowering(Path.of("/"), Choices.NONE);

    @Override
    public Result read(Element.Section section) {
        Findings findings = new Findings();
        Position at = SwanctlLowering.nowhere(ClientStore.ORIGIN.file());
        Optional<ConnectionSpec> read =
                lowering.connection(tree(section.name(), section.content(), at), findings);
        Optional<String> error =
                findings.list().stream()
                        .filter(Diagnostic::isError)
                        .map(Diagnostic::message)
                        .findFirst();
        if (error.isPresent() || read.isEmpty()) {
            return new Result.Bad(error.orElse("nothing is left of it"));
        }
        List<String> limits = EngineLimits.errors(read.get(), findings);
        return limits.isEmpty()
                ? new Result.Good(read.get(), told(section.name(), findings))
                : new Result.Bad("conn " + section.name() + " " + limits.getFirst());
    }

    /// `check` would say the same of a file.
    private static List<LogLine> told(String name, Findings findings) {
        return findings.list().stream()
                .map(d -> new LogLine(ConfigFiles.level(d), name, "load-conn: " + d.message()))
                .toList();
    }

    private static Tree tree(String name, ViciMessage message, Position at) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        Map<String, Tree> sections = new LinkedHashMap<>();
        Map<String, List<Octets>> blobs = new LinkedHashMap<>();
        for (Element element : message.elements()) {
            switch (element) {
                case Element.Value(String key, Octets data) -> {
                    if (OCTETS.contains(key)) {
                        blobs.put(key, List.of(data));
                    } else {
                        settings.put(key, new Setting(key, data.text(), at, at));
                    }
                }
                case Element.Items(String key, List<Octets> items) -> {
                    if (OCTETS.contains(key)) {
                        blobs.put(key, items);
                    } else {
                        String joined = String.join(",", items.stream().map(Octets::text).toList());
                        settings.put(key, new Setting(key, joined, at, at));
                    }
                }
                case Element.Section(String key, ViciMessage content) ->
                        sections.put(key, tree(key, content, at));
            }
        }
        return new Tree(name, at, settings, sections, blobs);
    }
}

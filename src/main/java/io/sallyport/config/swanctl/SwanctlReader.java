package io.sallyport.config.swanctl;

import io.sallyport.config.lower.Choices;
import io.sallyport.config.lower.Directories;
import io.sallyport.config.syntax.DidYouMean;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.VpnSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A swanctl.conf with all that it includes, and the directories beside it.
public final class SwanctlReader {
    private static final List<String> SECTIONS =
            List.of("connections", "secrets", "pools", "authorities", "manual", "pkcs11");

    private final Path home;
    private final Choices choices;
    private final Findings findings;

    private SwanctlReader(Path home, Choices choices, Findings findings) {
        this.home = home;
        this.choices = choices;
        this.findings = findings;
    }

    /// What it wants, without what has an error.
    public static VpnSpec read(SourceText text, Choices choices, Findings findings) {
        Path home = home(text.name());
        Draft draft = Scanner.scan(text, findings);
        Tree root = Inheritance.resolve(draft, findings);
        return new SwanctlReader(home, choices, findings).lower(root, bases(draft));
    }

    private static Path home(String file) {
        try {
            Path parent = Path.of(file).toAbsolutePath().getParent();
            return parent == null ? Path.of("/") : parent;
        } catch (InvalidPathException _) {
            return Path.of("/");
        }
    }

    /// The sections that others inherit from, by the first step of their name.
    private static Set<String> bases(Draft draft) {
        Set<String> all = new HashSet<>();
        collect(draft, all);
        return all;
    }

    private static void collect(Draft draft, Set<String> all) {
        draft.references.forEach(r -> all.add(r.value().split("\\.", 2)[0]));
        draft.sections.values().forEach(s -> collect(s, all));
    }

    private VpnSpec lower(Tree root, Set<String> bases) {
        SwanctlLowering.strays(
                new Tree("the file", root.at(), root.settings(), Map.of(), Map.of()), findings);
        for (Tree section : root.sections().values()) {
            if (SECTIONS.contains(section.name())) {
                SwanctlLowering.strays(section, findings);
            } else if (!bases.contains(section.name())) {
                findings.warning(
                        section.at(),
                        "section '"
                                + Values.shown(section.name())
                                + "' is not used: nothing inherits from it"
                                + DidYouMean.hint(section.name(), SECTIONS));
            }
        }
        SwanctlLowering lowering = new SwanctlLowering(home, choices);
        List<ConnectionSpec> connections = new ArrayList<>();
        for (Tree section : root.section("connections").sections().values()) {
            var connection = lowering.connection(section, findings);
            connection.ifPresent(connections::add);
            if (connection.isEmpty()) {
                findings.note(
                        section.at(),
                        "connection " + section.name() + " is left out: see its errors");
            }
        }
        for (Tree section : root.section("manual").sections().values()) {
            var connection = lowering.manual(section, findings);
            connection.ifPresent(connections::add);
            if (connection.isEmpty()) {
                findings.note(
                        section.at(), "manual " + section.name() + " is left out: see its errors");
            }
        }
        SecretLowering secrets = new SecretLowering(home, findings);
        root.section("secrets").sections().values().forEach(secrets::lower);
        List<PoolSpec> pools = new ArrayList<>();
        for (Tree section : root.section("pools").sections().values()) {
            lowering.pool(section, findings).ifPresent(pools::add);
        }
        List<AuthoritySpec> authorities = new ArrayList<>();
        for (Tree section : root.section("authorities").sections().values()) {
            lowering.authority(section, findings).ifPresent(authorities::add);
        }
        Directories directories = Directories.ofSwanctl(home, findings);
        return new VpnSpec(
                connections,
                secrets.secrets(),
                directories.keys(secrets.keys()),
                directories.certificates(),
                pools,
                authorities,
                modules(root.section("pkcs11")));
    }

    /// Names of modules, which strongSwan has in strongswan.conf.
    private List<ModuleSpec> modules(Tree sections) {
        List<ModuleSpec> all = new ArrayList<>();
        for (Tree section : sections.sections().values()) {
            Fields fields = new Fields(section, Place.MODULE, findings).checked();
            Optional<Setting> path = fields.said("path");
            if (path.isEmpty()) {
                findings.error(
                        section.at(), "module " + Values.shown(section.name()) + " has no path");
            } else if (!path.get().value().startsWith("/")) {
                findings.error(path.get().at(), "path: the path of a module is absolute");
            } else {
                all.add(new ModuleSpec(section.name(), path.get().value(), section.at().origin()));
            }
        }
        return all;
    }
}

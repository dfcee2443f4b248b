package io.sallyport.config.render;

import io.sallyport.config.lower.Directories;
import io.sallyport.config.swanctl.ManualRaising;
import io.sallyport.config.swanctl.SwanctlRaising;
import io.sallyport.config.swanctl.Tree;
import io.sallyport.config.syntax.Setting;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.SharedSecret;
import io.sallyport.model.spec.VpnSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model as a swanctl.conf: read again, it is the same model.
public final class SwanctlText {
    private final StringBuilder out = new StringBuilder();
    private final boolean secrets;

    private SwanctlText(boolean secrets) {
        this.secrets = secrets;
    }

    /// @param secrets whether keys are written; else their sections are there as comments, without
    ///   them
    public static String render(VpnSpec spec, boolean secrets) {
        SwanctlText text = new SwanctlText(secrets);
        text.group(
                "connections",
                spec.connections().stream()
                        .filter(c -> !ManualRaising.isManual(c))
                        .map(SwanctlRaising::connection)
                        .toList());
        text.group(
                "manual",
                spec.connections().stream()
                        .filter(ManualRaising::isManual)
                        .map(ManualRaising::manual)
                        .toList());
        text.secrets(spec);
        text.group("pools", spec.pools().stream().map(SwanctlRaising::pool).toList());
        text.group("authorities", authorities(spec));
        text.elsewhere(spec.certificates());
        text.group("pkcs11", spec.modules().stream().map(SwanctlRaising::module).toList());
        return text.out.toString();
    }

    /// Several files may have given two authorities one name.
    private static List<Tree> authorities(VpnSpec spec) {
        Map<String, Tree> all = new LinkedHashMap<>();
        for (AuthoritySpec authority : spec.authorities()) {
            Tree tree = SwanctlRaising.authority(authority);
            String name = tree.name();
            for (int n = 2; all.containsKey(name); n++) {
                name = tree.name() + "-" + n;
            }
            all.put(
                    name,
                    new Tree(name, tree.at(), tree.settings(), tree.sections(), tree.blobs()));
        }
        return List.copyOf(all.values());
    }

    /// What no setting of swanctl.conf names, and does not lie in its directories already.
    private void elsewhere(List<CertificateSpec> certificates) {
        for (CertificateSpec one : certificates) {
            String directory = Directories.nameOf(one.kind());
            if (one.source() instanceof KeySource.File file
                    && !directory.equals(folder(file.path()))) {
                out.append("# To be copied into the directory '")
                        .append(directory)
                        .append("' beside this file: ")
                        .append(file.path().replaceAll("\\p{Cntrl}", "?"))
                        .append('\n');
            }
        }
    }

    private static String folder(String path) {
        String[] steps = path.split("/");
        return steps.length < 2 ? "" : steps[steps.length - 2];
    }

    private void secrets(VpnSpec spec) {
        List<Tree> all = new ArrayList<>();
        int number = 0;
        for (SharedSecret secret : spec.secrets()) {
            all.add(SwanctlRaising.secret(secret, ++number));
        }
        for (PrivateKeySpec key : spec.keys()) {
            // What only lies in a directory is found there again
            boolean said = key.source().origin().line() > 0;
            if (said || key.passphrase().length() > 0 || key.source() instanceof KeySource.Token) {
                all.add(SwanctlRaising.key(key, ++number));
            }
        }
        if (!secrets && !all.isEmpty()) {
            out.append("# Keys are not shown; sallyport convert --secrets writes them.\n");
        }
        group("secrets", all);
    }

    private void group(String name, List<Tree> trees) {
        if (trees.isEmpty()) {
            return;
        }
        out.append(name).append(" {\n");
        trees.forEach(t -> section(t, 1));
        out.append("}\n");
    }

    private void section(Tree tree, int depth) {
        indent(depth).append(tree.name()).append(" {\n");
        for (Setting s : tree.settings().values()) {
            boolean hidden =
                    !secrets
                            && (s.key().equals("secret")
                                    || s.key().equals("pin")
                                    || s.key().endsWith("_key"));
            indent(depth + 1)
                    .append(hidden ? "# " : "")
                    .append(s.key())
                    .append(" = ")
                    .append(hidden ? "***" : value(s.value()))
                    .append('\n');
        }
        tree.sections().values().forEach(t -> section(t, depth + 1));
        indent(depth).append("}\n");
    }

    private StringBuilder indent(int depth) {
        return out.append("    ".repeat(depth));
    }

    /// In quotes where the bare value would be read differently.
    static String value(String value) {
        if (value.matches("[^#{}\"\\\\\\s]+( [^#{}\"\\\\\\s]+)*")) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}

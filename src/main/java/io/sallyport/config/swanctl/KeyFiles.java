package io.sallyport.config.swanctl;

import io.sallyport.base.Octets;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.KeySource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// References to certificates and keys: where they are, not what is in them.
final class KeyFiles {
    private final Path home;
    private final Findings findings;

    KeyFiles(Path home, Findings findings) {
        this.home = home;
        this.findings = findings;
    }

    /// The files of a list, the octets that vici sends in its place, and the sections beside it.
    ///
    /// @param sections the sections' prefix; empty: there are none
    List<KeySource> list(Tree tree, Fields fields, String key, String sections, String directory) {
        List<KeySource> all = new ArrayList<>();
        for (Octets blob : tree.blobs(key)) {
            all.add(new KeySource.Inline(blob, tree.at().origin()));
        }
        for (Setting item : fields.list(key)) {
            file(item, directory).ifPresent(all::add);
        }
        for (Tree section : tree.sections().values()) {
            if (!sections.isEmpty() && section.name().startsWith(sections)) {
                certificate(section).ifPresent(all::add);
            } else if (!section.name().startsWith("cert") && !section.name().startsWith("cacert")) {
                findings.error(
                        section.at(), "unknown section '" + Values.shown(section.name()) + "'");
            }
        }
        return all;
    }

    private Optional<KeySource> certificate(Tree section) {
        return source(new Fields(section, Place.CERTIFICATE, findings).checked(), "file or handle");
    }

    /// `file`, or `handle` with `slot` and `module`.
    private Optional<KeySource> source(Fields fields, String wanted) {
        Optional<Setting> file = fields.said("file");
        Optional<Setting> handle = fields.said("handle");
        if (file.isPresent() && handle.isPresent()) {
            findings.error(handle.get().keyAt(), "handle beside file is refused: say one of them");
            return Optional.empty();
        }
        if (file.isPresent()) {
            for (String key : List.of("slot", "module")) {
                fields.said(key)
                        .ifPresent(s ->
                                findings.error(
                                        s.keyAt(),
                                        key + " beside file is refused: it belongs to handle"));
            }
            return file(file.get(), "");
        }
        if (handle.isEmpty()) {
            findings.error(fields.at(), "there is no " + wanted + " in it");
            return Optional.empty();
        }
        return token(fields, findings).map(KeySource.class::cast);
    }

    /// An object on a token, by a section that has its handle; empty if something in it is wrong,
    /// and told.
    static Optional<KeySource.Token> token(Fields fields, Findings findings) {
        Setting handle = fields.setting("handle");
        boolean good = true;
        if (!handle.value().matches("([0-9a-fA-F]{2})+")) {
            findings.error(
                    handle.at(), "handle: this is not hexadecimal, two digits an octet: e.g. 0a01");
            good = false;
        }
        Optional<Setting> slot = fields.said("slot").filter(s -> !s.value().isEmpty());
        if (slot.isPresent() && !slot.get().value().matches("[0-9]{1,18}")) {
            findings.error(slot.get().at(), "slot: this is no decimal number");
            good = false;
        }
        return good
                ? Optional.of(
                        new KeySource.Token(
                                handle.value(),
                                fields.text("slot"),
                                fields.text("module"),
                                handle.at().origin()))
                : Optional.empty();
    }

    /// Relative names are in `directory` of the home.
    Optional<KeySource> file(Setting s, String directory) {
        try {
            Path path = home.resolve(directory).resolve(s.value());
            return Optional.of(new KeySource.File(path.toString(), s.at().origin()));
        } catch (InvalidPathException _) {
            findings.error(s.at(), s.key() + ": '" + Values.shown(s.value()) + "' is no file name");
            return Optional.empty();
        }
    }

    Optional<AuthoritySpec> authority(Tree tree) {
        Fields fields = new Fields(tree, Place.AUTHORITY, findings).checked();
        Optional<Setting> cacert = fields.said("cacert");
        List<Octets> blobs = tree.blobs("cacert");
        Position at = tree.at();
        Optional<KeySource> source =
                !blobs.isEmpty()
                        ? Optional.of(new KeySource.Inline(blobs.getFirst(), at.origin()))
                        : cacert.isPresent()
                                ? file(cacert.get(), "x509ca")
                                : source(fields, "cacert, file or handle");
        return source.map(s ->
                new AuthoritySpec(
                        tree.name(),
                        s,
                        fields.words("crl_uris"),
                        fields.words("ocsp_uris"),
                        fields.text("cert_uri_base"),
                        at.origin()));
    }
}

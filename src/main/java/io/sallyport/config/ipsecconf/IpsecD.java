package io.sallyport.config.ipsecconf;

import io.sallyport.config.lower.Directories;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.KeySource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The directory `ipsec.d` beside an ipsec.conf: every file in `cacerts` is an authority that is
/// trusted, and those in `crls` and `ocspcerts` are loaded, too. It is looked into only where a
/// connection authenticates by certificates.
public final class IpsecD {
    private final Path folder;

    /// @param text the file beside which it is, not one that it includes
    public IpsecD(SourceText text) {
        this.folder = Path.of(text.name()).toAbsolutePath().resolveSibling("ipsec.d");
    }

    /// The file that a setting or a secret names: absolute, or in a directory of ours.
    ///
    /// @throws InvalidPathException if it is no file name
    KeySource.File file(Position at, String directory, String name) {
        return new KeySource.File(folder.resolve(directory).resolve(name).toString(), at.origin());
    }

    /// What is loaded beside authorities.
    public List<CertificateSpec> certificates(IpsecConfReader.Contents said, Findings findings) {
        return isAskedFor(said) ? directories(findings).certificates() : List.of();
    }

    /// Those of `ca` sections, and the others that have a file.
    public List<AuthoritySpec> authorities(IpsecConfReader.Contents said, Findings findings) {
        List<AuthoritySpec> all = new ArrayList<>(said.authorities());
        if (!isAskedFor(said)) {
            return all;
        }
        Set<String> named = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (AuthoritySpec one : said.authorities()) {
            names.add(one.name());
            if (one.certificate() instanceof KeySource.File file) {
                named.add(file.path());
            }
        }
        for (KeySource.File file : directories(findings).files("cacerts")) {
            if (!named.contains(file.path())) {
                all.add(
                        new AuthoritySpec(
                                name(file.path(), names),
                                file,
                                List.of(),
                                List.of(),
                                "",
                                file.origin()));
            }
        }
        return all;
    }

    /// A word that no other authority has, of the file's name.
    private static String name(String path, Set<String> taken) {
        String stem =
                path.substring(path.lastIndexOf('/') + 1)
                        .replaceFirst("\\.[A-Za-z0-9]+$", "")
                        .replaceAll("[^A-Za-z0-9_-]", "_");
        String name = stem;
        for (int n = 2; !taken.add(name); n++) {
            name = stem + "-" + n;
        }
        return name;
    }

    private static boolean isAskedFor(IpsecConfReader.Contents said) {
        return !said.authorities().isEmpty()
                || said.conns().stream()
                        .flatMap(c -> Stream.of(c.spec().local(), c.spec().remote()))
                        .flatMap(end -> end.rounds().stream())
                        .anyMatch(AuthSpec.Pubkey.class::isInstance);
    }

    private Directories directories(Findings findings) {
        return Directories.ofIpsec(folder, findings);
    }
}

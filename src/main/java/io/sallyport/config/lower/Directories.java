package io.sallyport.config.lower;

import io.sallyport.base.Secret;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PrivateKeySpec;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The directories with certificates and keys beside a configuration. Here they are only named.
public final class Directories {
    /// Beside swanctl.conf: what `swanctl --load-creds` reads.
    private static final Map<String, CertificateSpec.Kind> CERTIFICATES =
            new TreeMap<>(
                    Map.of(
                            "x509", CertificateSpec.Kind.X509,
                            "x509ca", CertificateSpec.Kind.X509_CA,
                            "x509aa", CertificateSpec.Kind.X509_AA,
                            "x509ocsp", CertificateSpec.Kind.X509_OCSP,
                            "x509crl", CertificateSpec.Kind.X509_CRL,
                            "x509ac", CertificateSpec.Kind.X509_AC,
                            "pubkey", CertificateSpec.Kind.PUBKEY));

    private static final Map<String, PrivateKeySpec.Kind> KEYS =
            new TreeMap<>(
                    Map.of(
                            "private", PrivateKeySpec.Kind.ANY,
                            "rsa", PrivateKeySpec.Kind.RSA,
                            "ecdsa", PrivateKeySpec.Kind.ECDSA,
                            "pkcs8", PrivateKeySpec.Kind.PKCS8,
                            "pkcs12", PrivateKeySpec.Kind.PKCS12));

    /// In `ipsec.d` beside ipsec.conf, as strongSwan's starter reads them. Its keys and the
    /// certificates of ends are named by ipsec.secrets and `leftcert`, and its authorities are more
    /// than certificates.
    private static final Map<String, CertificateSpec.Kind> IPSEC_D =
            new TreeMap<>(
                    Map.of(
                            "aacerts", CertificateSpec.Kind.X509_AA,
                            "ocspcerts", CertificateSpec.Kind.X509_OCSP,
                            "crls", CertificateSpec.Kind.X509_CRL,
                            "acerts", CertificateSpec.Kind.X509_AC));

    private final Path home;
    private final Map<String, CertificateSpec.Kind> certificates;
    private final Map<String, PrivateKeySpec.Kind> keys;
    private final Findings findings;

    private Directories(
            Path home,
            Map<String, CertificateSpec.Kind> certificates,
            Map<String, PrivateKeySpec.Kind> keys,
            Findings findings) {
        this.home = home;
        this.certificates = certificates;
        this.keys = keys;
        this.findings = findings;
    }

    /// @param home where swanctl.conf is
    public static Directories ofSwanctl(Path home, Findings findings) {
        return new Directories(home, CERTIFICATES, KEYS, findings);
    }

    /// The directory beside swanctl.conf for things of this kind.
    public static String nameOf(CertificateSpec.Kind kind) {
        return CERTIFICATES.entrySet().stream()
                .filter(e -> e.getValue() == kind)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /// @param home the directory ipsec.d
    public static Directories ofIpsec(Path home, Findings findings) {
        return new Directories(home, IPSEC_D, Map.of(), findings);
    }

    public List<CertificateSpec> certificates() {
        List<CertificateSpec> all = new ArrayList<>();
        certificates.forEach(
                (name, kind) -> files(name).forEach(f -> all.add(new CertificateSpec(kind, f))));
        return all;
    }

    /// Keys of `said`, which have passphrases, and the files beside them.
    public List<PrivateKeySpec> keys(List<PrivateKeySpec> said) {
        List<PrivateKeySpec> all = new ArrayList<>(said);
        Set<String> named = new HashSet<>();
        for (PrivateKeySpec key : said) {
            if (key.source() instanceof KeySource.File f) {
                named.add(f.path());
            }
        }
        keys.forEach((name, kind) ->
                files(name).stream()
                        .filter(f -> !named.contains(f.path()))
                        .forEach(f -> all.add(new PrivateKeySpec(kind, f, Secret.EMPTY))));
        return all;
    }

    /// The files of a directory by name; none where there is no such directory.
    public List<KeySource.File> files(String name) {
        Path directory = home.resolve(name);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path file : stream) {
                if (Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".")) {
                    found.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            findings.warning(
                    Position.whole(directory.toString()), "cannot be read: " + e.getMessage());
        }
        found.sort(null);
        return found.stream()
                .map(f -> new KeySource.File(f.toString(), new Origin(f.toString(), 0)))
                .toList();
    }
}

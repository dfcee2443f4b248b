package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.CertificateRequest;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.Credential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.jce.JceEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a verb reads: the files that options name, `--in` or else the standard input.
record Given(Said said) {
    static final String PASSPHRASE = "--passphrase-file";

    static CryptoEngine crypto() {
        return EngineChooser.choose(new JceEngine());
    }

    static Sheet passphrase(Sheet sheet) {
        return sheet.option(
                PASSPHRASE,
                "FILE",
                "The first line of FILE opens a private key that is encrypted.");
    }

    // ---- octets

    /// What is told of: a file's name.
    String name(String option) {
        String file = said.value(option);
        return file == null || isStandardInput(option, file) ? "the standard input" : file;
    }

    private static boolean isStandardInput(String option, String file) {
        return option.equals("--in") && file.equals("-");
    }

    Octets octets(String option) throws Trouble {
        String file = said.value(option);
        return file == null || isStandardInput(option, file) ? piped() : file(file);
    }

    private Octets piped() throws Trouble {
        try {
            return read(said.console().in());
        } catch (IOException e) {
            throw new Trouble(
                    Exit.NO_INPUT,
                    "cannot read the standard input: " + e.getMessage(),
                    "name a file by --in");
        }
    }

    private static Octets file(String name) throws Trouble {
        Path file = Said.absolute(name);
        String why = Said.unreadable(file);
        if (why.isEmpty()) {
            try (InputStream in = Files.newInputStream(file)) {
                return read(in);
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        throw new Trouble(
                Exit.NO_INPUT, "cannot read " + name + ": " + why, "name a file that is there");
    }

    private static Octets read(InputStream in) throws IOException {
        return Octets.owned(in.readNBytes(CredentialFile.MOST_OCTETS + 1));
    }

    /// The first line of the file that `--passphrase-file` names.
    Secret passphrase() throws Trouble {
        String name = said.value(PASSPHRASE);
        if (name == null) {
            return Secret.EMPTY;
        }
        byte[] all = file(name).toArray();
        int end = 0;
        while (end < all.length && all[end] != '\n' && all[end] != '\r') {
            end++;
        }
        Secret first = Secret.owned(Arrays.copyOf(all, end));
        Arrays.fill(all, (byte) 0);
        if (first.length() == 0) {
            throw new Trouble(
                    Exit.NO_INPUT, name + " has no first line", "write the passphrase into it");
        }
        return first;
    }

    // ---- what they are

    /// All of a file.
    private List<Credential> all(String name, Octets octets) throws Trouble {
        try (Secret passphrase = passphrase()) {
            return CredentialFile.read(octets, passphrase);
        } catch (BadCredential e) {
            throw unfit(
                    name,
                    e.why(),
                    e.why().contains("encrypted")
                            ? "give its passphrase by " + PASSPHRASE + " FILE"
                            : "what is known: keys, certificates, requests and lists in PEM or DER,"
                                    + " PKCS#12");
        }
    }

    static Trouble unfit(String name, String why, String next) {
        return new Trouble(Exit.NO_INPUT, "cannot use " + name + ": " + why, next);
    }

    /// The first thing of `--in`, which is what `--type` says, if that says anything.
    Credential in() throws Trouble {
        Optional<Kind> kind = Kind.said(said);
        String name = name("--in");
        List<Credential> all = all(name, octets("--in"));
        if (kind.isEmpty()) {
            return all.getFirst();
        }
        for (Credential one : all) {
            if (kind.get().is(one)) {
                return one;
            }
        }
        throw unfit(
                name,
                "it is " + all.getFirst() + ", and --type says " + kind.get(),
                "leave --type away: files are told apart by what is in them");
    }

    KeyPair key(String option) throws Trouble {
        String name = name(option);
        for (Credential one : option.equals("--in") ? List.of(in()) : all(name, octets(option))) {
            if (one instanceof Credential.KeyPair(KeyPair pair)) {
                return pair;
            }
        }
        throw unfit(
                name, "there is no private key in it", "make one: sallyport pki gen --out key.pem");
    }

    /// A certificate that an option must name.
    X509Certificate certificate(String option) throws Trouble {
        return certificateOf(wanted(option));
    }

    X509Certificate certificateOf(String file) throws Trouble {
        return certificates(file).getFirst();
    }

    /// All certificates of a file, which has at least one.
    List<X509Certificate> certificates(String file) throws Trouble {
        return certificates(file, file(file));
    }

    private List<X509Certificate> certificates(String name, Octets octets) throws Trouble {
        List<X509Certificate> found = new ArrayList<>();
        for (Credential one : all(name, octets)) {
            if (one instanceof Credential.Certificate(X509Certificate x509)) {
                found.add(x509);
            }
        }
        if (found.isEmpty()) {
            throw unfit(
                    name, "there is no certificate in it", "see what it is: sallyport pki print");
        }
        return found;
    }

    /// The certificates of `--in`.
    List<X509Certificate> certificatesIn() throws Trouble {
        return certificates(name("--in"), octets("--in"));
    }

    X509CRL list(String file) throws Trouble {
        for (Credential one : all(file, file(file))) {
            if (one instanceof Credential.RevocationList(X509CRL crl)) {
                return crl;
            }
        }
        throw unfit(
                file, "there is no revocation list in it", "see what it is: sallyport pki print");
    }

    String text(String file) throws Trouble {
        return file(file).text();
    }

    private String wanted(String option) throws Trouble {
        String file = said.value(option);
        if (file == null) {
            throw Said.wrong(said.result().commandSpec().name() + " wants " + option + " FILE");
        }
        return file;
    }

    /// A private key that an option must name.
    KeyPair wantedKey(String option) throws Trouble {
        wanted(option);
        return key(option);
    }

    /// The public key of whatever it is.
    PublicKey publicKey(Credential one) throws Trouble {
        return switch (one) {
            case Credential.Certificate(X509Certificate x509) -> x509.getPublicKey();
            case Credential.PublicKey(PublicKey key) -> key;
            case Credential.KeyPair(KeyPair pair) -> pair.getPublic();
            case Credential.Request(Octets der) -> request(der).key();
            case Credential.RevocationList _ ->
                    throw unfit(name("--in"), "a revocation list has no key", "name another file");
        };
    }

    /// A request of `--in`, whose signature is good.
    CertificateRequest request(Octets der) throws Trouble {
        try {
            return CertificateRequest.parse(crypto(), der);
        } catch (BadCredential e) {
            throw unfit(name("--in"), e.why(), "have its maker make it again");
        }
    }
}

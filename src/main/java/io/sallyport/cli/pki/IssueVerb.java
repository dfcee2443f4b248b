package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.CertificateOrder;
import io.sallyport.creds.issue.CertificateRequest;
import io.sallyport.creds.pem.Credential;
import io.sallyport.creds.pem.Pem;
import io.sallyport.creds.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki issue`: a certificate that an authority signs.
final class IssueVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "issue",
                                "Make a certificate that an authority signs",
                                "For a public key, a private key or a request (PKCS#10). Of a request the",
                                "subject is taken if --dn says none, and the names that it asks for beside",
                                "those of --san: look at it before, by `sallyport pki print`.")
                        .option(
                                "-i --in",
                                "FILE",
                                "The key or request. Otherwise the standard input.")
                        .option(
                                "-t --type",
                                "TYPE",
                                "pub, pkcs10, priv, rsa, ecdsa, ed25519 or ed448.");
        Signing.authority(sheet);
        Contents.options(sheet)
                .options("-u --crl", "URI", "Where its revocation list is. More than once.");
        Signing.how(sheet);
        Given.passphrase(sheet);
        return Made.options(sheet)
                .examples(
                        List.of(
                                "sallyport pki issue --cacert ca.pem --cakey ca.key.pem --in moon.pub.pem \\",
                                "  --dn 'O=Me, CN=moon' --san moon.example.org --out moon.pem",
                                "sallyport pki issue --cacert ca.pem --cakey ca.key.pem --in moon.csr \\",
                                "  --flag serverAuth --crl http://ca.example/ca.crl --out moon.pem"),
                        Exit.NO,
                        Exit.NO_INPUT,
                        Exit.CANNOT_CREATE);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Signing.check(said);
        Given given = new Given(said);
        Contents contents = new Contents(said);
        Signing authority = Signing.authority(given);
        String file = given.name("--cacert");
        mayIssue(authority, said, file);
        Credential in = given.in();
        List<Octets> requested = List.of();
        Octets subject = contents.subject().orElse(Contents.nameless());
        if (in instanceof Credential.Request(Octets der)) {
            CertificateRequest request = given.request(der);
            requested = request.names();
            subject = contents.subject().orElse(request.subject());
        }
        if (subject.equals(Contents.nameless())
                && requested.isEmpty()
                && contents.alternatives().isEmpty()) {
            throw Said.wrong("issue wants --dn NAME or --san NAME");
        }
        CertificateOrder order =
                contents.order(subject, given.publicKey(in), requested)
                        .lists(said.values("--crl"), List.of());
        X509Certificate made =
                Signing.signed(() -> order.issuedBy(authority.certificate(), authority.seal()));
        X509Certificate ca = authority.certificate();
        if (made.getNotAfter().after(ca.getNotAfter())) {
            console.err()
                    .println(
                            "warning: it ends at "
                                    + made.getNotAfter().toInstant()
                                    + ", its authority before, at "
                                    + ca.getNotAfter().toInstant());
        }
        return new Made(said).write(new Pem(SelfVerb.LABEL, Certificates.der(made)), false);
    }

    private static void mayIssue(Signing authority, Said said, String file) throws Trouble {
        X509Certificate ca = authority.certificate();
        if (!Certificates.isAuthority(ca)) {
            throw Given.unfit(
                    file,
                    "it is no authority's (basicConstraints)",
                    "an authority's certificate is made by `sallyport pki self --ca`");
        }
        authority.mayDo(Signing.KEY_CERT_SIGN, "to sign certificates", file);
        // RFC 5280, 4.2.1.9: "the maximum number of non-self-issued intermediate certificates that
        // may follow this certificate in a valid certification path"
        int below = ca.getBasicConstraints();
        if (!said.has("--ca")) {
            return;
        }
        if (below == 0) {
            throw Given.unfit(
                    file, "its path length allows no authority below it", "leave --ca away");
        }
        if (below != Integer.MAX_VALUE && said.number("--pathlen", 0, below) >= below) {
            throw Said.wrong("--pathlen must be less than " + below + ", that of " + file);
        }
    }
}

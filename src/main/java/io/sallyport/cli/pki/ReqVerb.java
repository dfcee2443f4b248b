package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.CertificateRequest;
import io.sallyport.creds.issue.Seal;
import io.sallyport.creds.pem.Pem;
import java.security.KeyPair;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki req`: a request for a certificate.
final class ReqVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "req",
                                "Make a request for a certificate (PKCS#10)",
                                "The private key stays here; the request goes to the authority.")
                        .option("-i --in", "FILE", "The private key. Otherwise the standard input.")
                        .option("-t --type", "TYPE", "priv, rsa, ecdsa, ed25519 or ed448.");
        Contents.names(sheet);
        Signing.how(sheet);
        Given.passphrase(sheet);
        return Made.options(sheet)
                .examples(
                        List.of(
                                "sallyport pki req --in moon.key.pem --dn 'O=Me, CN=moon' \\",
                                "  --san moon.example.org --outform pem > moon.csr"),
                        Exit.NO,
                        Exit.NO_INPUT,
                        Exit.CANNOT_CREATE);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Signing.check(said);
        Contents contents = new Contents(said);
        Octets subject =
                contents.subject()
                        .orElseThrow(() -> Said.wrong("req wants --dn NAME, e.g. 'O=Me, CN=moon'"));
        KeyPair pair = new Given(said).key("--in");
        Seal seal = Signing.seal(said, pair);
        CertificateRequest request =
                new CertificateRequest(subject, pair.getPublic(), contents.alternatives());
        Octets made = Signing.signed(() -> request.signedBy(seal));
        return new Made(said).write(new Pem("CERTIFICATE REQUEST", made), false);
    }
}

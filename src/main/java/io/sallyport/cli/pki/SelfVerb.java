package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.cli.console.Console;
import io.sallyport.cli.verb.CliVerb;
import io.sallyport.cli.verb.Said;
import io.sallyport.cli.verb.Sheet;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.issue.CertificateOrder;
import io.sallyport.creds.issue.Seal;
import io.sallyport.creds.pem.Pem;
import io.sallyport.creds.x509.Certificates;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `pki self`: a certificate signed by its own key.
final class SelfVerb implements CliVerb {
    static final String LABEL = "CERTIFICATE";

    @Override
    public CommandSpec spec() {
        Sheet sheet =
                Sheet.of(
                                "self",
                                "Make a certificate that its own key signs",
                                "With --ca: the root of an authority.")
                        .option("-i --in", "FILE", "The private key. Otherwise the standard input.")
                        .option("-t --type", "TYPE", "priv, rsa, ecdsa, ed25519 or ed448.");
        Contents.options(sheet);
        Signing.how(sheet);
        Given.passphrase(sheet);
        return Made.options(sheet)
                .examples(
                        List.of(
                                "sallyport pki self --ca --in ca.key.pem --dn 'O=Me, CN=CA' --out ca.pem",
                                "sallyport pki self --in key.pem --dn CN=moon --san moon.example.org > moon.der"),
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
                        .orElseThrow(() -> Said.wrong("self wants --dn NAME, e.g. 'O=Me, CN=CA'"));
        KeyPair pair = new Given(said).key("--in");
        CertificateOrder order = contents.order(subject, pair.getPublic(), List.of());
        Seal seal = Signing.seal(said, pair);
        X509Certificate made = Signing.signed(() -> order.selfSigned(seal));
        return new Made(said).write(new Pem(LABEL, Certificates.der(made)), false);
    }
}
